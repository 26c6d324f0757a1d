-- Records of many contacts that entered or left a group in one commit: their
-- commit writes them as sets, and housekeeping writes them out afterwards as
-- rows of change and of membership, a few at a time. Of the records from first
-- to last the first done are rows by now.
create table bulk (
  first    bigint primary key,
  last     bigint not null,
  done     bigint not null default 0,
  group_no bigint not null,
  part     bigint not null, -- the contacts' numbers without the last 16 bits
  at       bigint not null,
  entered  boolean not null,
  cause    smallint not null,
  code     text collate "C" not null,
  contacts bytea not null, -- a bitmap, in the order of the records
  gone     bytea not null  -- a bitmap of the places, from 0, of those who were erased since
);

-- The first record that is not a row yet; 0 when all are.
alter table head add column bulk bigint not null default 0;
