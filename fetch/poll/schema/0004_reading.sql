-- How often a child of an index could not be read, in a row.
ALTER TABLE part ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;

-- When entries were last read of it: what it showed then it still shows as long as it only says
-- that nothing has changed.
ALTER TABLE feed ADD COLUMN last_read_ms INTEGER NOT NULL DEFAULT 0;
