todo-here = Here now
todo-today = Visits today
todo-needs = Open needs
todo-unanswered = unanswered: { $count }
todo-nothing = Nothing to do for now.
