-- Conditions ask for activities of few types within a time. Of a type that is
-- rare, most of what lies in that time is of others.

create index activity_type on activity (type, at);
