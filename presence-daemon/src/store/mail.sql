-- Whether a member wants to be written to. Rows are only added; the last one of a member counts.
CREATE TABLE mail_consent (
  consent_id INTEGER PRIMARY KEY,
  member_id TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  agreed INTEGER NOT NULL CHECK (agreed IN (0, 1)),
  given_on TEXT NOT NULL,
  notice_version INTEGER NOT NULL
) STRICT;
CREATE INDEX mail_consent_of ON mail_consent (member_id, consent_id);

-- Letters: which, to whom, about what; no name and no words. A row stays once it was sent, so that nothing is written twice.
CREATE TABLE mail (
  mail_id TEXT PRIMARY KEY,                                   -- stands in the Message-ID: tried again, it is the same letter
  letter TEXT NOT NULL,
  member_id TEXT REFERENCES member ON DELETE CASCADE,         -- NULL: the coordination
  about TEXT NOT NULL,                                        -- a need, an introduction, or a day
  queued_at TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  next_at TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'given_up')),
  ended_at TEXT
) STRICT;
CREATE UNIQUE INDEX mail_once ON mail (letter, coalesce(member_id, ''), about);
CREATE INDEX mail_waiting ON mail (next_at) WHERE state = 'waiting';

-- A member's own visits, for them to take away.
CREATE INDEX own_visit ON visit (member_id, visit_id);
