nav-moderation = Moderation
moderation-nothing = Nothing was reported, and nothing waits for your approval.
moderation-need = Need
moderation-event = Event
moderation-shown = shown
moderation-hidden = hidden
moderation-waits = waits for your approval
moderation-reports = { $count ->
    [one] 1 report
   *[other] { $count } reports
  }
moderation-no-words = Its calendar no longer has it.
moderation-hide = Hide
moderation-restore = Restore
moderation-leave = Leave it shown
moderation-approve = Approve
moderation-pause = Pause their posting
moderation-resume = Let them post again
moderation-settle = Seen
moderation-note-reported = A reported note
moderation-note-for-us = “I know somebody”
moderation-about = About “{ $text }”
moderation-paused = Posting paused
moderation-did-hide = It is hidden, on every screen.
moderation-did-restore = It is shown again.
moderation-did-approve = It is on the board.
moderation-did-pause = Their posting is paused.
moderation-did-resume = They may post again.
moderation-did-settle = Noted, and the note is erased.
moderation-gone = It is no longer there: its author took it down, or somebody has dealt with it.
moderation-before = Before it is shown
moderation-before-on = What members write waits for your approval before it is shown.
moderation-before-off = What members write is shown at once; two reports hide it.
moderation-show-at-once = Show at once
moderation-approve-first = See all of it before it is shown
moderation-did-approve-first = From now on, what members write waits for your approval.
moderation-did-show-at-once = From now on, what members write is shown at once. What waited still waits.
