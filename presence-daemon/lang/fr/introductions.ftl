introductions-none = Aucune présentation pour l’instant.
state-proposed = proposée
state-introduced = faite
state-ended = sans suite
state-closed = retirée
led-met = une rencontre
led-project = un projet
led-nothing = rien pour l’instant
