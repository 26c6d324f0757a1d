package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
)

// sharded are the tables that grow with the contacts. Each has a column of the
// contact's number, by which a cluster distributes its rows, so that everything of
// a contact is on one server. The others go with the first.
var sharded = [][2]string{
	{"contact", "no"}, {"visitor", "contact_no"}, {"field", "contact_no"}, {"decision", "contact_no"},
	{"activity", "contact_no"}, {"last_activity", "contact_no"}, {"membership", "contact_no"}, {"change", "contact_no"},
}

// The other tables are small, and stay where all that write them are connected.
// These the cluster has to know, because they are written together with the
// shards: only then does a commit on them and a single server take two phases.
var counters = []string{"head", "last_activity_until"}

// Sharded answers the tables that a cluster distributes, each with the column.
func Sharded() map[string]string {
	by := map[string]string{}
	for _, table := range sharded {
		by[table[0]] = table[1]
	}
	return by
}

// Distribution answers the statements that distribute the tables of a database
// over a Citus cluster; none where that has been done. The tables need not be
// there yet.
func Distribution(ctx context.Context, url string) (statements []string, err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	return distribution(ctx, conn)
}

func distribution(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	c, err := lookForCluster(ctx, conn)
	switch {
	case err != nil:
		return nil, err
	case !c.installed:
		return nil, muster.Errorf(muster.CodeConflict, "The database has no extension citus. Install Citus on every server, add it to shared_preload_libraries, and run: create extension citus")
	case !c.coordinator:
		return nil, notCoordinator()
	case c.distributed:
		return nil, nil
	}
	var named, may bool
	err = conn.QueryRow(ctx, `select exists (select from pg_dist_node where groupid = 0), has_function_privilege('recover_prepared_transactions()', 'execute')`).Scan(&named, &may)
	switch {
	case err != nil:
		return nil, err
	case !may:
		return nil, muster.Errorf(muster.CodeConflict, "The user of the database may not end commits that a lost server has left open. Run as a superuser: grant execute on function recover_prepared_transactions() to the user")
	case !named:
		return nil, muster.Errorf(muster.CodeConflict, "The workers do not know the coordinator. Run there, with the name under which they reach it: select citus_set_coordinator_host('NAME', PORT)")
	}
	var statements []string
	with := "none"
	for _, table := range sharded {
		statements = append(statements, fmt.Sprintf("select create_distributed_table('%s', '%s', colocate_with := '%s')", table[0], table[1], with))
		with = sharded[0][0]
	}
	for _, table := range counters {
		statements = append(statements, fmt.Sprintf("select citus_add_local_table_to_metadata('%s')", table))
	}
	// The workers know nothing yet of the rows that they were given.
	return append(statements, "analyze "+strings.Join(slices.Sorted(maps.Keys(Sharded())), ", ")), nil
}

func notCoordinator() error {
	return muster.Errorf(muster.CodeConflict, "The database is a worker of a Citus cluster. Connect to the coordinator.")
}

// Distribute runs the statements of Distribution, in one transaction.
func Distribute(ctx context.Context, url string) (statements []string, err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if err := check(ctx, conn); err != nil {
		return nil, err
	}
	statements, err = distribution(ctx, conn)
	if err != nil {
		return nil, err
	}
	return statements, pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for _, statement := range statements {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	})
}
