-- What several nodes on one database need to know of each other.

alter table head add column commits bigint not null default 0;

-- The commit that wrote a document last, and the last one of each kind, which
-- also counts what was deleted.
alter table document add column commit bigint not null default 0;
create index document_commit on document (kind, commit);
create table written (
  kind   text collate "C" primary key,
  commit bigint not null
);

-- Whom each of the latest commits concerned, and who of them became a parent or
-- ceased to be one, as bitmaps of contact numbers.
create table touched (
  commit   bigint primary key,
  contacts bytea not null,
  people   bytea not null
);

-- Who does what is to be done once, until when by the database's clock.
create table lease (
  name   text collate "C" primary key,
  holder text collate "C" not null,
  until  timestamptz not null,
  note   bytea not null
);
