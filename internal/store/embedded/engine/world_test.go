package engine_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
	"github.com/muster-groups/muster/internal/store/embedded/engine"
)

// world is an engine and what it should know, changed together.
type world struct {
	t       *rapid.T
	e       *engine.Engine
	disk    disk
	tick    muster.Instant
	last    muster.ContactNo
	row     uint64
	people  map[muster.ContactNo]*person
	gone    []muster.ContactID
	groups  map[muster.GroupNo]map[muster.ContactNo]bool
	changes []muster.Change
	past    []snapshot
	reach   store.Horizon
	added   []muster.Activity // of the running transaction
	addedBy []muster.ContactNo
}

// snapshot is the membership after a transaction.
type snapshot struct {
	tick   muster.Instant
	groups map[muster.GroupNo][]muster.ContactNo
}

func newWorld(t *rapid.T) *world {
	return &world{
		t: t, e: engine.New(), tick: epoch + horizon, people: map[muster.ContactNo]*person{},
		groups: map[muster.GroupNo]map[muster.ContactNo]bool{}, reach: store.Horizon{At: muster.Beginning},
	}
}

func (w *world) must(err error) {
	if err != nil {
		w.t.Helper()
		w.t.Fatalf("a mutation was refused: %v", err)
	}
}

func (w *world) numbers() []muster.ContactNo {
	var list []muster.ContactNo
	for no := range w.people {
		list = append(list, no)
	}
	slices.Sort(list)
	return list
}

func (w *world) anyone() *person {
	if len(w.people) == 0 {
		return w.create()
	}
	return w.people[rapid.SampledFrom(w.numbers()).Draw(w.t, "contact")]
}

func (w *world) create() *person {
	w.last++
	p := &person{no: w.last, created: instant(w.t, "created"), fields: map[string]muster.Value{}}
	binary.BigEndian.PutUint32(p.id[12:], uint32(w.last))
	p.id[0] = 1
	no, err := w.e.CreateContact(p.id, p.created)
	w.must(err)
	if no != p.no {
		w.t.Fatalf("the new contact got number %d, want %d", no, p.no)
	}
	w.people[no] = p
	return p
}

// transaction draws a few mutations and hands the commit to the disk.
func (w *world) transaction() {
	w.e.Lock()
	defer w.e.Unlock()
	w.tick += muster.Instant(rapid.IntRange(0, 5).Draw(w.t, "ticks"))
	w.must(w.e.SetTick(w.tick))
	w.added, w.addedBy = nil, nil
	for range rapid.IntRange(1, 8).Draw(w.t, "mutations") {
		w.mutate()
	}
	w.noticed()
	w.retreat()
	if rapid.Bool().Draw(w.t, "early rows") {
		rows := w.e.TakeRows()
		w.disk.keep(rows)
	}
	w.disk.keep(w.e.TakeCommit())
	now := snapshot{w.tick, map[muster.GroupNo][]muster.ContactNo{}}
	for g, members := range w.groups {
		for no := range members {
			now.groups[g] = append(now.groups[g], no)
		}
	}
	w.past = append(w.past, now)
	if rapid.IntRange(0, 3).Draw(w.t, "purge") == 0 {
		for w.e.Purge() {
		}
		w.disk.keep(w.e.TakeCommit())
	}
	w.age()
}

func (w *world) mutate() {
	switch rapid.IntRange(0, 17).Draw(w.t, "mutation") {
	case 0, 1:
		w.create()
	case 2:
		p, value := w.anyone(), rapid.StringMatching("[a-c]").Draw(w.t, "external id")
		if owner := w.e.ByExternalID(value); owner == 0 || owner == p.no {
			w.must(w.e.SetExternalID(p.no, value))
			p.external = value
		}
	case 3:
		p, value := w.anyone(), rapid.SampledFrom([]string{"A@x.org", "a@X.org", "b@x.org", "alpha@x.org"}).Draw(w.t, "email")
		if owner := w.e.ByEmail(value); owner == 0 || owner == p.no {
			w.must(w.e.SetEmail(p.no, value))
			p.email = value
		}
	case 4:
		p, value := w.anyone(), rapid.StringMatching("v[1-6]").Draw(w.t, "visitor")
		if owner := w.e.ByVisitor(value); owner == 0 {
			w.must(w.e.AddVisitor(p.no, value))
			p.visitors = append(p.visitors, value)
		}
	case 5, 6:
		p, code := w.anyone(), rapid.SampledFrom(fieldCodes).Draw(w.t, "field")
		v := rapid.SampledFrom(append([]muster.Value{{}}, fieldOf[code]...)).Draw(w.t, "value")
		w.must(w.e.SetField(p.no, code, v))
		if p.fields[code] = v; v.IsMissing() {
			delete(p.fields, code)
		}
	case 7:
		p, d := w.anyone(), rapid.SampledFrom(decidable).Draw(w.t, "decision")
		d.At, d.Version = instant(w.t, "decided at"), rapid.SampledFrom([]string{"", "v1"}).Draw(w.t, "version")
		old := p.standing(d.Kind, d.Code)
		stands, err := w.e.Decide(p.no, d)
		w.must(err)
		if want := old.State == muster.Undecided || d.Stands(old); stands != want {
			w.t.Fatalf("Decide(%v) over %v answered stands %v, want %v", d, old, stands, want)
		}
		p.decisions = append(p.decisions, d)
	case 8:
		w.merge()
	case 9:
		if rapid.IntRange(0, 2).Draw(w.t, "really erase") == 0 {
			w.erase()
		}
	case 10:
		if rapid.IntRange(0, 2).Draw(w.t, "really expire") == 0 {
			w.expire()
		}
	case 11, 12:
		w.record()
	default:
		p := w.anyone()
		for range rapid.IntRange(1, 4).Draw(w.t, "burst") {
			a := activity(w.t)
			ordinal, err := w.e.AddActivity(p.no, a)
			w.must(err)
			if ordinal != len(w.added) {
				w.t.Fatalf("AddActivity answered ordinal %d, want %d", ordinal, len(w.added))
			}
			w.row++
			p.activities = append(p.activities, stored{a, w.row})
			w.added, w.addedBy = append(w.added, a), append(w.addedBy, p.no)
		}
	}
}

func (w *world) merge() {
	to, from := w.anyone(), w.anyone()
	if to == from {
		return
	}
	w.leave(from)
	w.must(w.e.Merge(to.no, from.no))
	to.external, to.email = cmp.Or(to.external, from.external), cmp.Or(to.email, from.email)
	to.visitors = append(to.visitors, from.visitors...)
	for code, v := range from.fields {
		if to.fields[code].IsMissing() {
			to.fields[code] = v
		}
	}
	to.decisions = append(to.decisions, from.decisions...)
	to.activities = append(to.activities, from.activities...)
	to.merged = append(append(to.merged, from.merged...), from.id)
	for i, by := range w.addedBy {
		if by == from.no {
			w.addedBy[i] = to.no
		}
	}
	delete(w.people, from.no)
}

func (w *world) erase() {
	p := w.anyone()
	w.leave(p)
	w.must(w.e.Erase(p.no))
	w.gone = append(append(w.gone, p.merged...), p.id)
	delete(w.people, p.no)
	for i, by := range w.addedBy {
		if by == p.no {
			w.addedBy[i] = 0
		}
	}
	numbers := map[muster.ContactNo]bool{p.no: true}
	for _, id := range p.merged {
		numbers[muster.ContactNo(binary.BigEndian.Uint32(id[12:]))] = true
	}
	for i := range w.changes {
		if numbers[w.changes[i].Contact] {
			w.changes[i].Contact = 0
		}
	}
	for _, s := range w.past {
		for g := range s.groups {
			s.groups[g] = slices.DeleteFunc(s.groups[g], func(no muster.ContactNo) bool { return numbers[no] })
		}
	}
}

func (w *world) expire() {
	kind, before := rapid.SampledFrom(types).Draw(w.t, "type"), instant(w.t, "before")
	had, err := w.e.Expire(kind, before)
	w.must(err)
	want := roaring.New()
	for _, p := range w.people {
		n := len(p.activities)
		p.activities = slices.DeleteFunc(p.activities, func(a stored) bool { return a.Type == kind && a.At < before })
		if len(p.activities) < n {
			want.Add(uint32(p.no))
		}
	}
	for i, a := range w.added {
		if a.Type == kind && a.At < before {
			w.addedBy[i] = 0
		}
	}
	if !had.Equals(want) {
		w.t.Fatalf("Expire(%s, %s) answered %v, want %v", kind, before, had, want)
	}
}

// record draws a net change of a group's membership.
func (w *world) record() {
	g := muster.GroupNo(rapid.IntRange(1, 3).Draw(w.t, "group"))
	if w.groups[g] == nil {
		w.groups[g] = map[muster.ContactNo]bool{}
	}
	entered, left := roaring.New(), roaring.New()
	for _, no := range w.numbers() {
		if rapid.IntRange(0, 2).Draw(w.t, "moves") > 0 {
			continue
		}
		if w.groups[g][no] {
			left.Add(uint32(no))
		} else {
			entered.Add(uint32(no))
		}
	}
	w.move(g, entered, left)
}

func (w *world) leave(p *person) {
	for g := muster.GroupNo(1); g <= 3; g++ {
		if w.groups[g][p.no] {
			w.move(g, roaring.New(), roaring.BitmapOf(uint32(p.no)))
		}
	}
}

func (w *world) move(g muster.GroupNo, entered, left *roaring.Bitmap) {
	cause := muster.Cause{Kind: muster.CauseField, Code: "city"}
	w.must(w.e.Record(g, cause, entered, left))
	for i, list := range [2][]uint32{left.ToArray(), entered.ToArray()} {
		for _, no := range list {
			w.changes = append(w.changes, muster.Change{
				Seq: muster.Seq(len(w.changes) + 1), Group: g, Contact: muster.ContactNo(no), At: w.tick, Entered: i == 1, Cause: cause,
			})
			if i == 1 {
				w.groups[g][muster.ContactNo(no)] = true
			} else {
				delete(w.groups[g], muster.ContactNo(no))
			}
		}
	}
}

// noticed compares what a leaf notices of this transaction.
func (w *world) noticed() {
	n := acted(w.t)
	var ordinals []int32
	want := roaring.New()
	for i, a := range w.added {
		if rapid.Bool().Draw(w.t, "ordinal") {
			ordinals = append(ordinals, int32(i))
			if w.addedBy[i] != 0 && a.At >= n.From && a.At < n.To && fits(a, n.Types, n.Channels, n.Where) {
				want.Add(uint32(w.addedBy[i]))
			}
		}
	}
	got, err := w.e.Noticed(n, ordinals)
	if err != nil || !got.Equals(want) {
		w.t.Fatalf("Noticed(%+v, %v) of %+v by %v = %v, %v; want %v", n, ordinals, w.added, w.addedBy, got, err, want)
	}
}

// expected is the naive answer.
func (w *world) expected(q store.Query) *roaring.Bitmap {
	groups := w.groups
	if q.Members != nil {
		groups = maps.Clone(groups)
		for g, set := range q.Members {
			groups[g] = map[muster.ContactNo]bool{}
			for _, no := range set.ToArray() {
				groups[g][muster.ContactNo(no)] = true
			}
		}
	}
	found := roaring.New()
	for no, p := range w.people {
		if (q.Of == nil || q.Of.Contains(uint32(no))) && p.satisfies(q.Node, groups) {
			found.Add(uint32(no))
		}
	}
	return found
}

// query draws a query over all contacts, which may read other members of a
// group than those in force.
func (w *world) query(depth int) store.Query {
	q := store.Query{Node: node(w.t, rapid.IntRange(0, depth).Draw(w.t, "depth"))}
	if rapid.IntRange(0, 3).Draw(w.t, "overrides") == 3 {
		q.Members = map[muster.GroupNo]*roaring.Bitmap{}
		for range rapid.IntRange(1, 2).Draw(w.t, "overridden") {
			q.Members[muster.GroupNo(rapid.IntRange(1, 4).Draw(w.t, "instead of"))] = w.some("member")
		}
	}
	return q
}

func (w *world) some(label string) *roaring.Bitmap {
	set := roaring.New()
	for no := range w.last {
		if rapid.Bool().Draw(w.t, label) {
			set.Add(uint32(no) + 1)
		}
	}
	return set
}

// agree compares the engine's answers with the naive ones.
func (w *world) agree(stage string) {
	w.t.Helper()
	w.e.RLock()
	defer func() { w.e.RUnlock(); w.scans(stage) }()
	var queries []store.Query
	for range rapid.IntRange(1, 6).Draw(w.t, "queries") {
		q := w.query(2)
		if rapid.Bool().Draw(w.t, "has of") {
			q.Of = w.some("of")
		}
		queries = append(queries, q)
	}
	got, err := w.e.Match(queries)
	if err != nil {
		w.t.Fatalf("%s: Match: %v", stage, err)
	}
	for i, q := range queries {
		if want := w.expected(q); !got[i].Equals(want) {
			w.t.Fatalf("%s: Match(%s of %v, members %v) = %v, want %v", stage, plan.Key(q.Node), q.Of, q.Members, got[i], want)
		}
	}
	w.named(stage)
}

func (w *world) scans(stage string) {
	queries := []store.Query{w.query(1), w.query(1)}
	got, err := w.e.Scan(context.Background(), queries, func(float64) {})
	for i, q := range queries {
		if want := w.expected(q); err != nil || !got[i].Equals(want) {
			w.t.Fatalf("%s: Scan(%s, members %v) = %v, %v; want %v", stage, plan.Key(q.Node), q.Members, got, err, want)
		}
	}
}

// named compares facts: exactly, which is more than the port promises.
func (w *world) named(stage string) {
	from, to := window(w.t)
	a := acted(w.t)
	d := rapid.SampledFrom(decidable).Draw(w.t, "decision")
	facts := []plan.Fact{
		plan.ActedFact{Types: a.Types, Channels: a.Channels, Where: a.Where, From: from, To: to},
		plan.DecidedFact{Kind: d.Kind, Code: d.Code, From: from, To: to},
		plan.FieldInstantFact{Code: rapid.SampledFrom([]string{"created_at", "seen"}).Draw(w.t, "datetime"), From: from, To: to},
		plan.FieldDateFact{Code: "born", From: -1, To: 10},
		plan.FieldMonthDaysFact{Code: "born", Ranges: [][2]int{{101, 101}, {301, 301}}},
	}
	for _, f := range facts {
		want := roaring.New()
		for no, p := range w.people {
			if p.has(f) {
				want.Add(uint32(no))
			}
		}
		got, err := w.e.Named([]plan.Fact{f})
		if err != nil || !got[0].Equals(want) {
			w.t.Fatalf("%s: Named(%+v) = %v, %v; want %v", stage, f, got, err, want)
		}
	}
}

func (p *person) has(f plan.Fact) bool {
	switch f := f.(type) {
	case plan.ActedFact:
		return slices.ContainsFunc(p.activities, func(a stored) bool {
			return f.From <= a.At && a.At < f.To && fits(a.Activity, f.Types, f.Channels, f.Where)
		})
	case plan.DecidedFact:
		d := p.standing(f.Kind, f.Code)
		return d.State != muster.Undecided && f.From <= d.At && d.At < f.To
	case plan.FieldInstantFact:
		return plan.MatchValue(plan.InstantRange{From: f.From, To: f.To}, p.field(f.Code))
	case plan.FieldDateFact:
		return plan.MatchValue(plan.DateRange{From: f.From, To: f.To}, p.field(f.Code))
	case plan.FieldMonthDaysFact:
		return plan.MatchValue(plan.MonthDays{Ranges: f.Ranges}, p.field(f.Code))
	}
	panic("unknown fact")
}

// sorted answers the stored activities as Activities should.
func (p *person) sorted() []stored {
	list := slices.Clone(p.activities)
	slices.SortFunc(list, func(a, b stored) int { return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(b.row, a.row)) })
	return list
}

func sortIDs(ids []muster.ContactID) []muster.ContactID {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, func(a, b muster.ContactID) int { return bytes.Compare(a[:], b[:]) })
	return ids
}
