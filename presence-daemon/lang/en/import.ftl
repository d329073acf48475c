import-title = Import members
import-choose = Choose a file
import-lead = A CSV file in UTF-8, with commas and these column titles. Only the name is required. You will see first what would change.
import-file = CSV file
import-look = See what would change
import-seen = This is what would change
import-added = { $count ->
    [one] 1 added
   *[other] { $count } added
  }
import-updated = { $count ->
    [one] 1 changed
   *[other] { $count } changed
  }
import-unchanged = { $count ->
    [one] 1 unchanged
   *[other] { $count } unchanged
  }
import-same = Nothing would change.
import-go = Import exactly this
import-new = new
import-granted = Agreed on paper
import-invited = Invited to choose
import-badges = Badges
import-bad = Line { $line }, column
import-nothing = Nothing was imported. Put the file right and send it again.
import-done = The import is done.
import-none = Choose a file first.
import-large = This file is too large: at most { $mib } MiB. Split it.
import-encoding = This file is not UTF-8: its accents would be lost. In Excel choose Save As, then the type “CSV UTF-8”. In LibreOffice choose Save As, tick “Edit filter settings”, then the character set “Unicode (UTF-8)”.
import-commas = The columns of this file are not parted by commas. Save it with the comma as separator.
import-gone = This file is no longer there. Choose it again.
import-changed = Somebody has changed a member since. Nothing was imported: this is what would change now.
