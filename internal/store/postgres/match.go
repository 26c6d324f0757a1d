package postgres

import (
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// many is from how many contacts on a plan is asked of everybody: then one pass
// over the tables is cheaper than naming them.
const many = 50_000

// Match answers each query's set. What is asked of a few contacts travels
// together: its texts depend on the shapes of plans only, so that the database
// has prepared them.
func (r *reading) Match(queries []store.Query) ([]*roaring.Bitmap, error) {
	sets := make([]*roaring.Bitmap, len(queries))
	var few []question
	found := make([]numbered, len(queries))
	var all []store.Query
	isFew := func(q store.Query) bool { return q.Of != nil && !q.Of.IsEmpty() && q.Of.GetCardinality() <= many }
	for _, q := range queries {
		if !isFew(q) {
			all = append(all, q)
		}
	}
	b := r.bySets(all...)
	for i, q := range queries {
		if !isFew(q) {
			var err error
			if sets[i], err = b.match(q); err != nil {
				return nil, err
			}
			continue
		}
		c, err := r.compile(q.Node, q.Members, q.Of)
		if err != nil {
			return nil, err
		}
		few = append(few, asking(c.String(), c.args, found[i].row, int(q.Of.GetCardinality())))
	}
	if len(few) > 0 {
		if err := r.all(few); err != nil {
			return nil, err
		}
	}
	for i := range sets {
		if sets[i] == nil {
			sets[i] = found[i].all()
		}
	}
	return sets, nil
}

// scans prepares the reading for questions about everybody: they may take their
// time, to compile one for the processor takes longer than it saves, and an index
// by contact is read from end to end, which costs no more than reading a table.
func (r *reading) scans() error {
	_, err := r.db.Exec(r.ctx, `select set_config('statement_timeout', '0', true), set_config('jit', 'off', true), set_config('random_page_cost', '1.1', true)`)
	return err
}

// Questions about a few contacts begin with one of these: ofParents looks each of
// them up, ofNumbers does not.
const (
	ofParents = "select c.no from contact c where c.parent is null and not c.erased and c.no = any($1::bigint[]) and ("
	ofNumbers = "select c.no from unnest($1::bigint[]) c(no) where ("
)

// OnCluster answers the statement that a cluster is sent in place of one: it
// cannot ask its shards about numbers alone.
func OnCluster(sql string) string {
	if rest, ok := strings.CutPrefix(sql, ofNumbers); ok {
		return ofParents + rest
	}
	return sql
}

// compile writes the question which of some contacts, or of all, satisfy a plan.
// Whoever is no contact any more has no facts either; so of a plan that is untrue
// without any, nobody needs to be looked up, which would be almost half of the work.
func (r *reading) compile(node plan.Node, members map[muster.GroupNo]*roaring.Bitmap, of *roaring.Bitmap) (*compiler, error) {
	c := &compiler{statement: &statement{}, r: r, members: members, of: of}
	switch {
	case of == nil || isRange(of):
		c.text("select c.no from contact c where c.parent is null and not c.erased", c.only("c.no", of), " and (")
	case !r.sharded && asksForFacts(node) && !plan.NewContactMayMatch(node, 0):
		c.arg(numbers(of))
		c.text(ofNumbers)
	default:
		c.arg(numbers(of))
		c.text(ofParents)
	}
	// "is true" keeps the planner from joining where it would misjudge sizes.
	c.text(c.node(node), ") is true")
	return c, c.err
}

// asksForFacts tells a plan that asks for rows that contacts have, and for
// nothing that a contact is by itself.
func asksForFacts(n plan.Node) bool {
	switch n := n.(type) {
	case *plan.All:
		return allAskForFacts(n.Of)
	case *plan.Any:
		return allAskForFacts(n.Of)
	case *plan.Not:
		return asksForFacts(n.Of)
	case *plan.Field:
		return !ofContact(n.Code)
	case *plan.Sequence:
		return len(n.Steps) > 0
	case *plan.Acted, *plan.Latest, *plan.Decided:
		return true
	}
	return false
}

func allAskForFacts(of []plan.Node) bool {
	return !slices.ContainsFunc(of, func(n plan.Node) bool { return !asksForFacts(n) })
}

// sampled answers the contacts of a sample. The hash is this program's.
func (r *reading) sampled(n *plan.Sample, of *roaring.Bitmap) (*roaring.Bitmap, error) {
	s := &statement{}
	s.text("select no, id from contact where parent is null and not erased", s.only("no", of))
	set := roaring.New()
	err := r.each(s.String(), s.args, func(rows pgx.Rows) error {
		var no uint32
		var id muster.ContactID
		if err := rows.Scan(&no, (*[16]byte)(&id)); err != nil {
			return err
		}
		if n.Holds(id) {
			set.Add(no)
		}
		return nil
	})
	return set, err
}

// localDays writes a test of a value's month and day. Only this program's tables
// say which local date an instant has, so it looks at the values that occur.
func (c *compiler) localDays(column string, p plan.MonthDays, values, contact string) string {
	s := &statement{}
	s.text(values)
	s.text(s.only(contact, c.of)) // every list of values ends in conditions
	found := []int64{}
	err := c.r.each(s.String(), s.args, func(rows pgx.Rows) error {
		var v int64
		if err := rows.Scan(&v); err != nil {
			return err
		}
		if p.Zone == nil && p.Holds(muster.Date(v)) || p.Zone != nil && p.HoldsAt(muster.Instant(v)) {
			found = append(found, v)
		}
		return nil
	})
	c.note(err)
	return column + " = any(" + c.arg(found) + ")"
}
