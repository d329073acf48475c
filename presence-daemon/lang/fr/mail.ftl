# Letters, and the page about them. They name nobody before both agreed, and hold no words of a need.
nav-mail = Courriel
mail-page-problem = Le dernier envoi n’a pas réussi
mail-page-waiting = En attente
mail-page-given-up = Abandonnés
mail-page-given-up-about = depuis sept jours
mail-page-on = Les membres qui l’ont demandé sur « Ma fiche » reçoivent un courriel; ce qui attend la coordination est envoyé une fois par jour.
mail-page-off = Aucun courriel n’est envoyé. Pour commencer, remplissez [mail] dans la configuration.
mail-page-webhook = Ce qui attend est aussi annoncé à un programme, une fois par jour.
mail-hello = Bonjour,
mail-offer-subject = Quelqu’un peut vous aider
mail-offer = Quelqu’un a dit « Je peux aider » pour une de vos demandes. Approchez votre badge de l’écran du café : « Voir » vous dit qui.
mail-question-subject = Une présentation attend votre réponse
mail-question = Une présentation vous est proposée. Approchez votre badge de l’écran du café pour voir avec qui, et répondre oui ou non. Sans réponse, elle s’efface au bout de cinq jours.
mail-introduced-subject = Une présentation est faite
mail-introduced = Vous avez dit oui, et l’autre personne aussi. L’écran du café vous dit avec qui.
mail-introduced-with = Vous avez dit oui, et { $name } aussi. La prochaine fois que vous êtes là en même temps, allez vous parler.
mail-expires-subject = Une demande expire bientôt
mail-expires = Une de vos demandes expire le { $day }. Si elle est toujours d’actualité, dites-le avec votre badge à l’écran du café.
mail-digest-subject = Ce qui attend, le { $day }
mail-digest = Voici ce qui attend la coordination :
mail-why = Vous recevez ce courriel parce que vous l’avez demandé. Pour ne plus en recevoir : « Ma fiche », avec votre badge à l’écran du café.
mail-why-coordination = Ce courriel part une fois par jour, s’il y a quelque chose à faire.
mail-line-unanswered = { $count ->
    [one] 1 demande sans réponse depuis trois jours
   *[other] { $count } demandes sans réponse depuis trois jours
  }
mail-line-reported = { $count ->
    [one] 1 texte signalé
   *[other] { $count } textes signalés
  }
mail-line-approve = { $count ->
    [one] 1 demande attend votre accord
   *[other] { $count } demandes attendent votre accord
  }
mail-line-cards = { $count ->
    [one] 1 carte inconnue
   *[other] { $count } cartes inconnues
  }
mail-line-passes = { $count ->
    [one] 1 membre n’a plus de passages
   *[other] { $count } membres n’ont plus de passages
  }
mail-line-readers = { $count ->
    [one] 1 lecteur en panne
   *[other] { $count } lecteurs en panne
  }
mail-line-given-up = { $count ->
    [one] 1 courriel n’a pas pu être envoyé
   *[other] { $count } courriels n’ont pas pu être envoyés
  }
