-- Whether what members put up waits for the coordination, once it was said by hand; without a row the config says.
CREATE TABLE approval (
  site_id INTEGER PRIMARY KEY REFERENCES site,
  approve_first INTEGER NOT NULL CHECK (approve_first IN (0, 1))
) STRICT;
