-- An account of the pages has a role, a number that outlives it (the journal names it by that) and, if its owner wishes, a second step.
-- The secret of that step is not here: it is drawn from the badge key, the number and the salt. A removed account keeps its name alone.
CREATE TABLE manager_with_role (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL COLLATE NOCASE,
  role TEXT NOT NULL DEFAULT 'manager' CHECK (role IN ('manager', 'viewer')),
  password TEXT,                           -- argon2id (PHC string); NULL: removed
  set_at TEXT NOT NULL,
  step_salt BLOB,
  step_on INTEGER NOT NULL DEFAULT 0 CHECK (step_on IN (0, 1)),   -- 1: confirmed by a code
  step_used INTEGER NOT NULL DEFAULT 0     -- the 30 seconds whose code was used last: none is taken twice
) STRICT;
INSERT INTO manager_with_role (name, password, set_at) SELECT name, password, set_at FROM manager ORDER BY set_at, name;
DROP TABLE manager;
ALTER TABLE manager_with_role RENAME TO manager;
CREATE UNIQUE INDEX manager_of_name ON manager (name) WHERE password IS NOT NULL;

-- For a lost phone: codes that work once each, digested under a key that is not in the database.
CREATE TABLE recovery_code (
  number INTEGER NOT NULL REFERENCES manager,
  digest BLOB NOT NULL,
  PRIMARY KEY (number, digest)
) STRICT, WITHOUT ROWID;

-- The journal is read newest first, all of it or one account's, among hundreds of thousands of other events.
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY REFERENCES event,
  account INTEGER                          -- NULL: the command line's, or of an unknown name
) STRICT;
CREATE INDEX journal_of ON journal (account, seq);
