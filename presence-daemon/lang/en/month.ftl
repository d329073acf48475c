nav-month = Month’s end
month-csv = Download (CSV)
month-visits = Visits
month-people = { $members ->
    [one] { $members } member
   *[other] { $members } members
  }, { $guests ->
    [one] { $guests } visit without a badge
   *[other] { $guests } visits without a badge
  }, on { $days ->
    [one] { $days } day
   *[other] { $days } days
  }
month-hours = { $hours } h recorded
month-assumed = { $visits ->
    [one] { $visits } departure assumed
   *[other] { $visits } departures assumed
  }: about { $hours } h more
month-needs = Needs that were met
month-posted = { $count } posted this month
month-introductions = Introductions
month-led = { $met ->
    [one] { $met } meeting
   *[other] { $met } meetings
  }, { $project ->
    [one] { $project } project
   *[other] { $project } projects
  }
month-barter = Services to the space
month-earned = for { $passes ->
    [one] { $passes } pass
   *[other] { $passes } passes
  }
month-passes = Passes
month-balance = balance at the end
month-all = In all
