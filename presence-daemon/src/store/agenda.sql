-- What happens in the house. Titles and places stand here, not in the events.
CREATE TABLE calendar (
  calendar_id TEXT PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES site,
  name TEXT NOT NULL,
  imported INTEGER NOT NULL CHECK (imported IN (0, 1))   -- 1: once, by the manager; 0: read as the config says
) STRICT;

-- The occurrences of a calendar, as it was last read.
CREATE TABLE calendar_event (
  calendar_id TEXT NOT NULL REFERENCES calendar ON DELETE CASCADE,
  position INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  title TEXT NOT NULL, place TEXT,
  starts TEXT NOT NULL, ends TEXT, all_day TEXT,
  firm INTEGER NOT NULL CHECK (firm IN (0, 1)),
  PRIMARY KEY (calendar_id, position)
) STRICT, WITHOUT ROWID;

-- Events that members proposed.
CREATE TABLE proposed_event (
  event_id TEXT PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES site,
  author TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  title TEXT NOT NULL, place TEXT,
  starts TEXT NOT NULL,
  firm_at INTEGER NOT NULL,
  firm INTEGER NOT NULL DEFAULT 0 CHECK (firm IN (0, 1)),
  ended TEXT CHECK (ended IN ('withdrawn', 'cancelled', 'fell_through', 'over'))
) STRICT;

-- Who goes; forgotten once the event is over.
CREATE TABLE rsvp (
  event_id TEXT NOT NULL,
  member_id TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  site_id INTEGER NOT NULL REFERENCES site,
  until TEXT NOT NULL,
  PRIMARY KEY (event_id, member_id)
) STRICT, WITHOUT ROWID;
