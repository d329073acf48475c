nav-moderation = Modération
moderation-nothing = Rien n’a été signalé, et rien n’attend votre accord.
moderation-need = Demande
moderation-event = Événement
moderation-shown = visible
moderation-hidden = masqué
moderation-waits = attend votre accord
moderation-reports = { $count ->
    [one] { $count } signalement
   *[other] { $count } signalements
  }
moderation-no-words = Son calendrier ne l’a plus.
moderation-hide = Masquer
moderation-restore = Rétablir
moderation-leave = Laisser visible
moderation-approve = Approuver
moderation-pause = Suspendre les publications
moderation-resume = Permettre de nouveau
moderation-settle = C’est vu
moderation-note-reported = Un mot signalé
moderation-note-for-us = « Je connais quelqu’un »
moderation-about = À propos de « { $text } »
moderation-paused = Publications suspendues
moderation-did-hide = C’est masqué, sur tous les écrans.
moderation-did-restore = C’est visible de nouveau.
moderation-did-approve = C’est au tableau.
moderation-did-pause = Ses publications sont suspendues.
moderation-did-resume = Les publications sont permises de nouveau.
moderation-did-settle = C’est noté, et le mot est effacé.
moderation-gone = Ce n’est plus là : la personne l’a retiré, ou quelqu’un s’en est occupé.
moderation-before = Avant d’afficher
moderation-before-on = Ce que les membres écrivent attend votre accord avant d’être affiché.
moderation-before-off = Ce que les membres écrivent s’affiche aussitôt; deux signalements le masquent.
moderation-show-at-once = Afficher aussitôt
moderation-approve-first = Tout voir avant d’afficher
moderation-did-approve-first = À partir de maintenant, ce que les membres écrivent attend votre accord.
moderation-did-show-at-once = À partir de maintenant, ce que les membres écrivent s’affiche aussitôt. Ce qui attendait attend encore.
