-- About a need without a name the helper is asked only once its author has accepted.
ALTER TABLE introduction ADD COLUMN asker_first INTEGER NOT NULL DEFAULT 0 CHECK (asker_first IN (0, 1));
UPDATE introduction SET asker_first = 1
  WHERE introduced_boot IS NULL AND ended = 0 AND need_id IN (SELECT need_id FROM need WHERE audience <> 'named');
