import-title = Importer des membres
import-choose = Choisir un fichier
import-lead = Un fichier CSV en UTF-8, avec des virgules et ces titres de colonnes. Seul le nom est nécessaire. Vous verrez d’abord ce qui changerait.
import-file = Fichier CSV
import-look = Voir ce qui changerait
import-seen = Voici ce qui changerait
import-added = { $count ->
    [one] { $count } ajout
   *[other] { $count } ajouts
  }
import-updated = { $count ->
    [one] { $count } modifié
   *[other] { $count } modifiés
  }
import-unchanged = { $count ->
    [one] { $count } inchangé
   *[other] { $count } inchangés
  }
import-same = Rien ne changerait.
import-go = Importer exactement ceci
import-new = ajout
import-granted = Accords sur papier
import-invited = Invitations à choisir
import-badges = Badges
import-bad = Ligne { $line }, colonne
import-nothing = Rien n’a été importé. Corrigez le fichier et envoyez-le de nouveau.
import-done = L’importation est faite.
import-none = Choisissez d’abord un fichier.
import-large = Ce fichier est trop grand : au plus { $mib } Mio. Partagez-le en plusieurs.
import-encoding = Ce fichier n’est pas en UTF-8 : ses accents seraient perdus. Dans Excel, choisissez Enregistrer sous, puis le type « CSV UTF-8 ». Dans LibreOffice, choisissez Enregistrer sous, cochez « Éditer les paramètres du filtre », puis le jeu de caractères « Unicode (UTF-8) ».
import-commas = Les colonnes de ce fichier ne sont pas séparées par des virgules. Enregistrez-le avec la virgule comme séparateur.
import-gone = Ce fichier n’est plus là. Choisissez-le de nouveau.
import-changed = Quelqu’un a changé un membre depuis. Rien n’a été importé : voici ce qui changerait maintenant.
