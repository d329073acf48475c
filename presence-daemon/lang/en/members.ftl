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
members-add = Add a member
members-import = Import a file
members-export = Export the members
members-export-visits = Export the visits
members-search-go = Search
members-show = Show
members-show-members = all members
members-show-here = here now
members-show-hidden = not shown on screens
members-show-suspended = suspended
members-show-no-badge = without a badge
members-show-departed = have left
members-no-badge = no badge
members-departed = has left
