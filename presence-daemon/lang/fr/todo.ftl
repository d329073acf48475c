todo-here = Ici maintenant
todo-today = Passages aujourd’hui
todo-needs = Demandes ouvertes
todo-unanswered = sans réponse : { $count }
todo-introduced = Présentations, ce mois
todo-projects = { $count ->
    [one] { $count } a mené à un projet
   *[other] { $count } ont mené à un projet
  }
todo-nothing = Rien à faire pour l’instant.
todo-count = { $count ->
    [0] Tout est fait
    [one] { $count } chose à voir
   *[other] { $count } choses à voir
  }
todo-more = et { $count } de plus
todo-introduce = À présenter
todo-looks-for = { $who } cherche « { $text } ».
todo-propose = Présenter { $who }
todo-is-here = ici
todo-all-candidates = Voir tout le monde qui pourrait aider
todo-settle = C’est vu
todo-settled = C’est noté.
todo-since-time = depuis { $time }
todo-since-day = depuis le { $day }
todo-is-reader-down = Le lecteur { $reader } ne lit plus les badges.
todo-is-unknown-badge = Une carte inconnue attend son nom : { $code }.
todo-is-barred-badge = { $state ->
    [unproven] Une carte se présente comme le badge de { $who }, sans la preuve que ce badge donne : sans doute une copie. Elle a été refusée.
    [uid_only] Badge de { $who } refusé : il ne dit que son numéro, et seuls les badges qui ne se copient pas comptent.
    [not_asked] Badge de { $who } refusé à un lecteur qui ne lit que des numéros. À un lecteur PC/SC, il peut prouver qu’il n’est pas une copie.
    [lost] Badge perdu, présenté à un lecteur : { $who }.
    [retired] Badge retiré, présenté à un lecteur : { $who }.
   *[suspended] Badge en pause, présenté à un lecteur : { $who }.
  }
todo-is-text-reported = Signalé : « { $words } ».
todo-is-text-gone = Un texte signalé n’est plus dans son calendrier.
todo-is-note-reported = Un mot signalé, écrit par { $who }.
todo-is-approval = Attend votre accord : « { $words } ».
todo-is-referral = { $who } connaît quelqu’un, et vous l’écrit.
todo-is-answer = { $who } peut aider pour « { $words } », une demande sans nom : la réponse passe par vous.
todo-is-answer-to-space = { $who } peut aider l’espace : « { $words } ».
todo-is-unanswered = Sans réponse : « { $words } ».
todo-is-declared = Sans badge : { $who }. { $by } confirme sa présence.
todo-is-said-member = { $who } serait membre, selon { $by }, mais aucun nom ne correspond.
todo-is-overuse = { $who } : { $passes ->
    [one] { $passes } passage de plus que prévu.
   *[other] { $passes } passages de plus que prévu.
  }
todo-is-introduction-ended = Présentation sans suite : { $who } et { $other }.
todo-go-reader-down = Voir le lecteur
todo-go-unknown-badge = À qui est-elle?
todo-go-barred-badge = Voir les badges
todo-go-text-reported = Regarder
todo-go-note-reported = Regarder
todo-go-approval = Regarder
todo-go-referral = Lire
todo-go-answer = Présenter
todo-go-answer-to-space = Ouvrir la demande
todo-go-unanswered = Qui pourrait aider?
todo-go-declared = Voir les membres
todo-go-said-member = Voir les membres
todo-go-overuse = Voir le compte
todo-go-introduction-ended = Voir les présentations
