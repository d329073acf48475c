-- Between neighbours: introductions, notes, who is kept apart, shared interests; and the manager's network. Words stand here, not in the
-- events, and can be erased; with a member all of it goes.

-- People outside the house who agreed to be asked. Their numbers are never given twice.
CREATE TABLE contact (
  contact_id INTEGER PRIMARY KEY AUTOINCREMENT,
  site_id INTEGER NOT NULL REFERENCES site,
  name TEXT NOT NULL,
  reach TEXT NOT NULL,
  source TEXT NOT NULL,
  agreed_on TEXT NOT NULL CHECK (agreed_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) STRICT;

CREATE TABLE contact_skill (
  contact_id INTEGER NOT NULL REFERENCES contact ON DELETE CASCADE,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (contact_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE introduction (
  introduction_id TEXT PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES site,
  asker TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  helper TEXT REFERENCES member ON DELETE CASCADE,
  contact_id INTEGER,                                   -- instead of a helper; it may be removed since
  need_id TEXT,
  by TEXT NOT NULL CHECK (by IN ('neighbour', 'coordination')),
  quiet INTEGER NOT NULL CHECK (quiet IN (0, 1)),       -- 1: the helper is never asked
  closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
  ended INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1)),
  proposed_boot TEXT NOT NULL, proposed_ns INTEGER NOT NULL, proposed_at TEXT,
  introduced_boot TEXT, introduced_ns INTEGER, introduced_at TEXT,
  CHECK ((helper IS NULL) <> (contact_id IS NULL))
) STRICT;

-- How it stands for each of the two.
CREATE TABLE introduction_half (
  introduction_id TEXT NOT NULL REFERENCES introduction ON DELETE CASCADE,
  side TEXT NOT NULL CHECK (side IN ('asker', 'helper')),
  accepted INTEGER CHECK (accepted IN (0, 1)),
  unasked INTEGER NOT NULL DEFAULT 0 CHECK (unasked IN (0, 1)),
  told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),
  led TEXT CHECK (led IN ('met', 'project', 'nothing')),
  thanks INTEGER NOT NULL DEFAULT 0 CHECK (thanks IN (0, 1, 2)),   -- 1: said, 2: seen
  asked_boot TEXT, asked_ns INTEGER, asked_at TEXT,
  led_boot TEXT, led_ns INTEGER, led_at TEXT,           -- when they said so
  PRIMARY KEY (introduction_id, side)
) STRICT;

CREATE TABLE note (
  note_id TEXT PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES site,
  author TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  reader TEXT REFERENCES member ON DELETE CASCADE,      -- NULL: the coordination
  need_id TEXT,
  delivered INTEGER NOT NULL CHECK (delivered IN (0, 1)),
  reported INTEGER NOT NULL DEFAULT 0 CHECK (reported IN (0, 1)),
  settled INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),
  erased INTEGER NOT NULL DEFAULT 0 CHECK (erased IN (0, 1)),
  left_boot TEXT NOT NULL, left_ns INTEGER NOT NULL, left_at TEXT,
  opened_boot TEXT, opened_ns INTEGER, opened_at TEXT
) STRICT;
CREATE INDEX note_kept ON note (site_id) WHERE erased = 0;

-- The words, as long as they may be read.
CREATE TABLE note_text (
  note_id TEXT PRIMARY KEY REFERENCES note ON DELETE CASCADE,
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who wants no more notes of whom. The author never learns it.
CREATE TABLE notes_refused (
  reader TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  author TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  PRIMARY KEY (reader, author)
) STRICT, WITHOUT ROWID;

-- Two who are never brought together, the smaller id first.
CREATE TABLE kept_apart (
  one TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  other TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;

-- Since when somebody wants nothing proposed.
CREATE TABLE snooze (
  member_id TEXT PRIMARY KEY REFERENCES member ON DELETE CASCADE,
  since_boot TEXT NOT NULL, since_ns INTEGER NOT NULL, since_at TEXT
) STRICT;

-- Of whom somebody was told for a shared interest, and when last.
CREATE TABLE interest_told (
  member_id TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  neighbour TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  told_boot TEXT NOT NULL, told_ns INTEGER NOT NULL, told_at TEXT,
  PRIMARY KEY (member_id, neighbour)
) STRICT;
