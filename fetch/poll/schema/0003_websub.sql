-- Subscriptions at hubs (WebSub): who tells of what is new in a feed, so that it is not found by
-- polling alone. Times are milliseconds since 1970.

CREATE TABLE subscription(
    row INTEGER PRIMARY KEY,
    feed TEXT NOT NULL,                 -- id
    hub TEXT NOT NULL,
    topic TEXT NOT NULL,
    callback TEXT NOT NULL,             -- the base of the address that the hub was told
    token TEXT NOT NULL UNIQUE,         -- in its path; nobody else knows it
    secret TEXT NOT NULL,               -- what the hub signs with
    state TEXT NOT NULL CHECK(state IN ('pending', 'verified', 'denied', 'leaving')),
    offered INTEGER NOT NULL DEFAULT 1, -- 0: the feed names this hub no longer
    verified_ms INTEGER NOT NULL DEFAULT 0,
    lease_until_ms INTEGER NOT NULL DEFAULT 0,
    next_try_ms INTEGER NOT NULL,       -- when the hub is asked next
    failures INTEGER NOT NULL DEFAULT 0, -- in a row, to get it verified
    last_error TEXT,
    pushes INTEGER NOT NULL DEFAULT 0,
    last_push_ms INTEGER NOT NULL DEFAULT 0,
    proofs INTEGER NOT NULL DEFAULT 0,  -- pushes since the last miss that came before any poll
    misses INTEGER NOT NULL DEFAULT 0,  -- since it was verified: polls that came before the push
    suspect_ms INTEGER NOT NULL DEFAULT 0 -- since when a push is missing; 0: none is
);

-- One a feed; those that end may stand beside it until the hub agrees.
CREATE UNIQUE INDEX subscription_feed ON subscription(feed) WHERE state <> 'leaving';
CREATE INDEX subscription_due ON subscription(next_try_ms);
