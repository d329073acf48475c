nav-passes = Passages
passes-search = Chercher un nom ou un numéro
passes-all = Tous les comptes
passes-overused = Plus de visites que de passages : { $count }
passes-count = { $count ->
    [one] { $count } compte
   *[other] { $count } comptes
  }
passes-name = Nom
passes-number = Numéro
passes-balance = Solde
passes-plan = Formule
passes-ends = À échéance
passes-by-pass = au passage
passes-by-subscription = par abonnement
passes-sell = Vendre des passages
passes-how-many = Combien
passes-until = Bons jusqu’au (facultatif)
passes-sell-go = Noter la vente
passes-correct = Corriger le solde
passes-to-add = À ajouter, comme 2 ou -1
passes-reason = Pourquoi
passes-correct-go = Corriger
passes-plan-is = Comment cette personne vient
passes-plan-go = Enregistrer
passes-entries = { $count ->
    [0] Aucun mouvement
    [one] { $count } mouvement
   *[other] { $count } mouvements
  }
passes-day = Jour
passes-what = Quoi
passes-moved = Passages
passes-then = Solde après
passes-why = Détail
passes-sort-bought = achat
passes-sort-drawn = visite
passes-sort-earned = service rendu
passes-sort-corrected = correction
passes-sort-expired = échus
passes-bought = La vente est notée.
passes-corrected = Le solde est corrigé.
passes-planned = La formule est notée.
passes-bad-sale = Une vente a 1 à 1000 passages, et une échéance qui n’est pas passée.
passes-bad-correction = Une correction ajoute ou retire 1 à 1000 passages, et dit pourquoi.
