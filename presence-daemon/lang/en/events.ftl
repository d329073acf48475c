nav-events = Events
events-coming = Coming
events-none = Nothing announced for now.
events-firm = firm
events-tentative = to be confirmed
events-firm-at = firm with { $least } people
events-hidden = hidden
events-going = { $count ->
    [0] nobody has said “I’m in” yet
    [one] 1 person goes
   *[other] { $count } people go
  }
events-by = proposed by { $who }
events-change = Edit
events-change-go = Save
events-title = Title
events-place = Place
events-starts = Begins
events-confirm = Make it firm
events-cancel = Cancel the event
events-new = Announce an event of the space
events-is-firm = It takes place, however many come
events-new-go = Announce
events-calendars = Calendars
events-forget = Remove the calendar { $name }
events-feed = Subscribe to the agenda
events-feed-lead = This address gives the agenda to another calendar, without a name of anybody. Whoever knows it can read it.
events-address = Address
events-address-go = Change the address
events-over = Past
events-put = It is announced.
events-changed = It is changed.
events-cancelled = It is cancelled.
events-confirmed = It is firm.
events-new-address = The old address gives nothing any more. Here is the new one.
events-forgotten = The calendar is removed.
events-bad = An event has a title of 1 to 60 characters and begins in the next 400 days. What comes from a calendar is changed there.
events-no-calendar = No calendar is read. The example of the configuration shows how to add one.
events-not-read = not read yet
events-unreadable = It can’t be read now:
events-left-out = Left out:
events-read = read on { $day } at { $time }
events-known = { $count ->
    [one] 1 event
   *[other] { $count } events
  }
