nav-account = Mon compte
account-password = Mot de passe
account-password-lead = Au moins { $least } caractères; quatre ou cinq mots font très bien l’affaire. Vos autres sessions seront fermées.
account-password-old = Mot de passe actuel
account-password-new = Nouveau mot de passe
account-password-go = Changer le mot de passe
account-password-done = Le mot de passe est changé.
account-password-wrong = Ce n’est pas le mot de passe de ce compte. Rien n’est changé.
account-password-proof = Mot de passe, pour confirmer
account-step = Connexion en deux étapes
account-step-lead = Après le mot de passe, un code de votre téléphone. Qui devine ou vole le mot de passe n’entre pas.
account-step-on = active
account-step-go = Préparer la deuxième étape
account-step-off = Revenir au mot de passe seul
account-step-off-done = Le mot de passe suffit de nouveau.
account-step-is-on = La deuxième étape est déjà active.
account-step-scan = Avec une application de codes sur votre téléphone, lisez cette image.
account-step-picture = Image à lire avec le téléphone
account-step-typed = Ou tapez-y cette clé, de type « selon l’heure ».
account-step-once = Elle n’est montrée que maintenant, et ne compte qu’après un premier code.
account-step-code = Code que montre le téléphone
account-step-confirm = Activer
account-recovery = Codes de secours
account-recovery-lead = La deuxième étape est prête. Gardez ces codes loin du téléphone, sur papier par exemple. Chacun ouvre une fois, et ils ne seront plus montrés.
account-recovery-kept = C’est noté
account-recovery-left = { $count ->
    [0] Plus de code de secours.
    [one] Il reste { $count } code de secours.
   *[other] Il reste { $count } codes de secours.
  }
account-recovery-go = Faire dix nouveaux codes de secours
account-sessions = Sessions ouvertes
account-sessions-lead = Une session finit après 30 minutes sans usage, et après 12 heures dans tous les cas.
account-session-began = { $minutes ->
    [0] Ouverte à l’instant
    [one] Ouverte il y a { $minutes } minute
   *[other] Ouverte il y a { $minutes } minutes
  }
account-session-used = { $minutes ->
    [0] utilisée à l’instant
    [one] utilisée il y a { $minutes } minute
   *[other] utilisée il y a { $minutes } minutes
  }
account-session-this = celle-ci
account-session-end = Fermer
account-session-ended = La session est fermée.
account-others-end = Fermer toutes les autres
account-others-ended = Les autres sessions sont fermées.
