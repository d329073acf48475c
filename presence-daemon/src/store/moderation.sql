-- What the house found out of place. `of` and `id`: a need or an event.
CREATE TABLE report (
  of TEXT NOT NULL CHECK (of IN ('need', 'event')),
  id TEXT NOT NULL,
  by_member TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  reported_at TEXT,
  looked INTEGER NOT NULL DEFAULT 0 CHECK (looked IN (0, 1)),   -- 1: the manager has looked since
  PRIMARY KEY (of, id, by_member)
) STRICT, WITHOUT ROWID;

CREATE TABLE hidden_text (
  of TEXT NOT NULL CHECK (of IN ('need', 'event')),
  id TEXT NOT NULL,
  hidden_at TEXT,
  PRIMARY KEY (of, id)
) STRICT, WITHOUT ROWID;

-- Members whose posting the manager has paused.
CREATE TABLE paused_member (
  member_id TEXT PRIMARY KEY REFERENCES member ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Needs that wait for the manager.
CREATE TABLE held_need (
  need_id TEXT PRIMARY KEY REFERENCES need ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
