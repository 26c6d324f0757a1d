package postgres_test

import (
	"context"
	"testing"

	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
)

// pretended is what of Citus the store asks for. A commit that inserts into touched
// is told, as often as undecided says, that a server has not heard of its end; and
// settling fails as often as away says.
const pretended = `
create table pretence (undecided bigint, away bigint, settled bigint);
insert into pretence values (0, 0, 0);
create function recover_prepared_transactions() returns int language plpgsql as $$ begin
	if (select away > 0 from pretence) then
		raise warning 'transaction recovery cannot connect to worker:5432';
	end if;
	update pretence set away = greatest(away - 1, 0), settled = settled + case when away > 0 then 0 else 1 end;
	return 0;
end $$;
create function last_words() returns trigger language plpgsql as $$ begin
	if (select undecided > 0 from pretence) then
		raise warning 'failed to commit transaction on worker:5432';
		update pretence set undecided = undecided - 1;
	end if;
	return null;
end $$;
create constraint trigger last_words after insert on touched deferrable initially deferred for each row execute function last_words()`

func pretend(t *testing.T, url string) *postgres.Store {
	t.Helper()
	s, err := postgres.OpenSharded(t.Context(), url)
	return closing(t, s, err)
}

func TestACommitIsAcknowledgedWhenItIsOnEveryServer(t *testing.T) {
	if server.Cluster() {
		return // it does not pretend
	}
	url := empty(t)
	ask(t, url, pretended)
	s, other := pretend(t, url), pretend(t, url)
	ask(t, url, `update pretence set undecided = 1, away = 1, settled = 0`)
	if err := s.Update(t.Context(), func(tx store.Tx) error { return tx.SetTick(1000) }); err != nil {
		t.Fatal(err)
	}
	conn, err := pgtest.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var undecided, settled, locked int
	err = conn.QueryRow(t.Context(), `select undecided, settled, (select count(*) from pg_locks where locktype = 'advisory' and classid = 1836413814
		and objid::bigint = hashtext(current_schema())::bigint & 4294967295) from pretence`).Scan(&undecided, &settled, &locked)
	if err != nil || undecided != 0 || settled != 1 || locked != 0 {
		t.Errorf("after the commit: got %d commits undecided, settled %d times, the gate locked %d times, error %v, want 0, 1, 0", undecided, settled, locked, err)
	}
	err = other.Update(t.Context(), func(tx store.Tx) error { return tx.SetTick(tx.Tick() + 1) })
	if err != nil {
		t.Errorf("the next commit: %v", err)
	}
	err = s.View(t.Context(), func(v store.View) error {
		if got := v.Tick(); got != 1001 {
			t.Errorf("tick: got %d, want 1001", got)
		}
		return nil
	})
	if err != nil {
		t.Errorf("view: %v", err)
	}
}

func TestNoPlanOfAClusterIsForAnyValue(t *testing.T) {
	url := empty(t)
	if !server.Cluster() {
		ask(t, url, pretended)
	}
	for _, also := range []string{"", "&plan_cache_mode=force_generic_plan"} {
		writing, reading, err := pretend(t, url+also).Plans(t.Context())
		if err != nil || writing != "auto" || reading != "auto" {
			t.Errorf("a URL with %q: got plans %q to write and %q to read, error %v, want auto", also, writing, reading, err)
		}
	}
}

func TestNodesOfAClusterWriteReadAndKeepHouseAtOnce(t *testing.T) {
	url := empty(t)
	if !server.Cluster() {
		ask(t, url, pretended)
	}
	const commits = 40
	done := make(chan error)
	nodes := []*postgres.Store{pretend(t, url), pretend(t, url)}
	for _, s := range nodes {
		go func() {
			for range commits {
				if err := s.Update(t.Context(), func(tx store.Tx) error { return tx.SetTick(tx.Tick() + 1) }); err != nil {
					done <- err
					return
				}
				if _, err := s.Maintain(t.Context()); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
		go func() {
			for range commits {
				if err := s.View(t.Context(), func(v store.View) error { return nil }); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 2 * len(nodes) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	err := nodes[0].View(t.Context(), func(v store.View) error {
		if got, want := int(v.Tick()), commits*len(nodes); got != want {
			t.Errorf("tick: got %d, want %d: one for each commit", got, want)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
