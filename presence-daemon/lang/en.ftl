# The manager's pages.
product = voisins
skip = Skip to content
nav-todo = To do
nav-needs = Needs
nav-members = Members
nav-leave = Sign out
login-title = Sign in
login-name = Account name
login-password = Password
login-go = Sign in
login-wrong = This name and password don’t go together.
login-wait = Too many attempts. Try again in { $seconds } s.
setup-title = First access
setup-lead = Choose the account’s name and a password of at least { $least } characters. The link works once.
setup-go = Create the account
setup-none = This link was used already or is no longer valid. On the machine, “presence-daemon web link” gives a new one.
setup-weak = The password needs at least { $least } characters, and at most { $most }.
setup-name = The account’s name has 1 to 40 characters.
todo-here = Here now
todo-today = Visits today
todo-needs = Open needs
todo-unanswered = unanswered: { $count }
todo-nothing = Nothing to do for now.
needs-title = Needs
needs-none = Nobody is looking for something at the moment.
need-space = The space
need-named = on the board, with the first name
need-unnamed = on the board, without a name
need-coordination = for the coordination only
need-since = since { $day }
need-offers = { $count ->
    [one] 1 person said “I can help”
   *[other] { $count } people said “I can help”
  }
need-close = Take the need down
need-closed = The need is taken down.
need-gone = This need is no longer open.
need-candidates = Who could help
need-candidates-none = Nobody, by what members say of themselves.
candidate-here = here
post-title = What the space looks for
post-text = In one sentence
post-skills = Useful skills, separated by commas
post-go = Put it on the board
post-done = The need is on the board.
post-bad = A need has 1 to { $longest } characters and names at most { $skills } skills.
members-title = Members
members-number = Number
members-name = Name
members-trade = Trade
members-state = State
members-hidden = not shown on screens
members-suspended = suspended
members-here = here
members-search = Search a name
members-count = { $count ->
    [one] 1 member
   *[other] { $count } members
  }
page-of = page { $page } of { $pages }
page-previous = Previous
page-next = Next
language-other = Français
error-title = That did not work
error-gone = The program is stopping. Try again in a moment.
error-replayed = This page was opened before the last sign-in. Go back, reload it and try again.
error-missing = There is nothing at this address.
back = Back
nav-introductions = Introductions
error-busy = Many passwords are being tried right now. Try again in a moment.
need-hidden = hidden, to be looked at
need-waits = waits for your approval
need-passes = { $count ->
    [one] for 1 day pass
   *[other] for { $count } day passes
  }
need-fulfil = Met the need
need-met = Noted: the need was met.
candidate-usually = often here
candidate-member = member
candidate-network = your network
mark-offered = said “I can help”
mark-introduced = introduced already
mark-proposed = proposed already
mark-declined = declined
mark-apart = not to be introduced
mark-quiet = nothing this week
mark-disturb = do not disturb
mark-hidden = not shown on screens
propose-asker = Who would meet this person
propose-go = Introduce
propose-done = Proposed. They will be asked on the screen when they next tap in.
propose-not = Not possible, or proposed already. See the introductions.
introductions-none = No introduction so far.
state-proposed = proposed
state-introduced = introduced
state-ended = came to nothing
state-closed = taken back
led-met = a meeting
led-project = a project
led-nothing = nothing so far
post-passes = Day passes in return, if any
