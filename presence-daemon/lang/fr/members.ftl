members-title = Membres
members-number = Numéro
members-name = Nom
members-trade = Métier
members-state = État
members-hidden = hors des écrans
members-suspended = en pause
members-here = ici
members-search = Chercher un nom
members-count = { $count ->
    [one] 1 membre
   *[other] { $count } membres
  }
