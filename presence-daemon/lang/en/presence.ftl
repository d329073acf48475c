# Who is here, live.
nav-presence = Presence
presence-title = Live presence
presence-muster = Evacuation list
presence-export = Export
presence-admin = Manage
presence-all = All sites
presence-waiting = The site has not been heard of yet. Reload the page in a moment.
presence-silent = This page hears nothing any more. It is trying again.
presence-stale = No news since { $since }
presence-no-names = No news for more than 15 minutes. The names come back with it.
presence-here = Here now
presence-passed = { $count ->
    [0] nobody from earlier
    [one] and { $count } person from earlier
   *[other] and { $count } people from earlier
 }
presence-today = Came today
presence-left = { $count ->
    [0] nobody left
    [one] { $count } left
   *[other] { $count } left
 }
presence-needs = Open needs
presence-of-space = of the space itself: { $count }
presence-introduced = Introductions, this month
presence-led = { $count ->
    [0] none has led to a project yet
    [one] { $count } led to a project
   *[other] { $count } led to a project
 }
presence-who = Who is here
presence-nobody = Nobody is shown here right now.
presence-member = Member
presence-trade = Trade
presence-since = Since
presence-state = State
presence-state-here = here
presence-state-open = open to questions
presence-state-quiet = do not disturb
presence-state-passed = came by today
presence-hidden = { $count ->
    [one] { $count } person without a name
   *[other] { $count } people without a name
 }
presence-guests = { $count ->
    [one] { $count } guest
   *[other] { $count } guests
 }
presence-curve = Occupancy, today
presence-curve-label = Today’s occupancy, hour by hour. Dark: the hour that runs. Pale: what is usual later. The numbers are below.
presence-estimated-why = Estimated in part: not everybody taps on leaving.
presence-estimated = estimated in part
presence-week = Typical week (90 days)
presence-week-label = Typical week, hour by hour: the darker, the more people. The numbers are below.
presence-months = Month by month
presence-months-label = The fullest hour of an ordinary day, month by month. The numbers are below.
presence-months-why = The fullest hour of an ordinary day of the month. Fewer than 5 people are not shown.
presence-numbers = In numbers
presence-hour = Hour
presence-people = People
presence-usual = Usually
presence-day = Day
presence-month = Month
presence-note = Note
presence-day-mon = Mon
presence-day-tue = Tue
presence-day-wed = Wed
presence-day-thu = Thu
presence-day-fri = Fri
presence-day-sat = Sat
presence-day-sun = Sun
presence-month-1 = Jan
presence-month-2 = Feb
presence-month-3 = Mar
presence-month-4 = Apr
presence-month-5 = May
presence-month-6 = Jun
presence-month-7 = Jul
presence-month-8 = Aug
presence-month-9 = Sep
presence-month-10 = Oct
presence-month-11 = Nov
presence-month-12 = Dec
presence-open-needs = Open needs
presence-no-needs = No needs on the board.
presence-need-space = the space
presence-need-unnamed = without a name
presence-need-days = { $count ->
    [0] today
    [one] { $count } day ago
   *[other] { $count } days ago
 }
presence-readers = Readers
presence-no-readers = No readers.
presence-reader-ready = reads badges
presence-reader-starting = starting
presence-reader-absent = unplugged
presence-reader-failed = not working
presence-introduce = To introduce
presence-somebody = Somebody
presence-looks-for = looks for
presence-colon = :
presence-and = and
presence-could-help = { $count ->
    [one] could help
   *[other] could help
 }
presence-introduce-go = Introduce
presence-site = Site
presence-sites = Sites
presence-sites-live = live: { $count }
presence-no-sites = No site has been heard of yet.
presence-live = live
presence-down = { $count ->
    [one] { $count } reader down
   *[other] { $count } readers down
 }
presence-readers-down = Readers down
presence-link-connecting = MQTT: connecting
presence-link = MQTT connected
presence-link-took = MQTT connected · { $ms } ms
presence-link-lost = MQTT lost since { $since }
