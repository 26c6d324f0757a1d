-- Everything a store keeps. Instants are seconds since 1970 and dates days since
-- 1970, numbers are millionths, and folded texts are computed by the program:
-- the database compares bytes and integers only, so its locale, its time zones
-- and its version cannot change an answer.

-- The one row of counters. Numbers of contacts, rows and records have no gaps.
create table head (
  single        boolean primary key default true check (single),
  tick          bigint not null default 0,
  last_seq      bigint not null default 0,
  last_contact  bigint not null default 0,
  last_row      bigint not null default 0,
  people        bigint not null default 0, -- grows whenever the set of parents changes
  contacts      bigint not null default 0,
  merged        bigint not null default 0,
  activities    bigint not null default 0,
  deleted       boolean not null default false -- rows that a vacuum is to remove
);
insert into head default values;

-- Of an erased contact only its number and id stay.
create table contact (
  no           bigint primary key,
  id           uuid not null unique,
  parent       bigint, -- the root it was merged into
  erased       boolean not null default false,
  created_at   bigint not null,
  external_id  text collate "C" unique,
  external_folded text collate "C",
  email        text collate "C",
  email_folded text collate "C" unique
);
create index contact_parent on contact (parent) where parent is not null;
create index contact_created on contact (created_at);

create table visitor (
  value      text collate "C" primary key,
  contact_no bigint not null,
  place      bigint not null -- the order in which they became the contact's
);
create index visitor_contact on visitor (contact_no);

create table field (
  contact_no bigint not null,
  code       text collate "C" not null,
  kind       smallint not null,
  text       text collate "C",
  folded     text collate "C",
  number     bigint, -- millionths, 0 or 1, days or seconds
  choices    text[] collate "C",
  folded_choices text[] collate "C",
  primary key (contact_no, code)
);
create index field_number on field (code, number);

create table decision (
  contact_no bigint not null,
  kind       smallint not null,
  code       text collate "C" not null,
  state      smallint not null,
  at         bigint not null,
  version    text collate "C" not null,
  primary key (contact_no, kind, code)
);
create index decision_at on decision (kind, code, at);

-- attributes: by name, an object of o(rder), k(ind), t(ext) and the readings
-- that the value has: f(olded text), n(umber), b(oolean), i(nstant).
create table activity (
  contact_no bigint not null,
  type       text collate "C" not null,
  at         bigint not null,
  row        bigint not null,
  channel    text collate "C" not null,
  arrived    bigint not null,
  sender     text collate "C",
  attributes jsonb not null
);
create index activity_contact on activity (contact_no, type, at);
create index activity_at on activity using brin (at int8_minmax_multi_ops) with (pages_per_range = 32, autosummarize = on);
create index activity_row on activity using brin (row) with (pages_per_range = 32, autosummarize = on);
create index activity_sender on activity (sender, arrived) where sender is not null;

create table membership (
  group_no   bigint not null,
  contact_no bigint not null,
  since      bigint not null,
  primary key (group_no, contact_no)
);
create index membership_contact on membership (contact_no);

-- version is the last record that changed the group's membership.
create table roll (
  group_no bigint primary key,
  version  bigint not null
);

create table change (
  seq        bigint primary key,
  group_no   bigint not null,
  contact_no bigint not null, -- 0 once it has been erased
  at         bigint not null,
  entered    boolean not null,
  cause      smallint not null,
  code       text collate "C" not null
);
create index change_group on change (group_no, seq);
create index change_contact on change (contact_no, seq);

create table document (
  kind text collate "C" not null,
  code text collate "C" not null,
  body bytea not null,
  primary key (kind, code)
);
