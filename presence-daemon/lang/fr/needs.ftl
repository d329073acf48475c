needs-title = Demandes
needs-none = Personne ne cherche quelque chose en ce moment.
need-space = L’espace
need-named = au tableau, avec le prénom
need-unnamed = au tableau, sans nom
need-coordination = à la coordination seulement
need-since = depuis le { $day }
need-offers = { $count ->
    [one] { $count } personne a dit « Je peux aider »
   *[other] { $count } personnes ont dit « Je peux aider »
  }
need-close = Retirer la demande
need-closed = La demande est retirée.
need-gone = Cette demande n’est plus ouverte.
need-candidates = Qui pourrait aider
need-candidates-none = Personne, d’après ce que les membres disent d’eux-mêmes.
candidate-here = ici
post-title = Ce que l’espace cherche
post-text = En une phrase
post-skills = Compétences utiles, séparées par des virgules
post-go = Mettre au tableau
post-done = La demande est au tableau.
post-bad = Une demande a 1 à { $longest } caractères et nomme au plus { $skills } compétences.
need-hidden = masquée, à regarder
need-waits = attend votre accord
need-passes = { $count ->
    [one] contre { $count } passage
   *[other] contre { $count } passages
  }
need-fulfil = A répondu à la demande
need-met = C’est noté : la demande a trouvé réponse.
candidate-usually = vient souvent
candidate-member = membre
candidate-network = votre réseau
mark-offered = a dit « Je peux aider »
mark-introduced = présentation déjà faite
mark-proposed = présentation déjà proposée
mark-declined = a décliné
mark-apart = à ne pas présenter
mark-quiet = rien cette semaine
mark-disturb = ne pas déranger
mark-hidden = hors des écrans
propose-asker = Qui rencontrerait cette personne
propose-go = Présenter
propose-done = C’est proposé. La question sera posée à l’écran, à leur prochain passage.
propose-not = Ce n’est pas possible, ou c’est déjà proposé. Voyez les présentations.
post-passes = Passages offerts en échange, s’il y en a
post-for = Pour un membre (nom ou numéro); vide, pour l’espace
post-audience = Qui peut lire, si c’est pour un membre
post-bad-for = Ce membre n’est pas connu ou a déjà trois demandes, ou le texte dépasse { $longest } caractères, ou nomme plus de { $skills } compétences. Les passages sont pour l’espace seulement.
need-edit = Modifier la demande
need-who-reads = Qui peut lire
need-edit-go = Enregistrer
need-edited = La demande est modifiée.
needs-closed = Demandes terminées
needs-closed-lead = Le texte d’une demande est effacé quand elle se termine.
needs-ended = Terminée
needs-of = De qui
needs-how = Comment
needs-by = Par qui
needs-posted = Affichée
needs-end-met = a trouvé réponse
needs-end-withdrawn = retirée
needs-end-closed = retirée par la coordination
needs-end-expired = expirée
