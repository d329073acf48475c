-- How large a member reads.
ALTER TABLE member ADD COLUMN text_size TEXT CHECK (text_size IN ('normal', 'large', 'largest'));
