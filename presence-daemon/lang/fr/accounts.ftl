nav-accounts = Comptes
accounts-name = Compte
accounts-role = Ce qu’il permet
accounts-role-manager = Tout voir et tout changer
accounts-role-viewer = Regarder la présence et les chiffres
accounts-sign-in = Connexion
accounts-actions = Gestes
accounts-you = vous
accounts-two-steps = en deux étapes
accounts-one-step = mot de passe
accounts-sessions = { $count ->
    [0] pas de session ouverte
    [one] { $count } session ouverte
   *[other] { $count } sessions ouvertes
  }
accounts-end-sessions = Fermer les sessions
accounts-remove = Retirer
accounts-new = Nouveau compte
accounts-new-lead = Faites un lien et envoyez-le à la personne : elle choisira elle-même son nom et son mot de passe.
accounts-make-link = Faire un lien
accounts-link-title = Le lien est prêt
accounts-link-lead = Il ne sert qu’une fois, pendant 30 minutes, et n’est montré qu’ici. Ce qu’il permet :
accounts-link = Lien à envoyer
accounts-removed = Le compte est retiré, ses sessions sont fermées.
accounts-sessions-ended = Les sessions sont fermées.
accounts-last = C’est le dernier compte qui peut tout changer. Faites-en un autre avant de retirer celui-ci.
accounts-gone = Ce compte n’existe plus.
accounts-broker = Comptes MQTT
accounts-broker-lead = Pour un tableau de bord ou une domotique : chacun lit ce que permet son choix, et n’écrit rien.
accounts-broker-new = Nom du compte MQTT (a-z, 0-9 et -)
accounts-broker-go = Faire le compte
accounts-broker-ready = Le compte MQTT est prêt
accounts-broker-once = Le mot de passe n’est montré que maintenant : copiez-le dans le programme qui s’en sert.
accounts-broker-removed = Le compte MQTT est retiré.
accounts-broker-name = Ce nom ne va pas : prenez des lettres a-z, des chiffres ou des tirets, et un nom qui n’existe pas encore.
accounts-rights-managers = Présence avec noms et photos
accounts-rights-integration = Nombres et lecteurs
accounts-rights-open = Seulement ce que tout le monde peut savoir
