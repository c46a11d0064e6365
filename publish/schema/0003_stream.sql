-- The durable stream: retention by bytes, named cursors, the mark of who is at work.

-- How long topics and bodies are together, up to and with this message: what a stretch of
-- the journal takes is a difference, and an appended message writes no page for it.
ALTER TABLE message ADD COLUMN total INTEGER NOT NULL DEFAULT 0;

-- From now on times never fall, so that a moment is found by halving.
UPDATE message SET at_ms = upto.at_ms, total = upto.total
FROM (
    SELECT seq, max(at_ms) OVER so_far AS at_ms,
        sum(length(CAST(topic AS BLOB)) + length(body)) OVER so_far AS total
    FROM message
    WINDOW so_far AS (ORDER BY seq ROWS UNBOUNDED PRECEDING)
) AS upto
WHERE message.seq = upto.seq;

-- When an article was published last: what nobody has told anything new of for long is
-- forgotten.
ALTER TABLE article ADD COLUMN told_ms INTEGER NOT NULL DEFAULT 0;
UPDATE article SET told_ms = CAST(strftime('%s', 'now') AS INTEGER) * 1000;
CREATE INDEX article_by_age ON article (told_ms);

-- Where clients have got to. The owner is a client's key; '' without keys.
CREATE TABLE cursor (
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    PRIMARY KEY (owner, name)
) WITHOUT ROWID;

-- A row while somebody writes; an orderly stop takes it away.
CREATE TABLE running (
    since_ms INTEGER NOT NULL
);
