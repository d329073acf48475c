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
mail-line-reader-down = { $count ->
    [one] { $count } lecteur en panne
   *[other] { $count } lecteurs en panne
  }
mail-line-unknown-badge = { $count ->
    [one] { $count } carte inconnue
   *[other] { $count } cartes inconnues
  }
mail-line-barred-badge = { $count ->
    [one] { $count } badge perdu, retiré ou en pause, présenté à un lecteur
   *[other] { $count } badges perdus, retirés ou en pause, présentés à un lecteur
  }
mail-line-text-reported = { $count ->
    [one] { $count } texte signalé
   *[other] { $count } textes signalés
  }
mail-line-note-reported = { $count ->
    [one] { $count } mot signalé
   *[other] { $count } mots signalés
  }
mail-line-approval = { $count ->
    [one] { $count } texte attend votre accord
   *[other] { $count } textes attendent votre accord
  }
mail-line-referral = { $count ->
    [one] { $count } message de quelqu’un qui connaît quelqu’un
   *[other] { $count } messages de gens qui connaissent quelqu’un
  }
mail-line-answer = { $count ->
    [one] { $count } réponse à une demande sans nom
   *[other] { $count } réponses à des demandes sans nom
  }
mail-line-answer-to-space = { $count ->
    [one] { $count } réponse à une demande de l’espace
   *[other] { $count } réponses à des demandes de l’espace
  }
mail-line-unanswered = { $count ->
    [one] { $count } demande sans réponse depuis trois jours
   *[other] { $count } demandes sans réponse depuis trois jours
  }
mail-line-declared = { $count ->
    [one] { $count } membre sans badge
   *[other] { $count } membres sans badge
  }
mail-line-said-member = { $count ->
    [one] { $count } invité·e serait membre
   *[other] { $count } invité·es seraient membres
  }
mail-line-overuse = { $count ->
    [one] { $count } membre n’a plus de passages
   *[other] { $count } membres n’ont plus de passages
  }
mail-line-introduction-ended = { $count ->
    [one] { $count } présentation sans suite
   *[other] { $count } présentations sans suite
  }
mail-line-given-up = { $count ->
    [one] { $count } courriel n’a pas pu être envoyé
   *[other] { $count } courriels n’ont pas pu être envoyés
  }
