-- When each parent was last active, by the activities up to a row. Later ones are
-- looked up among the activities, and become part of this by housekeeping, so
-- that no commit has to.
create table last_activity (
  contact_no bigint primary key,
  at         bigint not null
);
create index last_activity_at on last_activity (at, contact_no);

create table last_activity_until (
  single boolean primary key default true check (single),
  row    bigint not null
);
insert into last_activity select contact_no, max(at) from activity group by contact_no;
insert into last_activity_until select true, last_row from head;
