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
    [one] { $count } membre
   *[other] { $count } membres
  }
members-add = Ajouter un membre
members-import = Importer un fichier
members-export = Exporter les membres
members-export-visits = Exporter les visites
members-search-go = Chercher
members-show = Montrer
members-show-members = tous les membres
members-show-here = ici maintenant
members-show-hidden = hors des écrans
members-show-suspended = en pause
members-show-no-badge = sans badge
members-show-departed = ont quitté l’espace
members-no-badge = sans badge
members-departed = a quitté l’espace
