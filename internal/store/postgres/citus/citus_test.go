package citus_test

import (
	"context"
	"os"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster/internal/store/postgres/citus"
)

// The tables of the examples: two of a contact, and one on the coordinator.
var schema = citus.Schema{
	"contact":  {Columns: []string{"no", "id", "city"}, By: "no"},
	"activity": {Columns: []string{"contact_no", "type", "at"}, By: "contact_no"},
	"head":     {Columns: []string{"tick"}},
}

const tables = `create table contact (no bigint primary key, id bigint, city text); create table activity (contact_no bigint, type text, at bigint);
	create table head (tick bigint); insert into head values (1)`

func TestWhatAClusterRefusesIsFound(t *testing.T) {
	coordinator := connect(t)
	for _, test := range []struct{ sql, rule string }{
		{`select no from contact where no = any('{1,2}'::bigint[]) order by no for no key update`, citus.RuleLock},
		{`select no from contact where no > 1 for share`, citus.RuleLock},
		{`update activity set contact_no = 1 where contact_no = 2`, citus.RuleMove},
		{`select 1 from contact c, activity a where c.id = a.at`, citus.RuleJoin},
		{`select 1 from contact c join activity a on a.at = c.no`, citus.RuleJoin},
		{`delete from activity a using contact c where c.id = a.at`, citus.RuleJoin},
		{`select no from contact c where exists (select from activity a where a.at = c.no)`, citus.RuleCorrelated},
		{`select no, (select count(*) from activity a where a.type = c.city) from contact c`, citus.RuleCorrelated},
		{`insert into activity (type, at) values ('visit', 1)`, citus.RuleUnplaced},
		{`merge into contact c using activity a on a.contact_no = c.no when matched then update set id = extract(epoch from now())`, citus.RuleMerge},
		{`update activity set at = random() where contact_no > 1`, citus.RuleFunction},
		{`with recursive r as (select no, id from contact union all select c.no, c.id from contact c, r where c.no = r.id) select * from r`, citus.RuleRecursive},
		{`select contact_no, type, count(*) from activity group by rollup (contact_no, type)`, citus.RuleGroupingSet},
		{`select exists (select from contact where id = 1)`, citus.RuleNoColumns},
		{`create unique index on contact (id)`, citus.RuleUnique},
		{`alter table contact add unique (id)`, citus.RuleUnique},
		{`alter table activity add foreign key (at) references contact (no)`, citus.RuleForeign},
	} {
		found, err := citus.Check(test.sql, schema)
		if err != nil {
			t.Errorf("%s: %v", test.sql, err)
			continue
		}
		if !slices.ContainsFunc(found, func(f citus.Finding) bool { return f.Rule == test.rule && !f.Dear }) {
			t.Errorf("%s:\ngot %v, want that it %s", test.sql, found, test.rule)
		}
		if coordinator != nil {
			if _, err := coordinator.Exec(t.Context(), test.sql); err == nil {
				t.Errorf("%s: a cluster does it, and the rule says it does not: it %s", test.sql, test.rule)
			}
		}
	}
}

func TestWhatAClusterDoesIsNotRefused(t *testing.T) {
	coordinator := connect(t)
	for _, test := range []struct {
		sql  string
		dear bool
	}{
		{sql: `select no from contact where no = 1 for update`},
		{sql: `select tick from head for update`},
		{sql: `update contact set city = 'Bern' where id = 1`},
		{sql: `select 1 from contact c join activity a on a.contact_no = c.no and a.at = c.id`},
		{sql: `select 1 from contact c, activity a, activity b where c.no = a.contact_no and b.contact_no = a.contact_no`},
		{sql: `select c.no from contact c where exists (select from activity a where a.contact_no = c.no and a.at > 5) is true`},
		{sql: `select no from contact where no in (select contact_no from activity where at > 5)`},
		{sql: `select no from contact where exists (select from activity where contact_no = no)`},
		{sql: `select no from contact c where (select count(*) from (select from activity a where a.contact_no = c.no limit 2) x) >= 2`},
		{sql: `select f.contact_no from (select contact_no, max(at) as at from activity group by contact_no) f left join contact c on c.no = f.contact_no where c.id < f.at`},
		{sql: `insert into contact (no) values (1)`},
		{sql: `insert into activity (contact_no, type, at) values (1, 'visit', extract(epoch from now())::bigint)`},
		{sql: `insert into contact (no, id) select contact_no, max(at) from activity group by contact_no on conflict (no) do update set id = excluded.id`},
		{sql: `with moved as (delete from activity where contact_no = 1 returning *) insert into activity select 2, type, at from moved`},
		{sql: `delete from activity a using contact c where c.no = a.contact_no and c.id = 1`},
		{sql: `select no, (select max(at) from activity where contact_no = 1) from contact where no = 1`},
		{sql: `alter table activity add foreign key (contact_no) references contact (no)`},
		{sql: `create index on contact (id)`},
		{sql: `create unique index on contact (id, no)`},
		{sql: `select no from contact where id = (select max(at) from activity)`, dear: true},
		{sql: `select city from (select city, no from contact order by id limit 10) c where no > 1`, dear: true},
		{sql: `select distinct id from contact where id not in (select tick from head)`},
		{sql: `select 1 from contact, head where id = tick`, dear: true},
	} {
		found, err := citus.Check(test.sql, schema)
		if err != nil {
			t.Errorf("%s: %v", test.sql, err)
			continue
		}
		dear := false
		for _, f := range found {
			if dear = true; !f.Dear {
				t.Errorf("%s: got that it %s (%s), want no refusal", test.sql, f.Rule, f.Says)
			}
		}
		if dear != test.dear {
			t.Errorf("%s: got %v, want dear %t", test.sql, found, test.dear)
		}
		if coordinator != nil {
			if _, err := coordinator.Exec(t.Context(), test.sql); err != nil {
				t.Errorf("%s: a cluster refuses it: %v", test.sql, err)
			}
		}
	}
}

// connect answers a connection to a real cluster with the examples' tables, where
// there is one: it judges the rules.
func connect(t *testing.T) *pgx.Conn {
	url := os.Getenv("MUSTER_TEST_CITUS")
	if url == "" {
		return nil
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, err := conn.Exec(context.Background(), `drop schema citus_examples cascade`)
		if err != nil {
			t.Error(err)
		}
		conn.Close(context.Background())
	})
	for _, sql := range []string{`create schema citus_examples`, `set search_path = citus_examples`, tables,
		`select create_distributed_table('contact', 'no', colocate_with := 'none')`, `select create_distributed_table('activity', 'contact_no', colocate_with := 'contact')`} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	return conn
}
