-- What leaves a window is found by its time. A commit asks for the few activities
-- of some seconds, of which a summary of pages shows thousands beside them, most
-- where activities arrive late.

drop index activity_at;
create index activity_at on activity (at);
