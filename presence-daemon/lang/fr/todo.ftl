todo-here = Ici maintenant
todo-today = Passages aujourd’hui
todo-needs = Demandes ouvertes
todo-unanswered = sans réponse : { $count }
todo-nothing = Rien à faire pour l’instant.
