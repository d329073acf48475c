nav-passes = Passes
passes-search = Search a name or a number
passes-all = All accounts
passes-overused = More visits than passes: { $count }
passes-count = { $count ->
    [one] 1 account
   *[other] { $count } accounts
  }
passes-name = Name
passes-number = Number
passes-balance = Balance
passes-plan = Plan
passes-ends = Ending
passes-by-pass = by pass
passes-by-subscription = by subscription
passes-sell = Sell passes
passes-how-many = How many
passes-until = Good until (optional)
passes-sell-go = Note the sale
passes-correct = Correct the balance
passes-to-add = To add, such as 2 or -1
passes-reason = Why
passes-correct-go = Correct
passes-plan-is = How this person comes
passes-plan-go = Save
passes-entries = { $count ->
    [0] No entries
    [one] 1 entry
   *[other] { $count } entries
  }
passes-day = Day
passes-what = What
passes-moved = Passes
passes-then = Balance then
passes-why = Detail
passes-sort-bought = bought
passes-sort-drawn = visit
passes-sort-earned = service to the space
passes-sort-corrected = correction
passes-sort-expired = expired
passes-bought = The sale is noted.
passes-corrected = The balance is corrected.
passes-planned = The plan is noted.
passes-bad-sale = A sale has 1 to 1000 passes, and a last day that is not over.
passes-bad-correction = A correction adds or takes 1 to 1000 passes, and says why.
