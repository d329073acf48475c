nav-events = Événements
events-coming = À venir
events-none = Rien d’annoncé pour l’instant.
events-firm = confirmé
events-tentative = à confirmer
events-firm-at = confirmé dès { $least } personnes
events-hidden = masqué
events-going = { $count ->
    [0] personne n’a encore dit « J’en suis »
    [one] { $count } personne y va
   *[other] { $count } personnes y vont
  }
events-by = proposé par { $who }
events-change = Modifier
events-change-go = Enregistrer
events-title = Titre
events-place = Lieu
events-starts = Début
events-confirm = Confirmer
events-cancel = Annuler l’événement
events-new = Annoncer un événement de l’espace
events-is-firm = Il a lieu, quel que soit le nombre de personnes
events-new-go = Annoncer
events-calendars = Calendriers
events-forget = Retirer le calendrier { $name }
events-feed = S’abonner à l’agenda
events-feed-lead = Cette adresse donne l’agenda à un autre calendrier, sans aucun nom. Qui la connaît peut le lire.
events-address = Adresse
events-address-go = Changer d’adresse
events-over = Passés
events-put = C’est annoncé.
events-changed = C’est modifié.
events-cancelled = C’est annulé.
events-confirmed = C’est confirmé.
events-new-address = L’ancienne adresse ne donne plus rien. Voici la nouvelle.
events-forgotten = Le calendrier est retiré.
events-bad = Un événement a un titre de 1 à 60 caractères et un début à venir, d’ici 400 jours. Ce qui vient d’un calendrier se change dans ce calendrier.
events-no-calendar = Aucun calendrier n’est lu. L’exemple de configuration montre comment en ajouter un.
events-not-read = pas encore lu
events-unreadable = Illisible pour l’instant :
events-left-out = Laissé de côté :
events-read = lu le { $day } à { $time }
events-known = { $count ->
    [one] { $count } événement
   *[other] { $count } événements
  }
