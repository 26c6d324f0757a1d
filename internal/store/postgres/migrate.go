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

// Schema is what version a database's schema has, and which this program knows.
type Schema struct {
	Version, Known int // Version is 0 where there are no tables yet
	// Readable says that a newer schema is one that this program can still read.
	Readable bool
	// Steps are the names of the migrations that are missing.
	Steps []string
}

// Look answers what schema a database has, and changes nothing.
func Look(ctx context.Context, url string) (schema Schema, err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return schema, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	return look(ctx, conn)
}

// MakeSchema makes an empty schema in a database, in the place of one that may be
// there; keep leaves that one.
func MakeSchema(ctx context.Context, url, name string, keep bool) (err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	quoted := pgx.Identifier{name}.Sanitize()
	if !keep {
		if _, err := conn.Exec(ctx, `drop schema if exists `+quoted+` cascade`); err != nil {
			return err
		}
	}
	_, err = conn.Exec(ctx, `create schema if not exists `+quoted)
	return err
}

// Migrate brings the schema to the version that this program knows, one numbered
// step per transaction, and answers how many steps it took. It only goes forward.
func Migrate(ctx context.Context, url string) (steps int, err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	c, err := lookForCluster(ctx, conn)
	switch {
	case err != nil:
		return 0, err
	case c.installed && !c.coordinator:
		return 0, notCoordinator()
	case c.distributed:
		// Several changes of one table in a transaction go through one connection.
		if _, err := conn.Exec(ctx, `set citus.multi_shard_modify_mode = sequential`); err != nil {
			return 0, err
		}
	}
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
	schema, err := look(ctx, conn)
	if err != nil || schema.Readable {
		return steps, err // a newer program has migrated it, and this one may read
	}
	return steps, schema.refusal()
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
		// readers is the oldest version whose programs read this one rightly. A
		// migration that they can live with says so by "-- readers: N".
		if _, err := tx.Exec(ctx, `create table if not exists muster_schema (version bigint primary key, readers bigint not null)`); err != nil {
			return err
		}
		version, err := schemaVersion(ctx, tx)
		if err != nil || version >= number {
			return err
		}
		for statement := range strings.SplitSeq(string(text), ";\n") {
			// A cluster passes a statement on in the message in which it came, so
			// that each has one of its own, of the kind that takes no second.
			if _, err := tx.Conn().PgConn().ExecParams(ctx, statement, nil, nil, nil, nil).Close(); err != nil {
				return fmt.Errorf("migration %s: %w", name, err)
			}
		}
		done = true
		_, err = tx.Exec(ctx, `insert into muster_schema values ($1, $2)`, number, readers(string(text), number))
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

// readers is the oldest version whose programs can read what a migration makes.
func readers(text string, number int) int {
	for line := range strings.Lines(text) {
		if n, found := strings.CutPrefix(line, "-- readers: "); found {
			if oldest, err := strconv.Atoi(strings.TrimSpace(n)); err == nil {
				return oldest
			}
		}
	}
	return number
}

func look(ctx context.Context, conn *pgx.Conn) (s Schema, err error) {
	files, err := fs.Glob(migrations, "migration/*.sql")
	if err != nil {
		return s, err
	}
	s.Known = len(files)
	var exists bool
	if err := conn.QueryRow(ctx, `select to_regclass('muster_schema') is not null`).Scan(&exists); err != nil {
		return s, err
	}
	if exists {
		var readers int
		err := conn.QueryRow(ctx, `select coalesce(max(version), 0), coalesce(max(readers), 0) from muster_schema`).Scan(&s.Version, &readers)
		if err != nil {
			return s, err
		}
		s.Readable = s.Version > s.Known && readers <= s.Known
	}
	for _, name := range files[min(s.Version, len(files)):] {
		s.Steps = append(s.Steps, strings.TrimSuffix(strings.TrimPrefix(name, "migration/"), ".sql"))
	}
	return s, nil
}

// check refuses a schema that is missing, older or newer.
func check(ctx context.Context, conn *pgx.Conn) error {
	s, err := look(ctx, conn)
	if err != nil {
		return err
	}
	return s.refusal()
}

// refusal says why this program cannot write to a database of that schema.
func (s Schema) refusal() error {
	switch {
	case s.Version == 0:
		return muster.Errorf(muster.CodeConflict, "The database has no tables of Muster yet. Run muster migrate, or start with --migrate.")
	case s.Version < s.Known:
		return muster.Errorf(muster.CodeConflict, "The database has schema version %d and this program needs %d. Back it up, then run muster migrate, or start with --migrate.", s.Version, s.Known)
	case s.Version > s.Known:
		return muster.Errorf(muster.CodeConflict, "The database has schema version %d and this program knows only %d: a newer Muster has migrated it. Use that one.", s.Version, s.Known)
	}
	return nil
}
