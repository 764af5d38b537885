-- What a run knows, article by article. The views have the columns of the reports: query those.

CREATE TABLE identity (what TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE article (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,       -- as found: not for the eye, it may hold anything
    fingerprint BLOB,                -- of its bytes; none of what failed
    place INTEGER,                   -- where it stands in the reports; none: not in them (yet)
    outcome TEXT NOT NULL,           -- analysed, foreign, left out, failed
    stage TEXT,                      -- where it failed
    reason TEXT,                     -- why it failed, or by which filter it was left out
    story INTEGER,                   -- place of the article that its story is named after
    content TEXT, copy INTEGER,      -- hash of its bytes; which of several with the same
    path TEXT NOT NULL, title TEXT, source TEXT, author_country TEXT, date TEXT, language TEXT,
    words INTEGER, sentences INTEGER, windows INTEGER, mentions INTEGER, pairs INTEGER,
    author TEXT, url TEXT, date_from TEXT, similarity REAL,
    unresolved INTEGER, crowded_sentences INTEGER, sentences_read_again INTEGER,
    is_stale INTEGER NOT NULL DEFAULT 0, -- whether its names were resolved by another gazetteer
    article_id TEXT AS (CASE WHEN copy > 1 THEN content || '-' || copy ELSE content END)
);
CREATE INDEX article_by_place ON article (place);
CREATE INDEX article_by_story ON article (story) WHERE story IS NOT NULL;

CREATE TABLE mention (
    article INTEGER, n INTEGER, sentence INTEGER, start INTEGER, "end" INTEGER, text TEXT,
    type TEXT, actor TEXT, iso3 TEXT, via TEXT, score REAL,
    p_negative REAL, p_neutral REAL, p_positive REAL,
    PRIMARY KEY (article, n)
) WITHOUT ROWID;

CREATE TABLE pair (
    article INTEGER, n INTEGER, sentence INTEGER, holder INTEGER, target INTEGER,
    stance TEXT, p_against REAL, p_neutral REAL, p_favor REAL, quad TEXT, p_quad REAL,
    PRIMARY KEY (article, n)
) WITHOUT ROWID;

-- Sentences that a pair or an unresolved name is in; none with --no-text.
CREATE TABLE sentence (
    article INTEGER, n INTEGER, text TEXT, PRIMARY KEY (article, n)
) WITHOUT ROWID;

CREATE TABLE unresolved_name (
    article INTEGER, name TEXT, mentions INTEGER, sentence INTEGER, PRIMARY KEY (article, name)
) WITHOUT ROWID;

-- What an article says of a country (target is empty) or of one country toward another.
CREATE TABLE tally (
    article INTEGER, source TEXT, target TEXT,
    negative INTEGER, neutral INTEGER, positive INTEGER,
    vcp INTEGER, mcp INTEGER, vcf INTEGER, mcf INTEGER, weight REAL, balance REAL,
    PRIMARY KEY (article, source, target)
) WITHOUT ROWID;
CREATE INDEX tally_by_countries ON tally (source, target);

CREATE TABLE signature (article INTEGER PRIMARY KEY, hashes BLOB);

-- What the model said of the names, and a digest of whom they mean; for another gazetteer.
CREATE TABLE naming (article INTEGER PRIMARY KEY, bytes BLOB);

CREATE VIEW articles AS
SELECT a.article_id, a.path, a.title, a.source, a.author_country, a.date, a.language, a.words,
    a.sentences, a.windows, first.article_id AS story_id, a.mentions, a.pairs, a.author, a.url,
    a.date_from, CASE a.outcome WHEN 'foreign' THEN 'language' END AS skipped, a.similarity
FROM article a LEFT JOIN article first ON first.place = a.story
WHERE a.place IS NOT NULL AND a.outcome IN ('analysed', 'foreign')
ORDER BY a.place;

CREATE VIEW stories AS
SELECT first.article_id AS story_id, first.title, COUNT(*) AS articles,
    MIN(NULLIF(a.date, '')) AS first_date,
    (SELECT group_concat(source, '; ') FROM
        (SELECT DISTINCT source FROM article WHERE story = a.story AND source <> ''
         ORDER BY source)) AS sources,
    (COUNT(*) - 1.0) / COUNT(*) AS share_of_copies
FROM article a JOIN article first ON first.place = a.story
WHERE a.place IS NOT NULL
GROUP BY a.story
ORDER BY articles DESC, story_id;

CREATE VIEW mentions AS
SELECT a.article_id || '-m' || m.n AS mention_id, a.article_id, m.sentence, m.start, m."end",
    m.text, m.type, m.actor, m.iso3, m.via, m.score, m.p_negative, m.p_neutral, m.p_positive
FROM article a JOIN mention m ON m.article = a.number
WHERE a.place IS NOT NULL
ORDER BY a.place, m.n;

CREATE VIEW pairs AS
SELECT a.article_id || '-p' || p.n AS pair_id, a.article_id, a.date, p.sentence,
    a.article_id || '-m' || p.holder AS holder_mention,
    a.article_id || '-m' || p.target AS target_mention,
    holder.iso3 AS holder_iso3, target.iso3 AS target_iso3,
    p.stance, p.p_against, p.p_neutral, p.p_favor, p.quad, p.p_quad, s.text
FROM article a
    JOIN pair p ON p.article = a.number
    JOIN mention holder ON holder.article = a.number AND holder.n = p.holder
    JOIN mention target ON target.article = a.number AND target.n = p.target
    LEFT JOIN sentence s ON s.article = a.number AND s.n = p.sentence
WHERE a.place IS NOT NULL
ORDER BY a.place, p.n;

-- The bare columns beside MIN(place) are those of the first article that has the name.
CREATE VIEW unresolved AS
SELECT f.name, f.mentions, f.articles, s.text AS example
FROM (
    SELECT u.name, SUM(u.mentions) AS mentions, COUNT(*) AS articles,
        MIN(a.place), u.article, u.sentence
    FROM article a JOIN unresolved_name u ON u.article = a.number
    WHERE a.place IS NOT NULL
    GROUP BY u.name
) f LEFT JOIN sentence s ON s.article = f.article AND s.n = f.sentence
ORDER BY f.mentions DESC, f.articles DESC, f.name;

CREATE VIEW failures AS
SELECT path, stage, reason FROM article
WHERE place IS NOT NULL AND outcome = 'failed'
ORDER BY place;
