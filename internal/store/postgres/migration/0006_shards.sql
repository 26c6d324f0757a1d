-- Tables that a cluster can keep in shards by contact. It knows no key across
-- shards, so that keys of them have the contact in front or not at all: that an
-- identifier has one owner, and an id one contact, holds because commits take
-- turns, and each looks who owns it before it gives it.

alter table contact
  drop constraint contact_id_key,
  drop constraint contact_external_id_key,
  drop constraint contact_email_folded_key;
create index contact_id on contact (id);
create index contact_external_id on contact (external_id) where external_id is not null;
create index contact_email on contact (email_folded) where email_folded is not null;

alter table visitor drop constraint visitor_pkey, add primary key (contact_no, value);
drop index visitor_contact;
create index visitor_value on visitor (value);

alter table change drop constraint change_pkey, add primary key (seq, contact_no);
