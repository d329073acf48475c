-- Who has left; visits whose person is no longer known; and by what history is looked up.
ALTER TABLE member ADD COLUMN departed_on TEXT;             -- standing is then 'suspended', for versions that don't know it
ALTER TABLE visit ADD COLUMN anonymised INTEGER NOT NULL DEFAULT 0 CHECK (anonymised IN (0, 1));   -- 1: of a member once, no guest
CREATE INDEX visits_of_a_member ON visit (member_id, opened_seq) WHERE member_id IS NOT NULL;
CREATE INDEX event_to_redact ON event (wall_seen) WHERE body IS NOT NULL AND kind <> 'redacted';
