package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/muster-groups/muster/internal/sample"
)

// duckSide is a DuckDB database of the load's activities: numbers for contact,
// type and time, text (which DuckDB compresses by dictionary) for the page.
// DuckDB uses all cores, as Muster does.
type duckSide struct {
	connector *duckdb.Connector
	db        *sql.DB
}

func openDuck(ctx context.Context, path string, load *sample.Load) (*duckSide, error) {
	_, missing := os.Stat(path)
	connector, err := duckdb.NewConnector(path, nil)
	if err != nil {
		return nil, err
	}
	d := &duckSide{connector, sql.OpenDB(connector)}
	if missing == nil {
		return d, nil
	}
	fmt.Fprintln(os.Stderr, "loading DuckDB")
	if err := d.fill(ctx, load); err != nil {
		d.close()
		_ = os.Remove(path) // half a database is worse than none
		return nil, err
	}
	return d, nil
}

func (d *duckSide) fill(ctx context.Context, load *sample.Load) error {
	const schema = "CREATE TABLE activity (contact UINTEGER, type UTINYINT, occurred BIGINT, page VARCHAR)"
	if _, err := d.db.ExecContext(ctx, schema); err != nil {
		return err
	}
	conn, err := d.connector.Connect(ctx)
	if err != nil {
		return err
	}
	appender, err := duckdb.NewAppenderFromConn(conn, "", "activity")
	if err != nil {
		return err
	}
	for row := range load.Rows() {
		if err := appender.AppendRow(row.Contact, row.Type, int64(row.At), load.Page(int(row.Page))); err != nil {
			return err
		}
	}
	if err := appender.Close(); err != nil {
		return err
	}
	if err := conn.Close(); err != nil {
		return err
	}
	_, err = d.db.ExecContext(ctx, "CHECKPOINT")
	return err
}

// ask lets DuckDB answer how many contacts there are: reading a million rows
// back into Go would cost more than finding them.
func (d *duckSide) ask(ctx context.Context, question string, from, to int64) (n int, err error) {
	err = d.db.QueryRowContext(ctx, "SELECT count(*) FROM ("+question+")", from, to).Scan(&n)
	return n, err
}

func (d *duckSide) close() { _ = d.db.Close() }
