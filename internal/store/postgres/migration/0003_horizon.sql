-- How far back the past can be asked for: instants before horizon_at, null for
-- none, and records up to horizon_seq are not answered. Of the records up to
-- folded, only the last entering of those who were members then is kept.

alter table head
  add column horizon_at  bigint,
  add column horizon_seq bigint not null default 0,
  add column folded      bigint not null default 0;
