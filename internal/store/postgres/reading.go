package postgres

import (
	"context"
	"math"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// reading is a store.View: one database transaction, and what it has found out.
// Its first error stays: methods that cannot answer one answer nothing, and
// whoever runs the reading looks at err in the end.
type reading struct {
	ctx     context.Context
	kept    *keep
	sharded bool // the tables are on a Citus cluster

	mu     sync.Mutex // a connection answers one question at a time
	db     pgx.Tx
	unsent func() *pgx.Batch                   // what a transaction has written and not sent; nil in a view
	divide func(mine, others *pgx.Batch) error // asks two connections at once; nil in a view
	err    error

	head    head
	parents *roaring.Bitmap
	rolls   map[muster.GroupNo]*roaring.Bitmap
	version map[muster.GroupNo]rolled // changed after the commit since, as of this view
	since   int64
	written map[string]int64 // by kind of document, the last commit
	inBulk  map[muster.GroupNo]int64
}

// head is the row of counters.
type head struct {
	tick                                 muster.Instant
	lastSeq, lastContact, lastRow        int64
	people, contacts, merged, activities int64
	deleted                              bool
	commits                              int64
	horizonAt                            *muster.Instant
	horizonSeq, folded                   int64
	bulk                                 int64 // the first record that is not a row yet; 0 when all are
}

// begin runs what is to precede, then reads the counters and versions, all in
// one round trip.
func (r *reading) begin(first ...string) error {
	batch := &pgx.Batch{}
	for _, sql := range first {
		batch.Queue(sql)
	}
	r.look(batch)
	return r.db.SendBatch(r.ctx, batch).Close()
}

// look asks for the counters and versions.
func (r *reading) look(batch *pgx.Batch) {
	r.rolls, r.version, r.written = map[muster.GroupNo]*roaring.Bitmap{}, map[muster.GroupNo]rolled{}, map[string]int64{}
	r.since = r.kept.knownTo()
	h := &r.head
	batch.Queue(`select tick, last_seq, last_contact, last_row, people, contacts, merged, activities, deleted, commits, horizon_at, horizon_seq, folded, bulk from head`).QueryRow(func(row pgx.Row) error {
		return row.Scan(&h.tick, &h.lastSeq, &h.lastContact, &h.lastRow, &h.people, &h.contacts, &h.merged, &h.activities, &h.deleted, &h.commits, &h.horizonAt, &h.horizonSeq, &h.folded, &h.bulk)
	})
	batch.Queue(`select group_no, version, commit from roll where commit > $1`, r.since).Query(func(rows pgx.Rows) error {
		var group muster.GroupNo
		var v rolled
		_, err := pgx.ForEachRow(rows, []any{&group, &v.version, &v.commit}, func() error { r.version[group] = v; return nil })
		if err == nil {
			r.kept.know(h.commits, r.version)
		}
		return err
	})
	batch.Queue(`select kind, commit from written`).Query(func(rows pgx.Rows) error {
		var kind string
		var commit int64
		_, err := pgx.ForEachRow(rows, []any{&kind, &commit}, func() error { r.written[kind] = commit; return nil })
		return err
	})
}

// each runs a query and calls row for every row.
func (r *reading) each(sql string, args []any, row func(pgx.Rows) error) error {
	questions := &pgx.Batch{}
	ask(questions, sql, args, row)
	return r.together(questions)
}

// ask adds a question to others; row is called for every row of its answer.
func ask(questions *pgx.Batch, sql string, args []any, row func(pgx.Rows) error) {
	questions.QueuedQueries = append(questions.QueuedQueries, asking(sql, args, row, 0).QueuedQuery)
}

// asking is a question that takes some looks.
func asking(sql string, args []any, row func(pgx.Rows) error, looks int) question {
	q := &pgx.QueuedQuery{SQL: sql, Arguments: plain(args)}
	q.Query(func(rows pgx.Rows) error {
		for rows.Next() {
			if err := row(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	return question{q, looks}
}

// together asks several questions in one journey, which also carries what a
// transaction has written before them.
func (r *reading) together(questions *pgx.Batch) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return r.err
	}
	if r.unsent != nil {
		batch := r.unsent()
		batch.QueuedQueries = append(batch.QueuedQueries, questions.QueuedQueries...)
		questions = batch
	}
	if questions.Len() == 0 {
		return nil
	}
	return r.fail(r.db.SendBatch(r.ctx, questions).Close())
}

// alone runs a query whose text is its own: to prepare it would cost more than
// it brings.
func (r *reading) alone(sql string, args []any, row func(pgx.Rows) error) error {
	if err := r.together(&pgx.Batch{}); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	rows, err := r.db.Query(r.ctx, sql, append([]any{pgx.QueryExecModeExec}, plain(args)...)...)
	if err != nil {
		return r.fail(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return r.fail(err)
		}
	}
	return r.fail(rows.Err())
}

func (r *reading) fail(err error) error {
	if r.err == nil {
		r.err = err
	}
	return err
}

// one runs a query for at most one row, and answers whether there was one.
func (r *reading) one(sql string, args []any, into ...any) (bool, error) {
	found := false
	err := r.each(sql, args, func(rows pgx.Rows) error {
		found = true
		return rows.Scan(into...)
	})
	return found, err
}

// set runs a query for contact numbers.
func (r *reading) set(sql string, args ...any) (*roaring.Bitmap, error) {
	var found numbered
	err := r.each(sql, args, found.row)
	return found.all(), err
}

// numbered gathers contact numbers from rows.
type numbered struct {
	set   roaring.Bitmap
	batch []uint32
}

func (n *numbered) row(rows pgx.Rows) error {
	var no uint32
	if err := rows.Scan(&no); err != nil {
		return err
	}
	n.add(no)
	return nil
}

func (n *numbered) add(no uint32) {
	if n.batch = append(n.batch, no); len(n.batch) == 4096 {
		n.set.AddMany(n.batch)
		n.batch = n.batch[:0]
	}
}

func (n *numbered) all() *roaring.Bitmap {
	n.set.AddMany(n.batch)
	n.batch = nil
	return &n.set
}

// numbers is a set as a query's argument.
func numbers(set *roaring.Bitmap) []int64 {
	list := make([]int64, 0, set.GetCardinality())
	for it := set.Iterator(); it.HasNext(); {
		list = append(list, int64(it.Next()))
	}
	return list
}

// Tick is the last commit's instant.
func (r *reading) Tick() muster.Instant { return r.head.tick }

// LastSeq is the last change record's number.
func (r *reading) LastSeq() muster.Seq { return muster.Seq(r.head.lastSeq) }

// Contacts is the set of all parents.
func (r *reading) Contacts() *roaring.Bitmap {
	if r.parents == nil {
		set, err := r.keptParents()
		if set == nil && err == nil {
			set, err = r.set(`select no from contact where parent is null and not erased`)
		}
		if err != nil {
			return roaring.New()
		}
		r.parents = set
		r.kept.keepParents(r.head.people, r.head.commits, set)
	}
	return r.parents
}

// Members is the current membership of a group.
func (r *reading) Members(group muster.GroupNo) *roaring.Bitmap {
	version, err := r.versionOf(group)
	if version == 0 || err != nil {
		return roaring.New()
	}
	if set := r.rolls[group]; set != nil {
		return set
	}
	set, err := r.keptRoll(group, version)
	if set == nil && err == nil {
		set, err = r.readRoll(group, version)
	}
	if err != nil {
		return roaring.New()
	}
	r.kept.keepRoll(group, version, set)
	r.rolls[group] = set
	return set
}

// MembersAt replays the group's records up to an instant.
func (r *reading) MembersAt(group muster.GroupNo, at muster.Instant) (*roaring.Bitmap, error) {
	if err := r.reaches(at); err != nil {
		return nil, err
	}
	bulk, err := r.bulkOf(group)
	if err != nil {
		return nil, err
	}
	before := int64(math.MaxInt64)
	if bulk != 0 {
		before = bulk
	}
	set, err := r.set(`select contact_no from (
		select distinct on (contact_no) contact_no, entered from change
		where group_no = $1 and at <= $2 and seq < $3 and contact_no <> 0 order by contact_no, seq desc) last where entered`, group, at, before)
	if err == nil && bulk != 0 {
		_, err = r.replay(set, group, bulk-1, math.MaxInt64, at)
	}
	return set, err
}

// Memberships answers the groups a contact is in, by number.
func (r *reading) Memberships(no muster.ContactNo) (list []store.Membership, err error) {
	err = r.each(`select group_no, since from membership where contact_no = $1 order by group_no`, []any{no}, func(rows pgx.Rows) error {
		var m store.Membership
		err := rows.Scan(&m.Group, &m.Since)
		list = append(list, m)
		return err
	})
	if list = r.remembered(list); err == nil && r.head.bulk != 0 {
		return r.membershipsWithBulk(no, list)
	}
	return list, err
}

// Changes answers change records in the order of the query.
func (r *reading) Changes(q store.ChangeQuery) (list []muster.Change, err error) {
	if h := r.Horizon(); q.After < h.Seq {
		if !q.Latest {
			return nil, muster.Errorf(muster.CodeHistoryExpired, "change records up to number %d, before %s, are not kept any more", h.Seq, h.At)
		}
		q.After = h.Seq
	}
	s := &statement{}
	s.text("select seq, group_no, contact_no, at, entered, cause, code from change where seq > ", s.arg(q.After))
	if q.Before != 0 {
		s.text(" and seq < ", s.arg(q.Before))
	}
	if q.Group != 0 {
		s.text(" and group_no = ", s.arg(q.Group))
	}
	if q.Contact != 0 {
		s.text(" and contact_no = ", s.arg(q.Contact))
	}
	s.text(" order by seq")
	if q.Latest {
		s.text(" desc")
	}
	if q.Limit == 0 {
		q.Limit = 1000
	}
	s.text(" limit ", s.arg(q.Limit))
	err = r.each(s.String(), s.args, func(rows pgx.Rows) error {
		var c muster.Change
		err := rows.Scan(&c.Seq, &c.Group, &c.Contact, &c.At, &c.Entered, &c.Cause.Kind, &c.Cause.Code)
		list = append(list, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r.withBulk(list, q)
}

// Documents answers all documents of a kind.
func (r *reading) Documents(kind string) (map[string][]byte, error) {
	return r.documents(`select code, body from document where kind = $1`, kind)
}

func (r *reading) documents(sql string, args ...any) (map[string][]byte, error) {
	found := map[string][]byte{}
	err := r.each(sql, args, func(rows pgx.Rows) error {
		var code string
		var body []byte
		err := rows.Scan(&code, &body)
		found[code] = body
		return err
	})
	return found, err
}

// recent is how many of the latest activities Values looks at.
const recent = 100_000

// Values answers values seen of a field, or of an attribute among the latest
// activities, most frequent first.
func (r *reading) Values(source, text string, limit int) ([]string, error) {
	kind, code, _ := strings.Cut(source, ":")
	var from string
	args := []any{code, plan.Fold(text), limit}
	switch kind {
	case "attribute":
		from = `select attributes->$1::text->>'t' as value, attributes->$1::text->>'f' as folded from activity where row > $4::bigint and attributes ? $1::text`
		args = append(args, r.head.lastRow-recent)
	case "field":
		from = `select text as value, folded from field where code = $1::text and text is not null
			union all select c.value, f.folded from field, unnest(choices, folded_choices) as c(value, folded), lateral (select c.folded) f where code = $1::text and choices is not null`
	default:
		return nil, muster.Errorf(muster.CodeInvalid, "%q is not a source of values: expected attribute:<name> or field:<code>", source)
	}
	var list []string
	err := r.each(`select value from (`+from+`) seen where value <> '' and strpos(coalesce(folded, ''), $2::text) > 0
		group by value order by count(*) desc, value collate "C" limit $3::bigint`, args, func(rows pgx.Rows) error {
		var value string
		err := rows.Scan(&value)
		list = append(list, value)
		return err
	})
	return list, err
}
