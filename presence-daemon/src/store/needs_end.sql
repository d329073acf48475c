-- A need to its end: what the space gives for it, whether it was met and by whom, when it was first answered.
ALTER TABLE need ADD COLUMN passes INTEGER CHECK (passes > 0);
ALTER TABLE need ADD COLUMN renewed_boot TEXT;
ALTER TABLE need ADD COLUMN renewed_ns INTEGER;
ALTER TABLE need ADD COLUMN renewed_at TEXT;
ALTER TABLE need ADD COLUMN asked_on TEXT;                    -- the site day on which its author was last asked whether it still stands
ALTER TABLE need ADD COLUMN answered_boot TEXT;
ALTER TABLE need ADD COLUMN answered_ns INTEGER;
ALTER TABLE need ADD COLUMN answered_at TEXT;                 -- the first answer
ALTER TABLE need ADD COLUMN ended_boot TEXT;
ALTER TABLE need ADD COLUMN ended_ns INTEGER;
ALTER TABLE need ADD COLUMN met INTEGER NOT NULL DEFAULT 0 CHECK (met IN (0, 1));
ALTER TABLE need ADD COLUMN met_by TEXT REFERENCES member ON DELETE SET NULL;

-- Answers there were before somebody counted them.
UPDATE need SET answered_at = (SELECT min(offered_at) FROM help WHERE help.need_id = need.need_id);

-- Helpers with whom a need is not matched again.
CREATE TABLE need_let_be (
  need_id TEXT NOT NULL REFERENCES need ON DELETE CASCADE,
  helper TEXT NOT NULL REFERENCES member ON DELETE CASCADE,
  PRIMARY KEY (need_id, helper)
) STRICT, WITHOUT ROWID;
