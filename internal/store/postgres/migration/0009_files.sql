-- readers: 8
-- Files that were handed over and are still to be taken in: a label that says what
-- becomes of each, and its parts in chunks, by where a chunk begins.

create table file (
  id      text collate "C" primary key,
  version bigint not null,
  label   bytea not null
);

create table file_part (
  id    text collate "C" not null references file on delete cascade,
  part  text collate "C" not null,
  place bigint not null,
  body  bytea not null,
  primary key (id, part, place)
);

-- To compress them takes longer than to keep them.
alter table file_part alter column body set storage external;
