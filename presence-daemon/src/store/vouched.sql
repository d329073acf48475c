-- People without a badge, and who vouched for them. A guest's name is erased at the end of the next day; the row stays to be counted.
CREATE TABLE vouch (
  vouch_id INTEGER PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES site,
  visit_id INTEGER NOT NULL REFERENCES visit,
  vouched_by TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  sort TEXT NOT NULL CHECK (sort IN ('guest', 'member', 'unknown', 'ambiguous', 'suspended')),
  name TEXT,
  day TEXT,
  boot TEXT NOT NULL, ns INTEGER NOT NULL, at TEXT
) STRICT;
CREATE INDEX vouch_of_day ON vouch (site_id, day);
