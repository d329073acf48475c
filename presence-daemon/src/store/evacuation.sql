-- Everybody is asked to leave the building: a row while it lasts.
CREATE TABLE evacuation_mode (
  site_id INTEGER PRIMARY KEY REFERENCES site,
  since_boot TEXT NOT NULL, since_ns INTEGER NOT NULL, since_at TEXT
) STRICT;
