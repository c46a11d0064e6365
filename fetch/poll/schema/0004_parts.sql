-- How often a child of an index could not be read, in a row.
ALTER TABLE part ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
