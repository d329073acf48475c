farewell-title = Pause and departure
farewell-suspend = Suspend
farewell-suspended = Suspended: their badges look like unknown cards.
farewell-resume = Make active again
farewell-resumed = Active again.
farewell-depart = Guided departure
farewell-what = What ends
farewell-badges = { $count ->
    [one] 1 badge out of use
   *[other] { $count } badges out of use
  }
farewell-needs = { $count ->
    [one] 1 need closed
   *[other] { $count } needs closed
  }
farewell-introductions = { $count ->
    [one] 1 introduction ended
   *[other] { $count } introductions ended
  }
farewell-events = { $count ->
    [one] 1 answer to an event taken back
   *[other] { $count } answers to events taken back
  }
farewell-balance = Passes set to zero; balance now:
farewell-screens = Nothing is shown any more, on any screen.
farewell-here = The visit of today ends.
farewell-reason = Why the balance is set to zero
farewell-reason-missing = Say why the balance is set to zero.
farewell-then = Then
farewell-keep = keep the record, as somebody who has left
farewell-then-erase = erase everything (one last question follows)
farewell-sure = Yes, this person leaves the space
farewell-sure-missing = Tick the box to confirm.
farewell-go = End it
farewell-departed = The departure is done.
farewell-erase = Erase everything
farewell-erase-lead = The record, the photo, the badges, the needs, the notes and the name in the history are erased for good. Only numbers stay.
farewell-erase-backups = An older backup keeps this data until it is replaced.
farewell-type = Write the whole name to confirm
farewell-typed-wrong = This is not the name in the record. Nothing is erased.
farewell-erase-go = Erase for good
farewell-erased = Everything is erased.
