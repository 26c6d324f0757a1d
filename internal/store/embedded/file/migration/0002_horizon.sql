-- How far back history reaches: no row until the horizon has moved.
CREATE TABLE horizon (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  at  INTEGER NOT NULL,
  seq INTEGER NOT NULL
) STRICT;

-- A group's membership as of a change record before the horizon, from which on
-- its records are kept; since holds when each member entered, as differences.
CREATE TABLE floor (
  group_no INTEGER PRIMARY KEY,
  seq      INTEGER NOT NULL,
  members  BLOB NOT NULL,
  since    BLOB NOT NULL
) STRICT;
