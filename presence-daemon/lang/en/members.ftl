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
