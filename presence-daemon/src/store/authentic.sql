-- Badges that prove that they are no copy, who has to use one, and fingerprints that tell the right key file from a wrong one.
ALTER TABLE badge ADD COLUMN authentic INTEGER NOT NULL DEFAULT 0 CHECK (authentic IN (0, 1));
ALTER TABLE member ADD COLUMN authentic_only INTEGER NOT NULL DEFAULT 0 CHECK (authentic_only IN (0, 1));
CREATE TABLE authentic_key (
  key_id INTEGER PRIMARY KEY,
  fingerprint BLOB NOT NULL,
  first_seen TEXT NOT NULL
) STRICT;
