-- Lists show the newest contacts first, those of one instant by number. Of an
-- import many thousands are of one instant.

drop index contact_created;
create index contact_created on contact (created_at desc, no);
