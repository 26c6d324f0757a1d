package postgres

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// dated is how many looks a dated fact takes, about: what happened in a short time.
const dated = 15

// Named answers, for each dated fact, the contacts that have it. All is asked in
// one journey, and the activities of one window are read once for all facts.
func (r *reading) Named(facts []plan.Fact) ([]*roaring.Bitmap, error) {
	found := make([]numbered, len(facts))
	var questions []question
	windows := map[window][]acted{}
	for i, f := range facts {
		c := &compiler{statement: &statement{}, r: r}
		switch f := f.(type) {
		case plan.ActedFact:
			w := window{f.From, f.To}
			windows[w] = append(windows[w], acted{f, &found[i]})
			continue
		case plan.DecidedFact:
			c.text("select contact_no from decision where kind = ", c.arg(f.Kind), " and code = ", c.arg(f.Code), " and ", c.between("at", int64(f.From), int64(f.To)))
		case plan.FieldDateFact:
			c.named(f.Code, plan.DateRange{From: f.From, To: f.To})
		case plan.FieldInstantFact:
			c.named(f.Code, plan.InstantRange{From: f.From, To: f.To})
		case plan.FieldMonthDaysFact:
			c.named(f.Code, plan.MonthDays{Ranges: f.Ranges, Zone: f.Zone})
		}
		if c.err != nil {
			return nil, c.err
		}
		questions = append(questions, asking(c.String(), c.args, found[i].row, dated))
	}
	for w, list := range windows {
		q, err := r.askActed(w, list)
		if err != nil {
			return nil, err
		}
		questions = append(questions, q)
	}
	if err := r.all(questions); err != nil {
		return nil, err
	}
	sets := make([]*roaring.Bitmap, len(facts))
	for i := range found {
		sets[i] = found[i].all()
	}
	return sets, nil
}

// window is a span of time, and acted a fact of activities in it with who has it.
type (
	window struct{ from, to muster.Instant }
	acted  struct {
		fact  plan.ActedFact
		found *numbered
	}
)

// askActed asks who has which of some facts of one window. A single one the
// database looks through; for several it shows the activities, once.
func (r *reading) askActed(w window, list []acted) (question, error) {
	c := &compiler{statement: &statement{}, r: r}
	if len(list) == 1 {
		f := list[0].fact
		c.text("select distinct a.contact_no from activity a where ", c.matching("a", f.Types, f.Channels, f.Where, f.From, f.To))
		return asking(c.String(), c.args, list[0].found.row, dated), c.err
	}
	var types []string // that any of the facts reads; nil is every type
	where := false
	for i, a := range list {
		where = where || len(a.fact.Where) > 0
		if a.fact.Types == nil || i > 0 && types == nil {
			types = nil
			continue
		}
		types = append(types, a.fact.Types...)
	}
	slices.Sort(types)
	c.text("select a.contact_no, a.type, a.channel, a.attributes from activity a where ", c.matching("a", slices.Compact(types), nil, nil, w.from, w.to))
	return asking(c.String(), c.args, func(rows pgx.Rows) error {
		var no uint32
		var a muster.Activity
		var attributes []byte
		err := rows.Scan(&no, &a.Type, &a.Channel, &attributes)
		if err == nil && where {
			a.Attributes, err = readAttributes(attributes)
		}
		if err != nil {
			return err
		}
		for _, one := range list {
			if fits(&a, one.fact.Types, one.fact.Channels, one.fact.Where) {
				one.found.add(no)
			}
		}
		return nil
	}, dated), c.err
}

// named asks for the contacts whose field satisfies a predicate.
func (c *compiler) named(code string, p plan.Predicate) {
	c.text("select c.no from contact c where c.parent is null and not c.erased and ")
	if code == "created_at" {
		c.text(c.field(&plan.Field{Code: code, Pred: p}))
		return
	}
	kind, test := c.testField(code, p)
	c.text("c.no in (select f.contact_no from field f where f.code = ", c.arg(code), " and f.kind = ", c.arg(kind), " and ", test, ")")
}
