// Package database hands out empty Muster databases on a server for tests. It
// must not know what tests do with them.
package database

import (
	"context"
	"errors"

	"github.com/muster-groups/muster/internal/store/postgres"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
)

// Worlds are the schemas of a server that hold a Muster database. A used one is
// emptied, which is much faster than making another.
type Worlds struct {
	server *pgtest.Server
	unused chan string
}

// On hands out databases of a server.
func On(server *pgtest.Server) *Worlds {
	return &Worlds{server, make(chan string, 64)}
}

// Take answers how to connect to an empty database that nobody else has.
func (w *Worlds) Take(ctx context.Context) (string, error) {
	select {
	case url := <-w.unused:
		return url, clear(ctx, url)
	default:
	}
	url, err := w.server.Schema(ctx)
	if err != nil {
		return "", err
	}
	if _, err = postgres.Migrate(ctx, url); err == nil && w.server.Cluster() {
		_, err = postgres.Distribute(ctx, url)
	}
	return url, err
}

// Give gives a database back that nothing is connected to any more.
func (w *Worlds) Give(url string) { w.unused <- url }

// clear empties all tables; they are small, so that deleting is faster than
// truncating.
func clear(ctx context.Context, url string) error {
	conn, err := pgtest.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `do $$ declare t text; begin
		for t in select table_name from information_schema.tables where table_schema = current_schema() and table_name <> 'muster_schema' loop
			execute 'delete from ' || t;
		end loop;
		insert into head default values;
		insert into last_activity_until select true, last_row from head;
	end $$`)
	return errors.Join(err, conn.Close(ctx))
}
