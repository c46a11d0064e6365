-- What it takes to poll a feed well: its rhythm, its hints, its health, where it moved.

-- How the last poll went is `state`; what was told of the feed at last is `health`.
ALTER TABLE feed ADD COLUMN health TEXT NOT NULL DEFAULT 'new';
ALTER TABLE feed ADD COLUMN error_class TEXT;       -- of last_error
ALTER TABLE feed ADD COLUMN failing_since_ms INTEGER;
ALTER TABLE feed ADD COLUMN slow_polls INTEGER NOT NULL DEFAULT 0;  -- in a row
ALTER TABLE feed ADD COLUMN took_ms INTEGER;        -- the last answer
ALTER TABLE feed ADD COLUMN last_fresh_ms INTEGER;  -- when an entry was new
ALTER TABLE feed ADD COLUMN polls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN finds INTEGER NOT NULL DEFAULT 0;       -- polls with new entries
ALTER TABLE feed ADD COLUMN gaps INTEGER NOT NULL DEFAULT 0;        -- times entries were lost
ALTER TABLE feed ADD COLUMN rhythm TEXT;            -- fetch/poll/rhythm.h

-- What the feed said of itself when it was read at last.
ALTER TABLE feed ADD COLUMN title TEXT;
ALTER TABLE feed ADD COLUMN format TEXT;
ALTER TABLE feed ADD COLUMN ttl_s INTEGER;
ALTER TABLE feed ADD COLUMN period_s INTEGER;
ALTER TABLE feed ADD COLUMN skip_hours INTEGER;
ALTER TABLE feed ADD COLUMN skip_days INTEGER;
ALTER TABLE feed ADD COLUMN hub TEXT;
ALTER TABLE feed ADD COLUMN topic TEXT;             -- its own address, for the hub

-- Where it is asked since it moved; NULL: at `url`. Then a move that is not believed yet.
ALTER TABLE feed ADD COLUMN location TEXT;
ALTER TABLE feed ADD COLUMN moving_to TEXT;
ALTER TABLE feed ADD COLUMN moving_seen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN moving_since_ms INTEGER;

-- How its time of publication was written and by whom; what entries are ordered by, which
-- is never later than when they were first seen.
ALTER TABLE entry ADD COLUMN published_raw TEXT;
ALTER TABLE entry ADD COLUMN published_source TEXT;
ALTER TABLE entry ADD COLUMN published_confidence TEXT;
ALTER TABLE entry ADD COLUMN order_ms INTEGER;

-- Children of sitemap indexes that were read, as they were then.
CREATE TABLE part(
    feed INTEGER NOT NULL REFERENCES feed(row),
    url TEXT NOT NULL,
    changed_s INTEGER,                  -- NULL: the index does not say
    read_ms INTEGER NOT NULL,
    PRIMARY KEY(feed, url)
) WITHOUT ROWID;

-- Hosts that asked to be left alone (Retry-After), or whole registrable domains.
CREATE TABLE hold(
    host TEXT NOT NULL,
    domain INTEGER NOT NULL,            -- 1: with all hosts of its domain
    until_ms INTEGER NOT NULL,
    PRIMARY KEY(host, domain)
) WITHOUT ROWID;
