package pgtest_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
)

func TestAServerKeepsWhatItHasOverAHalt(t *testing.T) {
	s, err := pgtest.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	}()
	url, err := s.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(query string) {
		t.Helper()
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(t.Context())
		if _, err := conn.Exec(t.Context(), query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	ask("create table kept (n int)")
	if err := s.Halt(); err != nil {
		t.Fatal(err)
	}
	if _, err := pgx.Connect(t.Context(), url); err == nil {
		t.Error("a halted server took a connection")
	}
	if err := s.Run(); err != nil {
		t.Fatal(err)
	}
	ask("set synchronous_commit = on; insert into kept values (1)")
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := s.Run(); err != nil {
		t.Fatal(err)
	}
	ask("do $$ begin if (select count(*) from kept) <> 1 then raise 'the row is gone'; end if; end $$")
}
