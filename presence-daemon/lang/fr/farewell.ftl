farewell-title = Pause et départ
farewell-suspend = Mettre en pause
farewell-suspended = C’est en pause : ses badges ressemblent à des cartes inconnues.
farewell-resume = Réactiver
farewell-resumed = C’est de nouveau actif.
farewell-depart = Départ guidé
farewell-what = Ce qui se termine
farewell-badges = { $count ->
    [one] { $count } badge mis hors service
   *[other] { $count } badges mis hors service
  }
farewell-needs = { $count ->
    [one] { $count } demande retirée
   *[other] { $count } demandes retirées
  }
farewell-introductions = { $count ->
    [one] { $count } présentation arrêtée
   *[other] { $count } présentations arrêtées
  }
farewell-events = { $count ->
    [one] { $count } réponse à un événement retirée
   *[other] { $count } réponses à des événements retirées
  }
farewell-balance = Passages remis à zéro; solde actuel :
farewell-screens = Plus rien n’est montré, sur aucun écran.
farewell-here = La visite en cours se termine.
farewell-reason = Pourquoi le solde est remis à zéro
farewell-reason-missing = Dites pourquoi le solde est remis à zéro.
farewell-then = Ensuite
farewell-keep = garder la fiche, comme personne qui a quitté l’espace
farewell-then-erase = tout effacer (une dernière question suit)
farewell-sure = Oui, cette personne quitte l’espace
farewell-sure-missing = Cochez la case pour confirmer.
farewell-go = Terminer
farewell-departed = Le départ est fait.
farewell-erase = Tout effacer
farewell-erase-lead = La fiche, la photo, les badges, les demandes, les mots et le nom dans l’historique sont effacés pour toujours. Seuls les nombres restent.
farewell-erase-backups = Une copie de sauvegarde plus ancienne garde ces données jusqu’à ce qu’elle soit remplacée.
farewell-type = Écrivez le nom au complet pour confirmer
farewell-typed-wrong = Ce n’est pas le nom de la fiche. Rien n’est effacé.
farewell-erase-go = Effacer pour toujours
farewell-erased = Tout est effacé.
