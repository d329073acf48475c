# Letters, and the page about them. They name nobody before both agreed, and hold no words of a need.
nav-mail = E-mail
mail-page-problem = The last try failed
mail-page-waiting = Waiting
mail-page-given-up = Given up
mail-page-given-up-about = in the last seven days
mail-page-on = Members who asked for it on “My page” are written to; what waits for the coordination is sent once a day.
mail-page-off = No e-mail is sent. To begin, fill in [mail] in the config.
mail-page-webhook = What waits is told to a program too, once a day.
mail-hello = Hello,
mail-offer-subject = Somebody can help you
mail-offer = Somebody said “I can help” with a need of yours. Hold your badge to the coffee screen: “See” tells you who.
mail-question-subject = An introduction waits for your answer
mail-question = An introduction is proposed to you. Hold your badge to the coffee screen to see with whom, and say yes or no. Without an answer it goes away after five days.
mail-introduced-subject = An introduction is made
mail-introduced = You said yes, and the other person too. The coffee screen tells you who it is.
mail-introduced-with = You said yes, and { $name } too. The next time you are here together, go and talk.
mail-expires-subject = A need expires soon
mail-expires = One of your needs expires on { $day }. If it still stands, say so with your badge at the coffee screen.
mail-digest-subject = What waits, { $day }
mail-digest = This waits for the coordination:
mail-why = You get this because you asked for it. To get no more: “My page”, with your badge at the coffee screen.
mail-why-coordination = This is sent once a day, if there is something to do.
mail-line-reader-down = { $count ->
    [one] 1 reader is down
   *[other] { $count } readers are down
  }
mail-line-unknown-badge = { $count ->
    [one] 1 unknown card
   *[other] { $count } unknown cards
  }
mail-line-barred-badge = { $count ->
    [one] 1 lost, retired or paused badge held to a reader
   *[other] { $count } lost, retired or paused badges held to a reader
  }
mail-line-text-reported = { $count ->
    [one] 1 reported text
   *[other] { $count } reported texts
  }
mail-line-note-reported = { $count ->
    [one] 1 reported note
   *[other] { $count } reported notes
  }
mail-line-approval = { $count ->
    [one] 1 text waits for your approval
   *[other] { $count } texts wait for your approval
  }
mail-line-referral = { $count ->
    [one] 1 word from somebody who knows somebody
   *[other] { $count } words from people who know somebody
  }
mail-line-answer = { $count ->
    [one] 1 answer to a need without a name
   *[other] { $count } answers to needs without a name
  }
mail-line-answer-to-space = { $count ->
    [one] 1 answer to a need of the space
   *[other] { $count } answers to needs of the space
  }
mail-line-unanswered = { $count ->
    [one] 1 need without an answer for three days
   *[other] { $count } needs without an answer for three days
  }
mail-line-declared = { $count ->
    [one] 1 member without a badge
   *[other] { $count } members without a badge
  }
mail-line-said-member = { $count ->
    [one] 1 guest is said to be a member
   *[other] { $count } guests are said to be members
  }
mail-line-overuse = { $count ->
    [one] 1 member has no passes left
   *[other] { $count } members have no passes left
  }
mail-line-introduction-ended = { $count ->
    [one] 1 introduction came to nothing
   *[other] { $count } introductions came to nothing
  }
mail-line-given-up = { $count ->
    [one] 1 e-mail could not be sent
   *[other] { $count } e-mails could not be sent
  }
