nav-account = My account
account-password = Password
account-password-lead = At least { $least } characters; four or five words do very well. Your other sessions will end.
account-password-old = Current password
account-password-new = New password
account-password-go = Change the password
account-password-done = The password is changed.
account-password-wrong = This is not the account’s password. Nothing was changed.
account-password-proof = Password, to confirm
account-step = Sign-in in two steps
account-step-lead = After the password, a code from your phone. Whoever guesses or steals the password doesn’t get in.
account-step-on = on
account-step-go = Prepare the second step
account-step-off = Go back to the password alone
account-step-off-done = The password is enough again.
account-step-is-on = The second step is on already.
account-step-scan = With a code app on your phone, scan this picture.
account-step-picture = Picture to scan with the phone
account-step-typed = Or type this key into it, as “time based”.
account-step-once = It is shown only now, and counts only after a first code.
account-step-code = Code the phone shows
account-step-confirm = Turn on
account-recovery = Recovery codes
account-recovery-lead = The second step is ready. Keep these codes away from the phone, on paper for instance. Each opens once, and they won’t be shown again.
account-recovery-kept = Noted
account-recovery-left = { $count ->
    [0] No recovery code left.
    [one] 1 recovery code left.
   *[other] { $count } recovery codes left.
  }
account-recovery-go = Make ten new recovery codes
account-sessions = Open sessions
account-sessions-lead = A session ends after 30 minutes unused, and after 12 hours in any case.
account-session-began = { $minutes ->
    [0] Opened just now
    [one] Opened 1 minute ago
   *[other] Opened { $minutes } minutes ago
  }
account-session-used = { $minutes ->
    [0] used just now
    [one] used 1 minute ago
   *[other] used { $minutes } minutes ago
  }
account-session-this = this one
account-session-end = End
account-session-ended = The session is ended.
account-others-end = End all others
account-others-ended = The other sessions are ended.
