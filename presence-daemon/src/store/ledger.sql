-- Day passes in double entry. A transfer takes passes from one account to another: its two entries sum to zero by their nature. Nothing
-- is ever changed or deleted; whoever is erased only leaves an account that is nobody's.
CREATE TABLE pass_account (
  account_id INTEGER PRIMARY KEY,
  name TEXT UNIQUE CHECK (name IN ('sold', 'visits', 'services', 'corrections', 'expired')),   -- one of the space's own
  member_id TEXT UNIQUE REFERENCES member ON DELETE SET NULL,
  CHECK (name IS NULL OR member_id IS NULL)
) STRICT;
INSERT INTO pass_account (name) VALUES ('sold'), ('visits'), ('services'), ('corrections'), ('expired');

CREATE TABLE pass_transfer (
  transfer_id INTEGER PRIMARY KEY,
  sort TEXT NOT NULL CHECK (sort IN ('bought', 'drawn', 'earned', 'corrected', 'expired')),
  from_account INTEGER NOT NULL REFERENCES pass_account,
  to_account INTEGER NOT NULL REFERENCES pass_account,
  passes INTEGER NOT NULL CHECK (passes > 0),
  until TEXT,                                 -- these passes are good until that day, included
  day TEXT,                                   -- the site day of the visit that drew it
  need_id TEXT,                               -- the need that was met
  command TEXT,                               -- the command it was part of
  at TEXT,                                    -- NULL while the clock was not known
  seq INTEGER NOT NULL REFERENCES event,
  CHECK (from_account <> to_account)
) STRICT;
CREATE UNIQUE INDEX one_draw_a_day ON pass_transfer (from_account, day) WHERE sort = 'drawn';
CREATE UNIQUE INDEX paid_once ON pass_transfer (need_id) WHERE sort = 'earned';
CREATE UNIQUE INDEX carried_out_once ON pass_transfer (command, coalesce(until, '')) WHERE command IS NOT NULL;
CREATE INDEX transfer_from ON pass_transfer (from_account);
CREATE INDEX transfer_to ON pass_transfer (to_account);

CREATE VIEW pass_entry AS
  SELECT transfer_id, from_account AS account_id, -passes AS passes, until FROM pass_transfer
  UNION ALL SELECT transfer_id, to_account, passes, until FROM pass_transfer;

-- Why a balance was set right, in the manager's words.
CREATE TABLE pass_reason (
  transfer_id INTEGER PRIMARY KEY REFERENCES pass_transfer,
  text TEXT NOT NULL
) STRICT;

CREATE TRIGGER pass_transfer_is_never_changed BEFORE UPDATE ON pass_transfer
BEGIN SELECT RAISE(ABORT, 'passes are never rewritten: correct them with another transfer'); END;
CREATE TRIGGER pass_transfer_is_never_deleted BEFORE DELETE ON pass_transfer
BEGIN SELECT RAISE(ABORT, 'passes are never deleted'); END;
CREATE TRIGGER pass_account_is_only_unlinked BEFORE UPDATE ON pass_account
WHEN NOT (NEW.member_id IS NULL AND NEW.account_id IS OLD.account_id AND NEW.name IS OLD.name)
BEGIN SELECT RAISE(ABORT, 'an account is only ever unlinked from its member'); END;
CREATE TRIGGER pass_account_is_never_deleted BEFORE DELETE ON pass_account
BEGIN SELECT RAISE(ABORT, 'accounts are never deleted'); END;

-- How somebody comes, as the manager said.
CREATE TABLE pass_plan (
  member_id TEXT PRIMARY KEY REFERENCES member ON DELETE CASCADE,
  plan TEXT NOT NULL CHECK (plan IN ('passes', 'subscription'))
) STRICT, WITHOUT ROWID;

-- Check-ins without a known time: what they draw is known once the clock is.
CREATE TABLE pass_owed (
  visit_id INTEGER PRIMARY KEY,
  member_id TEXT REFERENCES member ON DELETE CASCADE,
  boot TEXT NOT NULL, ns INTEGER NOT NULL
) STRICT;

-- What was earned and its owner has seen.
CREATE TABLE pass_told (
  need_id TEXT PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES member ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
