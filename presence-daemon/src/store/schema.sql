-- The first day's schema. Times are RFC 3339 text in UTC; durations nanoseconds; ids of people are text UUIDs.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE site (
  site_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- Keys of badge digests: the keys themselves are in a file, here only a fingerprint to tell the right file from a wrong one.
CREATE TABLE badge_key (
  key_id INTEGER PRIMARY KEY,
  fingerprint BLOB NOT NULL,
  first_seen TEXT NOT NULL
) STRICT;

-- People. Everything here can be erased without touching the events.
CREATE TABLE member (
  member_id TEXT PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  name TEXT NOT NULL,
  title TEXT, pronouns TEXT, email TEXT COLLATE NOCASE UNIQUE, phone TEXT, website TEXT, seat TEXT, screen_language TEXT,
  standing TEXT NOT NULL DEFAULT 'active' CHECK (standing IN ('active', 'suspended')),
  added_at TEXT NOT NULL
) STRICT;

CREATE TABLE member_tag (
  member_id TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('language', 'skill', 'interest', 'looking_for')),
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (member_id, kind, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE photo (
  member_id TEXT PRIMARY KEY REFERENCES member ON DELETE CASCADE,
  hash TEXT NOT NULL,
  jpeg BLOB NOT NULL
) STRICT;

-- Consent by field and by surface. Rows are only added; the last one for a field and a surface counts.
CREATE TABLE consent (
  consent_id INTEGER PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  field TEXT NOT NULL,
  surface TEXT NOT NULL CHECK (surface IN ('kiosk', 'lobby', 'home_assistant', 'other_sites')),
  state TEXT NOT NULL CHECK (state IN ('invited', 'granted', 'withdrawn')),
  given_by TEXT NOT NULL CHECK (given_by IN ('member', 'manager', 'import')),
  given_on TEXT NOT NULL,
  source TEXT,
  notice_version INTEGER NOT NULL
) STRICT;
CREATE INDEX consent_of ON consent (member_id, field, surface, consent_id);

CREATE TABLE badge (
  badge_id INTEGER PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  key_id INTEGER NOT NULL REFERENCES badge_key,
  mac BLOB NOT NULL CHECK (length(mac) = 32),
  state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'lost', 'retired', 'suspended')),
  enrolled_at TEXT,
  UNIQUE (key_id, mac)
) STRICT;

-- What happened. Bodies hold ids, enums and times only. Redaction clears subject, salt and body; digest and link stay, so that the
-- chain still verifies. Order is by seq, never by wall time.
CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL UNIQUE,
  site_id INTEGER NOT NULL REFERENCES site,
  boot_id TEXT NOT NULL,
  boot_ns INTEGER NOT NULL,
  wall_seen TEXT NOT NULL,
  clock_state TEXT NOT NULL CHECK (clock_state IN ('trusted', 'untrusted')),
  kind TEXT NOT NULL,
  subject TEXT,
  salt BLOB,
  body TEXT,
  digest BLOB NOT NULL,
  link BLOB NOT NULL
) STRICT;

CREATE TRIGGER event_is_only_redacted BEFORE UPDATE ON event
WHEN NOT (NEW.subject IS NULL AND NEW.salt IS NULL AND NEW.body IS NULL
  AND NEW.seq IS OLD.seq AND NEW.event_id IS OLD.event_id AND NEW.site_id IS OLD.site_id AND NEW.boot_id IS OLD.boot_id
  AND NEW.boot_ns IS OLD.boot_ns AND NEW.wall_seen IS OLD.wall_seen AND NEW.clock_state IS OLD.clock_state AND NEW.kind IS OLD.kind
  AND NEW.digest IS OLD.digest AND NEW.link IS OLD.link)
BEGIN SELECT RAISE(ABORT, 'events are only ever redacted'); END;

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

-- Projections, written in the events' transaction.
CREATE TABLE visit (
  visit_id INTEGER PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES site,
  member_id TEXT REFERENCES member ON DELETE SET NULL,   -- NULL: a guest
  day TEXT,
  opened_by TEXT NOT NULL CHECK (opened_by IN ('tap', 'signed', 'button', 'declared', 'manager')),
  opened_boot TEXT NOT NULL, opened_ns INTEGER NOT NULL, opened_at TEXT,
  seen_boot TEXT NOT NULL, seen_ns INTEGER NOT NULL, seen_at TEXT,
  availability TEXT NOT NULL DEFAULT 'here' CHECK (availability IN ('here', 'open', 'do_not_disturb')),
  closed_by TEXT CHECK (closed_by IN ('tap', 'signed', 'button', 'manager', 'assumed')),
  closed_boot TEXT, closed_ns INTEGER, closed_at TEXT,
  set_right INTEGER NOT NULL DEFAULT 0 CHECK (set_right IN (0, 1)),   -- 1: dated after the clock was known
  opened_seq INTEGER NOT NULL REFERENCES event,
  closed_seq INTEGER REFERENCES event,
  corrects INTEGER REFERENCES visit
) STRICT;
CREATE UNIQUE INDEX one_open_visit ON visit (site_id, member_id) WHERE closed_seq IS NULL AND member_id IS NOT NULL;
CREATE INDEX open_visit ON visit (site_id) WHERE closed_seq IS NULL;
CREATE INDEX visit_of_day ON visit (site_id, day);

CREATE TABLE occupancy_hour (
  site_id INTEGER NOT NULL REFERENCES site,
  hour TEXT NOT NULL,                       -- its beginning, UTC
  arrivals INTEGER NOT NULL DEFAULT 0,
  departures INTEGER NOT NULL DEFAULT 0,
  peak INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (site_id, hour)
) STRICT, WITHOUT ROWID;

-- Unknown cards that wait for their owner, until closing.
CREATE TABLE pairing (
  code TEXT PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES site,
  key_id INTEGER NOT NULL REFERENCES badge_key,
  mac BLOB NOT NULL CHECK (length(mac) = 32),
  issued_boot TEXT NOT NULL, issued_ns INTEGER NOT NULL, issued_at TEXT,
  taps INTEGER NOT NULL,
  guest_visit INTEGER REFERENCES visit,
  enrol_for TEXT REFERENCES member ON DELETE CASCADE
) STRICT;

-- Answers to requests of kiosks, so that a repeated id gets the stored one.
CREATE TABLE request (
  request_id TEXT PRIMARY KEY,
  kiosk TEXT NOT NULL,
  answer TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

-- Dirty marks: which documents are to be published again. No payload: it is rendered at send time.
CREATE TABLE outbox (
  topic TEXT PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
