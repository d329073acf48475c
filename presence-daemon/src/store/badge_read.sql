-- The last time that a badge was read by a phone, by the badge's own count: what it said before is worth nothing any more. A card that is
-- nobody's badge yet counts too.
CREATE TABLE badge_read (
  key_id INTEGER NOT NULL REFERENCES badge_key,
  mac BLOB NOT NULL CHECK (length(mac) = 32),
  count INTEGER NOT NULL CHECK (count >= 0),
  PRIMARY KEY (key_id, mac)
) STRICT, WITHOUT ROWID;
