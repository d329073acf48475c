-- What people look for. Texts stand here, not in the events, and can be erased.
CREATE TABLE need (
  need_id TEXT PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES site,
  author TEXT REFERENCES member ON DELETE CASCADE,      -- NULL: the space itself
  text TEXT NOT NULL,
  audience TEXT NOT NULL CHECK (audience IN ('named', 'unnamed', 'coordination')),
  posted_boot TEXT NOT NULL, posted_ns INTEGER NOT NULL, posted_at TEXT,
  ended TEXT CHECK (ended IN ('withdrawn', 'closed', 'expired')),
  ended_at TEXT
) STRICT;
CREATE INDEX open_need ON need (site_id) WHERE ended IS NULL;

CREATE TABLE need_skill (
  need_id TEXT NOT NULL REFERENCES need ON DELETE CASCADE,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (need_id, position)
) STRICT, WITHOUT ROWID;

-- Of which match which side has seen it: nobody is told twice.
CREATE TABLE match_told (
  need_id TEXT NOT NULL REFERENCES need ON DELETE CASCADE,
  side TEXT NOT NULL CHECK (side IN ('asker', 'helper')),
  helper TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  told_at TEXT,
  PRIMARY KEY (need_id, side, helper)
) STRICT, WITHOUT ROWID;

-- Who offered to help. `told`: the author has seen it.
CREATE TABLE help (
  need_id TEXT NOT NULL REFERENCES need ON DELETE CASCADE,
  helper TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  offered_at TEXT,
  told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),
  PRIMARY KEY (need_id, helper)
) STRICT, WITHOUT ROWID;
