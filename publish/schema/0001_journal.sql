-- The stream: what was published, in the order in which it was. `seq` never comes back,
-- also when the newest rows were pruned.
CREATE TABLE message (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    topic TEXT NOT NULL,
    body BLOB NOT NULL
);

-- One row: the epoch changes only when a journal is created or restored.
CREATE TABLE epoch (
    epoch INTEGER NOT NULL
);

-- What is published now of each article and event: the newest revision and its digest, so
-- that the same words are not published twice and a correction finds what it corrects.
CREATE TABLE article (
    id TEXT PRIMARY KEY,
    rev INTEGER NOT NULL,
    digest TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE event (
    id TEXT PRIMARY KEY,
    article TEXT NOT NULL REFERENCES article (id),
    rev INTEGER NOT NULL,
    digest TEXT NOT NULL,
    retracted INTEGER NOT NULL,
    seq INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX event_by_article ON event (article);
