-- Stories: articles that are near copies of each other, and events that several of them
-- tell (publish/story/story.h).

ALTER TABLE article ADD COLUMN story TEXT;

-- An event that another article's event tells too is `retracted` and names it; how sure
-- this telling is, how much that counts there, and which came first.
ALTER TABLE event ADD COLUMN merged_into TEXT;
ALTER TABLE event ADD COLUMN confidence REAL NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN weight REAL NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN first_seq INTEGER NOT NULL DEFAULT 0;

CREATE INDEX event_by_owner ON event (merged_into, first_seq)
    WHERE merged_into IS NOT NULL;

-- The four tables below know the articles of the window alone.
CREATE TABLE story (
    id TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    first_seen_ms INTEGER NOT NULL,
    last_seen_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX story_by_age ON story (last_seen_ms);

-- `when_ms` is of the story's first article.
CREATE TABLE story_article (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    article TEXT NOT NULL,
    story TEXT NOT NULL,
    when_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    sketch BLOB NOT NULL
);

CREATE INDEX story_article_by_age ON story_article (seen_ms);

-- The sketches' bands: articles that share one may be near copies.
CREATE TABLE story_band (
    band INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (band, n)
) WITHOUT ROWID;

-- What is compared of each event. Those that live, being merged into none, are found by
-- story and type, or from another story by `key`: type, day and parties.
CREATE TABLE story_event (
    n INTEGER PRIMARY KEY,
    event TEXT NOT NULL UNIQUE,
    article TEXT NOT NULL,
    story TEXT NOT NULL,
    type INTEGER NOT NULL,
    key TEXT,
    living INTEGER NOT NULL,
    when_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    who BLOB NOT NULL,
    words BLOB NOT NULL
);

CREATE INDEX story_event_by_story ON story_event (story, type, n) WHERE living;
CREATE INDEX story_event_by_key ON story_event (key, n) WHERE living AND key IS NOT NULL;
CREATE INDEX story_event_by_age ON story_event (seen_ms);
