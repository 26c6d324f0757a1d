package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
)

//go:embed migration/*.sql
var migrations embed.FS

// Migrate brings the schema to the version that this program knows, one numbered
// step per transaction, and answers how many steps it took. It only goes forward.
func Migrate(ctx context.Context, url string) (steps int, err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	files, err := fs.Glob(migrations, "migration/*.sql")
	if err != nil {
		return 0, err
	}
	for _, name := range files {
		done, err := step(ctx, conn, name)
		if err != nil {
			return steps, err
		}
		if done {
			steps++
		}
	}
	return steps, check(ctx, conn)
}

// step takes one step unless it was taken.
func step(ctx context.Context, conn *pgx.Conn, name string) (done bool, err error) {
	number, err := strconv.Atoi(strings.TrimPrefix(name, "migration/")[:4])
	if err != nil {
		return false, err
	}
	text, err := migrations.ReadFile(name)
	if err != nil {
		return false, err
	}
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		// Two programs that migrate at once take turns.
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, lockOfMigration); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `create table if not exists muster_schema (version bigint primary key)`); err != nil {
			return err
		}
		version, err := schemaVersion(ctx, tx)
		if err != nil || version >= number {
			return err
		}
		if _, err := tx.Exec(ctx, string(text)); err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
		done = true
		_, err = tx.Exec(ctx, `insert into muster_schema values ($1)`, number)
		return err
	})
	return done, err
}

type rower interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func schemaVersion(ctx context.Context, q rower) (version int, err error) {
	err = q.QueryRow(ctx, `select coalesce(max(version), 0) from muster_schema`).Scan(&version)
	return version, err
}

// known is the newest version that this program knows.
func known() (int, error) {
	files, err := fs.Glob(migrations, "migration/*.sql")
	return len(files), err
}

// check refuses a schema that is missing, older or newer.
func check(ctx context.Context, conn *pgx.Conn) error {
	want, err := known()
	if err != nil {
		return err
	}
	var exists bool
	if err := conn.QueryRow(ctx, `select to_regclass('muster_schema') is not null`).Scan(&exists); err != nil {
		return err
	}
	version := 0
	if exists {
		if version, err = schemaVersion(ctx, conn); err != nil {
			return err
		}
	}
	switch {
	case version == 0:
		return muster.Errorf(muster.CodeConflict, "The database has no tables of Muster yet. Run muster migrate, or start with --migrate.")
	case version < want:
		return muster.Errorf(muster.CodeConflict, "The database has schema version %d and this program needs %d. Back it up, then run muster migrate, or start with --migrate.", version, want)
	case version > want:
		return muster.Errorf(muster.CodeConflict, "The database has schema version %d and this program knows only %d: a newer Muster has migrated it. Use that one.", version, want)
	}
	return nil
}
