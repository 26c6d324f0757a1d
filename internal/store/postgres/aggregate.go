package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
)

// Aggregate asks a database who acted at least three times after one instant and
// up to another, on a page unless that is "", and answers how many: the measure
// of what a recalculation of a count may cost.
func Aggregate(ctx context.Context, url string, from, to muster.Instant, page string) (found uint64, err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	sql, args := `select contact_no from activity where at > $1 and at <= $2`, []any{from, to}
	if page != "" {
		sql, args = sql+` and type = 'page_visit' and attributes->'page'->>'f' = $3`, append(args, page)
	}
	rows, err := conn.Query(ctx, sql+` group by contact_no having count(*) >= 3`, append([]any{pgx.QueryExecModeExec}, plain(args)...)...)
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		found++
	}
	return found, rows.Err()
}
