-- Where somebody was last seen, for the evacuation list.
ALTER TABLE visit ADD COLUMN seen_reader TEXT;
CREATE INDEX IF NOT EXISTS visits_of_member_page ON visit (member_id, opened_at);

-- What the manager set right: the visit as it was, who did it, when and why. The visit's own row is as it is now, so that whatever counts
-- visits needs to know nothing of corrections; a cancelled visit has no day and no times left, and is found by the day it had.
CREATE TABLE visit_correction (
  correction_id INTEGER PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES site,
  visit_id INTEGER NOT NULL REFERENCES visit,
  seq INTEGER NOT NULL REFERENCES event,
  sort TEXT NOT NULL CHECK (sort IN ('corrected', 'cancelled', 'added')),
  was_day TEXT, was_opened_at TEXT, was_closed_at TEXT, was_closed_by TEXT,
  by TEXT NOT NULL,
  reason TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX visit_correction_of_visit ON visit_correction (visit_id);
CREATE INDEX visit_correction_of_day ON visit_correction (site_id, was_day);

-- Guests whom the manager wrote down. The name is erased at the end of the next day, like those that a member vouched for.
CREATE TABLE guest_written (
  visit_id INTEGER PRIMARY KEY REFERENCES visit,
  site_id INTEGER NOT NULL REFERENCES site,
  name TEXT,
  day TEXT NOT NULL,
  by TEXT NOT NULL
) STRICT;
CREATE INDEX guest_written_of_day ON guest_written (site_id, day);

-- When a reader was dead, or the daemon with all of them (no reader): who came in meanwhile is on no list.
CREATE TABLE reader_gap (
  gap_id INTEGER PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES site,
  reader TEXT,
  since TEXT,
  until TEXT,
  over INTEGER NOT NULL DEFAULT 0 CHECK (over IN (0, 1))
) STRICT;
CREATE INDEX reader_gap_open ON reader_gap (site_id, over, until);

-- Evacuations, and who was found. Names are erased when one ends; how many were found stays.
CREATE TABLE evacuation (
  evacuation_id INTEGER PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES site,
  began_by TEXT NOT NULL, began_at TEXT,
  ended_by TEXT, ended_at TEXT,
  over INTEGER NOT NULL DEFAULT 0 CHECK (over IN (0, 1))
) STRICT;
CREATE TABLE evacuated (
  evacuation_id INTEGER NOT NULL REFERENCES evacuation,
  visit_id INTEGER NOT NULL,
  person TEXT,                              -- as the list had them, JSON
  safe_by TEXT, safe_at TEXT,
  PRIMARY KEY (evacuation_id, visit_id)
) STRICT, WITHOUT ROWID;
