-- One row: the instant of the last commit, and how many commits were given up
-- after an error.
CREATE TABLE state (
  one      INTEGER PRIMARY KEY CHECK (one = 1),
  tick     INTEGER NOT NULL,
  given_up INTEGER NOT NULL
) STRICT;
INSERT INTO state (one, tick, given_up) VALUES (1, 0, 0);

-- Names that many blobs repeat: codes of fields, decisions and causes.
CREATE TABLE word (
  no   INTEGER PRIMARY KEY,
  text TEXT NOT NULL
) STRICT;

-- Dictionary entries; key is dictionary * 2^32 + code.
CREATE TABLE entry (
  key  INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE contact (
  no          INTEGER PRIMARY KEY,
  id          BLOB NOT NULL,
  created     INTEGER NOT NULL,
  parent      INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  email       TEXT NOT NULL,
  data        BLOB NOT NULL
) STRICT;

CREATE TABLE erased (
  no INTEGER PRIMARY KEY,
  id BLOB NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE activity (
  row  INTEGER PRIMARY KEY,
  data BLOB NOT NULL
) STRICT;

-- Rows of activity that are gone but not deleted yet.
CREATE TABLE removed (
  part INTEGER PRIMARY KEY,
  rows BLOB NOT NULL
) STRICT;

-- Change records; a row holds consecutive runs of one commit.
CREATE TABLE change_log (
  first INTEGER PRIMARY KEY,
  runs  BLOB NOT NULL
) STRICT;

CREATE TABLE base (
  group_no INTEGER PRIMARY KEY,
  seq      INTEGER NOT NULL,
  bitmap   BLOB
) STRICT;

CREATE TABLE document (
  kind TEXT NOT NULL,
  code TEXT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (kind, code)
) STRICT, WITHOUT ROWID;
