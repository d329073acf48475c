nav-accounts = Accounts
accounts-name = Account
accounts-role = What it allows
accounts-role-manager = See and change everything
accounts-role-viewer = Look at presence and numbers
accounts-sign-in = Sign-in
accounts-actions = Actions
accounts-you = you
accounts-two-steps = in two steps
accounts-one-step = password
accounts-sessions = { $count ->
    [0] no open session
    [one] 1 open session
   *[other] { $count } open sessions
  }
accounts-end-sessions = End sessions
accounts-remove = Remove
accounts-new = New account
accounts-new-lead = Make a link and send it: whoever gets it chooses their own name and password.
accounts-make-link = Make a link
accounts-link-title = The link is ready
accounts-link-lead = It works once, for 30 minutes, and is shown only here. What it allows:
accounts-link = Link to send
accounts-removed = The account is removed, its sessions are ended.
accounts-sessions-ended = The sessions are ended.
accounts-last = This is the last account that can change everything. Make another one before you remove it.
accounts-gone = This account is no more.
accounts-broker = MQTT accounts
accounts-broker-lead = For a dashboard or home automation: each reads what its choice allows, and writes nothing.
accounts-broker-new = Name of the MQTT account (a-z, 0-9 and -)
accounts-broker-go = Make the account
accounts-broker-ready = The MQTT account is ready
accounts-broker-once = The password is shown only now: copy it into the program that uses it.
accounts-broker-removed = The MQTT account is removed.
accounts-broker-name = This name won’t do: take letters a-z, digits or hyphens, and a name that isn’t there yet.
accounts-rights-managers = Presence with names and photos
accounts-rights-integration = Numbers and readers
accounts-rights-open = Only what everybody may know
