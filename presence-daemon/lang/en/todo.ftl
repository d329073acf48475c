todo-here = Here now
todo-today = Visits today
todo-needs = Open needs
todo-unanswered = without answer: { $count }
todo-introduced = Introductions, this month
todo-projects = { $count ->
    [one] 1 led to a project
   *[other] { $count } led to a project
  }
todo-nothing = Nothing to do for now.
todo-count = { $count ->
    [0] All is done
    [one] 1 thing to look at
   *[other] { $count } things to look at
  }
todo-more = and { $count } more
todo-introduce = To introduce
todo-looks-for = { $who } is looking for “{ $text }”.
todo-propose = Introduce { $who }
todo-is-here = here
todo-all-candidates = See everybody who could help
todo-settle = Seen
todo-settled = Noted.
todo-since-time = since { $time }
todo-since-day = since { $day }
todo-is-reader-down = The reader { $reader } no longer reads badges.
todo-is-unknown-badge = An unknown card waits for its name: { $code }.
todo-is-barred-badge = { $state ->
    [unproven] A card said to be the badge of { $who } without the proof that this badge gives: most likely a copy. It was refused.
    [uid_only] A badge of { $who } was refused: it says only its number, and only badges that can’t be copied count.
    [not_asked] A badge of { $who } was refused at a reader that only reads numbers. At a PC/SC reader it can prove that it is no copy.
    [lost] A lost badge of { $who } was held to a reader.
    [retired] A retired badge of { $who } was held to a reader.
   *[suspended] The badge of { $who }, who is on pause, was held to a reader.
  }
todo-is-text-reported = Reported: “{ $words }”.
todo-is-text-gone = A reported text is no longer in its calendar.
todo-is-note-reported = A note by { $who } was reported.
todo-is-approval = Waits for your approval: “{ $words }”.
todo-is-referral = { $who } knows somebody, and writes to you about it.
todo-is-answer = { $who } can help with “{ $words }”, a need without a name: the answer goes through you.
todo-is-answer-to-space = { $who } can help the space: “{ $words }”.
todo-is-unanswered = Without answer: “{ $words }”.
todo-is-declared = { $who } is here without a badge, on the word of { $by }.
todo-is-said-member = { $who } is said to be a member by { $by }, but no name fits.
todo-is-overuse = Account of { $who }: { $passes ->
    [one] 1 visit more than planned.
   *[other] { $passes } visits more than planned.
  }
todo-is-introduction-ended = The introduction of { $who } and { $other } came to nothing.
todo-go-reader-down = See the reader
todo-go-unknown-badge = Whose is it?
todo-go-barred-badge = See the badges
todo-go-text-reported = Look at it
todo-go-note-reported = Look at it
todo-go-approval = Look at it
todo-go-referral = Read
todo-go-answer = Introduce
todo-go-answer-to-space = Open the need
todo-go-unanswered = Who could help?
todo-go-declared = See the members
todo-go-said-member = See the members
todo-go-overuse = See the account
todo-go-introduction-ended = See the introductions
