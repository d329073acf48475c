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
post-passes = Day passes in return, if any
post-for = For a member (name or number); empty, for the space
post-audience = Who may read it, if it is for a member
post-bad-for = This member is not known or has three needs already, or the text is longer than { $longest } characters, or names more than { $skills } skills. Passes are for the space only.
need-edit = Edit the need
need-who-reads = Who may read it
need-edit-go = Save
need-edited = The need is edited.
needs-closed = Closed needs
needs-closed-lead = The words of a need are erased when it ends.
needs-ended = Ended
needs-of = Whose
needs-how = How
needs-by = By whom
needs-posted = Posted
needs-end-met = met
needs-end-withdrawn = taken down
needs-end-closed = taken down by the coordination
needs-end-expired = expired
