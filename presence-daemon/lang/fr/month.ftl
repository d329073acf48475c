nav-month = Fin de mois
month-csv = Télécharger (CSV)
month-visits = Visites
month-people = { $members ->
    [one] { $members } membre
   *[other] { $members } membres
  }, { $guests ->
    [one] { $guests } visite sans badge
   *[other] { $guests } visites sans badge
  }, sur { $days ->
    [one] { $days } jour
   *[other] { $days } jours
  }
month-hours = { $hours } h notées
month-assumed = { $visits ->
    [one] { $visits } départ présumé
   *[other] { $visits } départs présumés
  } : environ { $hours } h de plus
month-needs = Demandes qui ont trouvé réponse
month-posted = { $count ->
    [one] { $count } affichée ce mois
   *[other] { $count } affichées ce mois
  }
month-introductions = Présentations
month-led = { $met ->
    [one] { $met } rencontre
   *[other] { $met } rencontres
  }, { $project ->
    [one] { $project } projet
   *[other] { $project } projets
  }
month-barter = Services rendus à l’espace
month-earned = contre { $passes ->
    [one] { $passes } passage
   *[other] { $passes } passages
  }
month-passes = Passages
month-balance = solde à la fin
month-all = En tout
