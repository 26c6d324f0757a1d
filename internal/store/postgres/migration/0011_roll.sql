-- The commit that changed a group's membership last, so that who knows those of
-- all groups asks for later ones only, however many groups there are. Of a
-- forgotten group a row with version 0 stays, so that its being forgotten is seen.

alter table roll add column commit bigint not null default 0;
create index roll_commit on roll (commit);
