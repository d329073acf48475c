# La page d’un badge qu’on approche d’un téléphone.
found-title = Ce badge
found-genuine = Ce badge est bien un badge de { $name }.
found-bring = Trouvé quelque part? Merci de le rapporter à { $name } : à l’accueil, ou à la coordination.
found-lost = Ce badge de { $name } est perdu.
found-lost-bring = On le cherche. Merci de le remettre à la coordination de { $name }!
found-replayed = Lu déjà : approchez le badge encore une fois du téléphone.
found-again = Une adresse ne sert qu’une fois : une copie ne prouve rien.
found-forged = Ce n’est pas un badge d’ici.
found-forged-about = L’adresse est incomplète, ou aucun badge de ce lieu ne l’a écrite.
