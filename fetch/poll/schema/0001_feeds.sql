-- What peykd knows of each feed and of each entry. Times are milliseconds since 1970.

CREATE TABLE feed(
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,                  -- that the validators belong to
    state TEXT NOT NULL CHECK(state IN ('new', 'ok', 'failing', 'off')),
    read INTEGER NOT NULL DEFAULT 0,    -- 1 once entries of it were recorded
    etag TEXT,
    last_modified TEXT,
    body_hash TEXT,
    next_poll_ms INTEGER NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    last_poll_ms INTEGER NOT NULL,
    last_ok_ms INTEGER,
    last_error TEXT                     -- of the last poll; NULL when it was fine
);

CREATE TABLE entry(
    row INTEGER PRIMARY KEY,
    feed INTEGER NOT NULL REFERENCES feed(row),
    key TEXT NOT NULL,
    link TEXT,
    title TEXT,
    published TEXT,
    content_hash TEXT,
    state TEXT NOT NULL CHECK(state IN ('pending', 'done', 'none', 'failed')),
    backlog INTEGER NOT NULL,           -- 1: was there when the feed was first read
    revision INTEGER NOT NULL DEFAULT 1,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try_ms INTEGER NOT NULL,
    last_error TEXT,
    first_seen_ms INTEGER NOT NULL,
    last_seen_ms INTEGER NOT NULL,      -- right to a day
    UNIQUE(feed, key)
);

-- Few entries are pending at a time; these two find them among all.
CREATE INDEX entry_pending ON entry(feed, next_try_ms) WHERE state = 'pending';
CREATE INDEX entry_due ON entry(next_try_ms) WHERE state = 'pending';
CREATE INDEX entry_last_seen ON entry(last_seen_ms);
