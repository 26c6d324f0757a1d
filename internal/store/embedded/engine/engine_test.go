package engine_test

import (
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

func TestEveryPathAnswersWhatTheNaiveEvaluatorDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		for range rapid.IntRange(1, 8).Draw(t, "transactions") {
			w.transaction()
			w.agree("live")
		}
		w.views("live")
		loaded, err := w.disk.load()
		if err != nil {
			t.Fatalf("what was committed cannot be loaded: %v", err)
		}
		w.e = loaded
		w.agree("loaded")
		w.views("loaded")
		w.transaction()
		w.agree("loaded and changed")
		w.disk.bases = w.e.Bases()
		if w.e, err = w.disk.load(); err != nil {
			t.Fatalf("what was committed cannot be loaded with bases: %v", err)
		}
		w.agree("loaded with bases")
		w.views("loaded with bases")
	})
}

// views compares everything that is answered about single contacts, groups and
// changes.
func (w *world) views(stage string) {
	w.t.Helper()
	all := roaring.New()
	for no, p := range w.people {
		all.Add(uint32(no))
		w.contact(stage, p)
	}
	if got := w.e.Contacts(); !got.Equals(all) {
		w.t.Fatalf("%s: Contacts() = %v, want %v", stage, got, all)
	}
	for _, id := range w.gone {
		if no, err := w.e.ByID(id); muster.CodeOf(err) != muster.CodeGone {
			w.t.Fatalf("%s: ByID(%s) of an erased contact = %d, %v", stage, id, no, err)
		}
	}
	for g, members := range w.groups {
		if got := w.e.Members(g); int(got.GetCardinality()) != len(members) {
			w.t.Fatalf("%s: Members(%d) = %v, want %v", stage, g, got, members)
		}
	}
	for i, s := range w.past {
		if i+1 < len(w.past) && w.past[i+1].tick == s.tick {
			continue
		}
		for g := range w.groups {
			if s.tick < w.reach.At {
				if _, err := w.e.MembersAt(g, s.tick); muster.CodeOf(err) != muster.CodeHistoryExpired {
					w.t.Fatalf("%s: MembersAt(%d, %s), before the horizon %s: %v", stage, g, s.tick, w.reach.At, err)
				}
				continue
			}
			want := roaring.New()
			for _, no := range s.groups[g] {
				want.Add(uint32(no))
			}
			if got, err := w.e.MembersAt(g, s.tick); err != nil || !got.Equals(want) {
				w.t.Fatalf("%s: MembersAt(%d, %s) = %v, %v; want %v", stage, g, s.tick, got, err, want)
			}
		}
	}
	w.feed(stage)
}

func (w *world) contact(stage string, p *person) {
	got, err := w.e.Contact(p.no)
	want := muster.Contact{
		ID: p.id, No: p.no, ExternalID: p.external, Email: p.email, VisitorIDs: p.visitors, Fields: p.fields,
		CreatedAt: p.created, LastActivityAt: muster.Beginning, MergedIDs: sortIDs(p.merged),
	}
	for _, d := range []muster.Decision{decidable[0], decidable[2], decidable[5]} {
		if s := p.standing(d.Kind, d.Code); s.State != muster.Undecided {
			want.Decisions = append(want.Decisions, s)
		}
	}
	sorted := p.sorted()
	if len(sorted) > 0 {
		want.LastActivityAt = sorted[0].At
	}
	// At equal instants and states either version may stand.
	version := cmpopts.IgnoreFields(muster.Decision{}, "Version")
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), version); err != nil || diff != "" {
		w.t.Fatalf("%s: Contact(%d): %v, -want +got:\n%s", stage, p.no, err, diff)
	}
	if p.email != "" && w.e.ByEmail(" "+p.email) != p.no {
		w.t.Fatalf("%s: ByEmail(%q) = %d, want %d", stage, p.email, w.e.ByEmail(p.email), p.no)
	}
	for _, id := range append(slices.Clone(p.merged), p.id) {
		if no, err := w.e.ByID(id); no != p.no || err != nil {
			w.t.Fatalf("%s: ByID(%s) = %d, %v; want %d", stage, id, no, err, p.no)
		}
	}
	var query store.ActivityQuery
	query.Limit = 2
	for len(sorted) > 0 {
		page, err := w.e.Activities(p.no, query)
		if err != nil || len(page) != min(2, len(sorted)) {
			w.t.Fatalf("%s: Activities(%d, %+v) answered %v, %v; %d are left", stage, p.no, query, page, err, len(sorted))
		}
		for i, a := range page {
			want := sorted[i].Activity
			want.ID = ""
			want.Attributes = slices.Clone(want.Attributes)
			slices.SortFunc(want.Attributes, func(a, b muster.Attribute) int { return map[bool]int{true: -1, false: 1}[a.Name < b.Name] })
			if diff := cmp.Diff(muster.StoredActivity{Activity: want, Contact: p.no, Row: sorted[i].row}, a, cmpopts.EquateEmpty()); diff != "" {
				w.t.Fatalf("%s: Activities(%d): -want +got:\n%s", stage, p.no, diff)
			}
			if s := sorted[i]; !w.e.HasActivity(p.no, s.Type, s.At, s.ID) {
				w.t.Fatalf("%s: HasActivity(%d, %+v) = false", stage, p.no, s)
			}
		}
		query.BeforeAt, query.BeforeRow = page[len(page)-1].At, page[len(page)-1].Row
		sorted = sorted[len(page):]
	}
	memberships, err := w.e.Memberships(p.no)
	if err != nil {
		w.t.Fatalf("%s: Memberships(%d): %v", stage, p.no, err)
	}
	var wanted []store.Membership
	for g := muster.GroupNo(1); g <= 3; g++ {
		if !w.groups[g][p.no] {
			continue
		}
		m := store.Membership{Group: g}
		for _, c := range w.changes {
			if c.Group == g && c.Contact == p.no && c.Entered {
				m.Since = c.At
			}
		}
		wanted = append(wanted, m)
	}
	if diff := cmp.Diff(wanted, memberships, cmpopts.EquateEmpty()); diff != "" {
		w.t.Fatalf("%s: Memberships(%d): -want +got:\n%s", stage, p.no, diff)
	}
}

// feed compares random readings of the change log.
func (w *world) feed(stage string) {
	for range 10 {
		q := store.ChangeQuery{
			After:   muster.Seq(rapid.IntRange(0, len(w.changes)+1).Draw(w.t, "after")),
			Before:  muster.Seq(rapid.SampledFrom([]int{0, len(w.changes) / 2}).Draw(w.t, "before")),
			Group:   muster.GroupNo(rapid.IntRange(0, 2).Draw(w.t, "of group")),
			Contact: muster.ContactNo(rapid.IntRange(0, min(2, int(w.last))).Draw(w.t, "of contact")),
			Latest:  rapid.Bool().Draw(w.t, "latest"), Limit: rapid.IntRange(0, 5).Draw(w.t, "limit"),
		}
		var want []muster.Change
		for _, c := range w.changes {
			if c.Seq > max(q.After, w.reach.Seq) && (q.Before == 0 || c.Seq < q.Before) && (q.Group == 0 || c.Group == q.Group) && (q.Contact == 0 || c.Contact == q.Contact) {
				want = append(want, c)
			}
		}
		if q.Latest {
			slices.Reverse(want)
		}
		if q.Limit > 0 {
			want = want[:min(len(want), q.Limit)]
		}
		got, err := w.e.Changes(q)
		if !q.Latest && q.After < w.reach.Seq {
			if muster.CodeOf(err) != muster.CodeHistoryExpired {
				w.t.Fatalf("%s: Changes(%+v), before the horizon %+v: %v, %v", stage, q, w.reach, got, err)
			}
			continue
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
			w.t.Fatalf("%s: Changes(%+v): %v, -want +got:\n%s", stage, q, err, diff)
		}
	}
}
