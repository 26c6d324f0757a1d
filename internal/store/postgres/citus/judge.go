package citus

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
)

// Tables answers the tables of a connection's schema; by says by which column
// those are distributed that are.
func Tables(ctx context.Context, conn *pgx.Conn, by map[string]string) (Schema, error) {
	schema := Schema{}
	rows, err := conn.Query(ctx, `select table_name, array_agg(column_name::text) from information_schema.columns where table_schema = current_schema() group by table_name`)
	if err != nil {
		return nil, err
	}
	var name string
	var columns []string
	_, err = pgx.ForEachRow(rows, []any{&name, &columns}, func() error {
		schema[name] = Table{Columns: columns, By: by[name]}
		columns = nil
		return nil
	})
	return schema, err
}

// Keys answers the unique and foreign keys in a connection's schema that a cluster
// would refuse.
func Keys(ctx context.Context, conn *pgx.Conn, by map[string]string) (refused []string, err error) {
	for _, table := range slices.Sorted(maps.Keys(by)) {
		rows, err := conn.Query(ctx, `select indexrelid::regclass::text from pg_index where indrelid = to_regclass($1) and indisunique
			and not exists (select from pg_attribute where attrelid = indrelid and attname = $2 and attnum = any(indkey))
			union all select conname from pg_constraint where contype = 'f' and to_regclass($1) in (conrelid, confrelid)
			order by 1`, table, by[table])
		if err != nil {
			return nil, err
		}
		found, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return nil, err
		}
		refused = append(refused, found...)
	}
	return refused, nil
}

// dear are beginnings of statements that are known to bring rows to the
// coordinator: few, or only those that are shown.
var dear = []string{
	"select value from (select text as value, folded from field", // suggestions while somebody types
	"with moved as (delete from visitor",                         // one contact's
}

// Judge looks at what a server was asked, and answers an error that names the
// statements that a cluster would refuse, and those that would be dear there and
// are not known to be.
func Judge(s *pgtest.Server) (err error) {
	ctx := context.Background()
	statements, err := s.Statements(ctx)
	if err != nil {
		return err
	}
	url, err := s.Schema(ctx)
	if err != nil {
		return err
	}
	if _, err := postgres.Migrate(ctx, url); err != nil {
		return err
	}
	conn, err := pgtest.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	schema, err := Tables(ctx, conn, postgres.Sharded())
	if err != nil {
		return err
	}
	var wrong []string
	for _, sql := range statements {
		if strings.Contains(sql, "create table") || strings.HasPrefix(sql, "alter table") {
			continue // migrations make keys and take them back; Keys judges what is left
		}
		sql = postgres.OnCluster(sql)
		found, err := Check(sql, schema)
		if err != nil {
			return err
		}
		for _, f := range found {
			if !f.Dear || !slices.ContainsFunc(dear, func(known string) bool { return strings.HasPrefix(sql, known) }) {
				wrong = append(wrong, fmt.Sprintf("%s\n    %s: %s", sql, f.Rule, f.Says))
			}
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("a Citus cluster would not do well with these of %d statements:\n%s", len(statements), strings.Join(wrong, "\n"))
	}
	return nil
}
