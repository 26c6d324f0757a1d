-- What the holder of a lease has done of a work, for whoever holds it next.

create table work (
  name text collate "C" not null,
  part bigint not null,
  body bytea not null,
  primary key (name, part)
);
