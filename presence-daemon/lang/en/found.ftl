# The page of a badge that is held to a phone.
found-title = This badge
found-genuine = This badge is indeed a badge of { $name }.
found-bring = Found somewhere? Please bring it back to { $name }: to the reception, or to the coordination.
found-lost = This badge of { $name } is lost.
found-lost-bring = It is being looked for. Please give it to the coordination of { $name }!
found-replayed = Read already: hold the badge to the phone once more.
found-again = An address works only once: a copy proves nothing.
found-forged = This is not a badge of this place.
found-forged-about = The address is incomplete, or no badge of this place has written it.
