-- How many people were here by hour, a row a day that is over: numbers that stay when the visits they were counted from are forgotten.
CREATE TABLE history_day (
  site_id INTEGER NOT NULL REFERENCES site,
  day TEXT NOT NULL,                        -- of the site's calendar, from midnight
  hours TEXT NOT NULL,                      -- the most people at a time, hour by hour: a JSON array of 23 to 25 numbers
  estimated INTEGER NOT NULL CHECK (estimated IN (0, 1)),
  PRIMARY KEY (site_id, day)
) STRICT, WITHOUT ROWID;

-- A visit that is corrected is counted anew, with the night that may follow it. Forgetting whose visit it was changes nothing.
CREATE TRIGGER visit_is_counted AFTER INSERT ON visit WHEN NEW.day IS NOT NULL
BEGIN DELETE FROM history_day WHERE site_id = NEW.site_id AND day IN (NEW.day, date(NEW.day, '+1 day')); END;
CREATE TRIGGER visit_is_counted_anew AFTER UPDATE OF day, opened_at, seen_at, closed_at, closed_by, corrects ON visit
BEGIN
  DELETE FROM history_day WHERE site_id = NEW.site_id
    AND day IN (OLD.day, date(OLD.day, '+1 day'), NEW.day, date(NEW.day, '+1 day'));
END;
CREATE INDEX visit_that_corrects ON visit (corrects) WHERE corrects IS NOT NULL;
