-- The catalogue of one generation: the source of truth for texts, metadata, facts and relations.
-- `record` columns hold whole records as JSON; the other columns are what is searched by.
CREATE TABLE sources (
    name TEXT PRIMARY KEY,       -- file name below its root
    path TEXT NOT NULL,          -- absolute path at the time of the ingest
    root TEXT NOT NULL,          -- the folder or file given to the ingest, '' for that of the settings
    sha256 TEXT NOT NULL,
    parser TEXT NOT NULL,        -- fingerprint of the code that parsed it
    failure TEXT NOT NULL,       -- why the present file was not taken ("" = it was); the last good one stays
    failed_sha256 TEXT NOT NULL,
    account TEXT NOT NULL,       -- JSON: where every character went
    parsed BLOB NOT NULL         -- zlib JSON: its documents before they are linked to the others
);
CREATE TABLE documents (
    doc_id TEXT PRIMARY KEY, ord INTEGER NOT NULL, title TEXT NOT NULL, doc_number TEXT,
    district TEXT, kind TEXT NOT NULL, source TEXT NOT NULL, record TEXT NOT NULL
);
CREATE TABLE measures (
    measure_id TEXT PRIMARY KEY, doc_id TEXT NOT NULL REFERENCES documents(doc_id),
    ord INTEGER NOT NULL, label TEXT, record TEXT NOT NULL
);
CREATE INDEX measures_by_document ON measures(doc_id, ord);
CREATE TABLE relations (
    doc_id TEXT NOT NULL REFERENCES documents(doc_id), ord INTEGER NOT NULL, type TEXT NOT NULL,
    target_doc_id TEXT, record TEXT NOT NULL
);
CREATE INDEX relations_by_target ON relations(target_doc_id);
CREATE TABLE twins (measure_id TEXT NOT NULL, ord INTEGER NOT NULL, record TEXT NOT NULL);
CREATE INDEX twins_by_measure ON twins(measure_id, ord);
CREATE TABLE questions (measure_id TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX questions_by_measure ON questions(measure_id);
-- Row `position` of vectors.npy is the vector of the chunk.
CREATE TABLE chunks (
    chunk_id TEXT PRIMARY KEY, position INTEGER NOT NULL UNIQUE, measure_id TEXT NOT NULL,
    text TEXT NOT NULL, content TEXT NOT NULL -- sha256 of what was encoded
);
CREATE INDEX chunks_by_measure ON chunks(measure_id);
