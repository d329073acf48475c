# Les pages de la coordination.
product = voisins
skip = Aller au contenu
nav-todo = À faire
nav-needs = Demandes
nav-members = Membres
nav-leave = Se déconnecter
login-title = Connexion
login-name = Nom du compte
login-password = Mot de passe
login-go = Se connecter
login-wrong = Ce nom et ce mot de passe ne vont pas ensemble.
login-wait = Trop d’essais. Réessayez dans { $seconds } s.
setup-title = Premier accès
setup-lead = Choisissez le nom du compte et un mot de passe d’au moins { $least } caractères. Le lien ne sert qu’une fois.
setup-go = Créer le compte
setup-none = Ce lien a déjà servi ou n’est plus valable. Sur la machine, « presence-daemon web link » en donne un nouveau.
setup-weak = Le mot de passe a besoin d’au moins { $least } caractères, et d’au plus { $most }.
setup-name = Le nom du compte a 1 à 40 caractères.
todo-here = Ici maintenant
todo-today = Passages aujourd’hui
todo-needs = Demandes ouvertes
todo-unanswered = sans réponse : { $count }
todo-nothing = Rien à faire pour l’instant.
needs-title = Demandes
needs-none = Personne ne cherche quelque chose en ce moment.
need-space = L’espace
need-named = au tableau, avec le prénom
need-unnamed = au tableau, sans nom
need-coordination = à la coordination seulement
need-since = depuis le { $day }
need-offers = { $count ->
    [one] 1 personne a dit « Je peux aider »
   *[other] { $count } personnes ont dit « Je peux aider »
  }
need-close = Retirer la demande
need-closed = La demande est retirée.
need-gone = Cette demande n’est plus ouverte.
need-candidates = Qui pourrait aider
need-candidates-none = Personne, d’après ce que les membres disent d’eux-mêmes.
candidate-here = ici
post-title = Ce que l’espace cherche
post-text = En une phrase
post-skills = Compétences utiles, séparées par des virgules
post-go = Mettre au tableau
post-done = La demande est au tableau.
post-bad = Une demande a 1 à { $longest } caractères et nomme au plus { $skills } compétences.
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
page-of = page { $page } de { $pages }
page-previous = Précédent
page-next = Suivant
language-other = English
error-title = Cela n’a pas marché
error-gone = Le programme s’arrête. Réessayez dans un instant.
error-replayed = Cette page a été ouverte avant la dernière connexion. Revenez en arrière, rechargez-la et recommencez.
error-missing = Il n’y a rien à cette adresse.
back = Retour
nav-introductions = Présentations
error-busy = Beaucoup de mots de passe sont essayés en ce moment. Réessayez dans un instant.
need-hidden = masquée, à regarder
need-waits = attend votre accord
need-passes = { $count ->
    [one] contre 1 passage
   *[other] contre { $count } passages
  }
need-fulfil = A répondu à la demande
need-met = C’est noté : la demande a trouvé réponse.
candidate-usually = vient souvent
candidate-member = membre
candidate-network = votre réseau
mark-offered = a dit « Je peux aider »
mark-introduced = présentation déjà faite
mark-proposed = présentation déjà proposée
mark-declined = a décliné
mark-apart = à ne pas présenter
mark-quiet = rien cette semaine
mark-disturb = ne pas déranger
mark-hidden = hors des écrans
propose-asker = Qui rencontrerait cette personne
propose-go = Présenter
propose-done = C’est proposé. La question sera posée à l’écran, à leur prochain passage.
propose-not = Ce n’est pas possible, ou c’est déjà proposé. Voyez les présentations.
introductions-none = Aucune présentation pour l’instant.
state-proposed = proposée
state-introduced = faite
state-ended = sans suite
state-closed = retirée
led-met = une rencontre
led-project = un projet
led-nothing = rien pour l’instant
post-passes = Passages offerts en échange, s’il y en a
