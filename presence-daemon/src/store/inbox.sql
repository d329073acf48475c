-- What the coordination has seen of what has no end of its own. `stamp`: how it was then; another one is told again.
CREATE TABLE settled (
  site_id INTEGER NOT NULL REFERENCES site,
  of TEXT NOT NULL,
  stamp TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (site_id, of)
) STRICT, WITHOUT ROWID;

-- Few of the events: found without reading the others.
CREATE INDEX refused_tap ON event (seq) WHERE kind = 'tap_refused';

-- The month's end reads what moved in a month.
CREATE INDEX transfer_at ON pass_transfer (at);
