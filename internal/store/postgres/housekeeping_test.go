package postgres_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
)

// waits until a statement of others that begins so has been waiting for a lock for
// a while, and answers its process.
func waits(t *testing.T, conn *pgx.Conn, schema, begins, while string) (pid int) {
	t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for ; t.Context().Err() == nil; <-ticker.C {
		err := conn.QueryRow(t.Context(), `select coalesce(max(a.pid), 0) from pg_stat_activity a join pg_locks l on l.pid = a.pid and not l.granted
			join pg_class c on c.oid = l.relation where c.relnamespace = $1::regnamespace and a.query like $2 || '%' and clock_timestamp() - a.query_start > $3::interval`, schema, begins, while).Scan(&pid)
		if err != nil {
			t.Fatal(err)
		}
		if pid != 0 {
			return pid
		}
	}
	return 0
}

func locker(t *testing.T, url, lock string) (conn *pgx.Conn, schema string) {
	t.Helper()
	conn, err := pgtest.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	if err := conn.QueryRow(t.Context(), `select current_schema()`).Scan(&schema); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), `begin; `+lock); err != nil {
		t.Fatal(err)
	}
	return conn, schema
}

// To remove what is deleted from the files takes longer than a request may, and is
// done again when it was broken off.
func TestDeletedRowsAreRemovedHoweverLongThatTakes(t *testing.T) {
	if server.Cluster() {
		return // whoever waits there waits on another server
	}
	url := people(t, 5)
	s := opened(t, url, postgres.Options{Timeout: time.Second})
	if err := s.Update(t.Context(), func(tx store.Tx) error { return tx.Erase(3) }); err != nil {
		t.Fatal(err)
	}
	conn, schema := locker(t, url, `lock table contact in share update exclusive mode`)
	done := make(chan error, 1)
	maintain := func() {
		_, err := s.Maintain(t.Context())
		done <- err
	}
	go maintain()
	pid := waits(t, conn, schema, "vacuum", "1200 milliseconds")
	ask(t, url, `select pg_cancel_backend(`+strconv.Itoa(pid)+`)`)
	if err := <-done; err == nil {
		t.Fatal("it was broken off and says nothing")
	}
	go maintain()
	waits(t, conn, schema, "vacuum", "0")
	if _, err := conn.Exec(t.Context(), `rollback`); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("the second time: got %v, want none", err)
	}
	if left, err := s.Left(t.Context(), "removing"); err != nil || len(left) != 0 {
		t.Errorf("then: got %v, %v; want nothing to be left to do", left, err)
	}
}

// A commit that cannot be ended is for somebody else's reason: whoever asked may ask again.
func TestACommitThatIsBrokenOffAfterItsFirstWriteIsUnavailable(t *testing.T) {
	if server.Cluster() {
		return // whoever waits there waits on another server
	}
	url := people(t, 1)
	s := opened(t, url, postgres.Options{})
	conn, schema := locker(t, url, `lock table activity in share mode`)
	done := make(chan error, 1)
	go func() {
		done <- s.Update(t.Context(), func(tx store.Tx) error {
			if err := tx.SetTick(10); err != nil {
				return err
			}
			_, err := tx.AddActivity(1, muster.Activity{Type: "visit", At: 10})
			return err
		})
	}()
	ask(t, url, `select pg_cancel_backend(`+strconv.Itoa(waits(t, conn, schema, "insert into activity", "0"))+`)`)
	if err := <-done; muster.CodeOf(err) != muster.CodeUnavailable {
		t.Errorf("got %v (%s), want it to be unavailable", err, muster.CodeOf(err))
	}
}

// readOf is how many rows of a table were read by scans, and by its indexes, by those
// who are gone by now.
func readOf(t *testing.T, conn *pgx.Conn, table string) (scanned, fetched int64) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), `select seq_tup_read, idx_tup_fetch from pg_stat_user_tables where relname = $1 and schemaname = current_schema()`, table).Scan(&scanned, &fetched); err != nil {
		t.Fatal(err)
	}
	return scanned, fetched
}

// Housekeeping reads what it is about, and not all there is.
func TestHousekeepingReadsLittle(t *testing.T) {
	if server.Cluster() {
		return // shards count by themselves
	}
	for _, test := range []struct {
		name, table string
		given       []string
	}{
		{"records are folded", "change", []string{
			`insert into change select s, 1 + (s::bigint * 7919) % 100, 1 + (s::bigint * 104729) % 50000, s / 10, (s / 50000) % 2 = 0, 1, 'page_visit' from generate_series(1, 1500000) s`,
			`update head set tick = 200000, last_seq = 1500000, horizon_seq = 6000, horizon_at = 600`, `analyze change`}},
		{"a small group is forgotten", "membership", []string{
			`insert into membership select 1 + m % 20, 1 + m / 20, 1 from generate_series(0, 299999) m`,
			`insert into membership select 21, 9000 + m, 1 from generate_series(1, 5) m`,
			`insert into roll select n, n, 1 from generate_series(1, 21) n`,
			`update head set tick = 200000, last_seq = 21, commits = 1`, `analyze membership`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			url := empty(t)
			for _, sql := range test.given {
				ask(t, url, sql)
			}
			conn, err := pgtest.Connect(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = conn.Close(context.Background()) })
			apart := url + "&application_name=housekeeping"
			s, err := postgres.Open(t.Context(), apart, postgres.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if test.table == "membership" {
				if err := s.Update(t.Context(), func(tx store.Tx) error { return tx.Forget(21) }); err != nil {
					t.Fatal(err)
				}
			}
			scanned, fetched := readOf(t, conn, test.table)
			for more := true; more; {
				if more, err = s.Maintain(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			// A process tells what it has read when it ends.
			ticker := time.NewTicker(5 * time.Millisecond)
			defer ticker.Stop()
			for there := 1; there > 0; <-ticker.C {
				if err := conn.QueryRow(t.Context(), `select count(*) from pg_stat_activity where application_name = 'housekeeping'`).Scan(&there); err != nil {
					t.Fatal(err)
				}
			}
			read, byIndex := readOf(t, conn, test.table)
			if read != scanned || byIndex-fetched > 20_000 {
				t.Errorf("it read %d by scans and %d by indexes; want none and few", read-scanned, byIndex-fetched)
			}
		})
	}
}

// Whoever may migrate may also read a database that a newer program has migrated.
func TestANewerDatabaseIsNotRefusedByMigrating(t *testing.T) {
	url := empty(t)
	ask(t, url, `insert into muster_schema values (999, 1)`)
	if steps, err := postgres.Migrate(t.Context(), url); err != nil || steps != 0 {
		t.Errorf("one that this program can read: got %d steps, %v; want nothing to do", steps, err)
	}
	ask(t, url, `update muster_schema set readers = 999 where version = 999`)
	if _, err := postgres.Migrate(t.Context(), url); muster.CodeOf(err) != muster.CodeConflict {
		t.Errorf("one that it cannot read: got %v, want a conflict", err)
	}
}
