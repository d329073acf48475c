# Qui est ici, en direct.
nav-presence = Présence
presence-title = Présence en direct
presence-muster = Liste d’évacuation
presence-export = Exporter
presence-admin = Gérer
presence-all = Tous les sites
presence-waiting = Le site ne s’est pas encore annoncé. Rechargez la page dans un instant.
presence-silent = La page ne reçoit plus rien. Elle réessaie.
presence-stale = Pas de nouvelles depuis { $since }
presence-no-names = Pas de nouvelles depuis plus de 15 minutes. Les noms reviendront avec elles.
presence-here = Ici maintenant
presence-passed = { $count ->
    [0] et personne plus tôt
    [one] et { $count } personne passée plus tôt
   *[other] et { $count } personnes passées plus tôt
 }
presence-today = Passages aujourd’hui
presence-left = { $count ->
    [0] aucun départ
    [one] { $count } départ
   *[other] { $count } départs
 }
presence-needs = Demandes ouvertes
presence-of-space = dont de l’espace : { $count }
presence-introduced = Présentations, ce mois
presence-led = { $count ->
    [0] aucune n’a encore mené à un projet
    [one] { $count } a mené à un projet
   *[other] { $count } ont mené à un projet
 }
presence-who = Qui est ici
presence-nobody = Personne ne se montre ici pour l’instant.
presence-member = Membre
presence-trade = Métier
presence-since = Depuis
presence-state = État
presence-state-here = ici
presence-state-open = ouvert·e aux questions
presence-state-quiet = ne pas déranger
presence-state-passed = passé·e aujourd’hui
presence-hidden = { $count ->
    [one] { $count } personne sans nom
   *[other] { $count } personnes sans nom
 }
presence-guests = { $count ->
    [one] { $count } invité·e
   *[other] { $count } invité·es
 }
presence-curve = Occupation, aujourd’hui
presence-curve-label = Occupation d’aujourd’hui, heure par heure. En foncé, l’heure qui court. En pâle, ce qui est habituel plus tard. Les nombres sont dessous.
presence-estimated-why = Estimé en partie : tout le monde ne badge pas en partant.
presence-estimated = estimé en partie
presence-week = Semaine type (90 jours)
presence-week-label = Semaine type, heure par heure : plus c’est foncé, plus il y a de monde. Les nombres sont dessous.
presence-months = Mois par mois
presence-months-label = Heure la plus pleine d’un jour ordinaire, mois par mois. Les nombres sont dessous.
presence-months-why = L’heure la plus pleine d’un jour ordinaire du mois. Moins de 5 personnes ne se montre pas.
presence-numbers = En chiffres
presence-hour = Heure
presence-people = Personnes
presence-usual = D’habitude
presence-day = Jour
presence-month = Mois
presence-note = Note
presence-day-mon = lun
presence-day-tue = mar
presence-day-wed = mer
presence-day-thu = jeu
presence-day-fri = ven
presence-day-sat = sam
presence-day-sun = dim
presence-month-1 = janv
presence-month-2 = févr
presence-month-3 = mars
presence-month-4 = avr
presence-month-5 = mai
presence-month-6 = juin
presence-month-7 = juil
presence-month-8 = août
presence-month-9 = sept
presence-month-10 = oct
presence-month-11 = nov
presence-month-12 = déc
presence-open-needs = Demandes ouvertes
presence-no-needs = Aucune demande au tableau.
presence-need-space = l’espace
presence-need-unnamed = sans nom
presence-need-days = { $count ->
    [0] aujourd’hui
    [one] il y a { $count } jour
   *[other] il y a { $count } jours
 }
presence-readers = Lecteurs
presence-no-readers = Aucun lecteur.
presence-reader-ready = lit les badges
presence-reader-starting = démarre
presence-reader-absent = débranché
presence-reader-failed = en panne
presence-introduce = À présenter
presence-somebody = Quelqu’un
presence-looks-for = cherche
presence-colon = { " " }:
presence-and = et
presence-could-help = { $count ->
    [one] pourrait aider
   *[other] pourraient aider
 }
presence-introduce-go = Présenter
presence-site = Site
presence-sites = Sites
presence-sites-live = en direct : { $count }
presence-no-sites = Aucun site ne s’est encore annoncé.
presence-live = en direct
presence-down = { $count ->
    [one] { $count } lecteur en panne
   *[other] { $count } lecteurs en panne
 }
presence-readers-down = Lecteurs en panne
presence-link-connecting = MQTT : connexion
presence-link = MQTT connecté
presence-link-took = MQTT connecté · { $ms } ms
presence-link-lost = MQTT coupé depuis { $since }
