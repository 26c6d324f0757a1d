// Package verify checks promise 1 on live data: it reads contacts with all
// their facts out of the store, decides every group for each of them naively,
// and compares with the stored membership.
//
// It stands apart because it imports the oracle. The oracle judges everything
// else, so nothing that takes part in keeping membership may come to use it;
// in one small package of its own, that is easy to see. Verify must not lower
// conditions or ask the store to match plans.
package verify

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/oracle"
	"github.com/muster-groups/muster/internal/store"
)

// Group is a group to verify.
type Group struct {
	No        muster.GroupNo
	Code      string
	Condition *catalog.Condition // the active one; nil when never calculated
	Zone      *time.Location
}

// Definitions answers the groups, each after all it refers to, and the schema
// their conditions were checked against.
type Definitions func() ([]Group, *muster.Schema, error)

// Report is the outcome.
type Report struct {
	Contacts    int            // how many were examined
	Groups      int            // how many groups each was compared in
	AsOf        muster.Instant // of the last reading
	Differences []Difference   // the first of them, up to MaxDifferences
	Wrong       int            // how many differences there are in all
}

// MaxDifferences bounds what a report lists.
const MaxDifferences = 100

// Difference is a contact whose stored membership is not what its facts say.
type Difference struct {
	Group    string
	Contact  muster.ContactID // zero for a member that is nobody, or erased
	Stored   bool             // whether the store has it as a member
	Expected bool
}

// chunk is how many contacts one reading examines: a writer waits for readers.
const chunk = 50

// Run examines all contacts, or a random sample of that many when sample is
// not 0, and in any case whether all members are contacts. Membership and facts
// are read together, so that it can run while changes go on.
func Run(ctx context.Context, st store.Store, definitions Definitions, sample int) (Report, error) {
	var numbers []uint32
	err := st.View(ctx, func(v store.View) error {
		numbers = choose(v.Contacts(), sample)
		return nil
	})
	if err != nil {
		return Report{}, err
	}
	var report Report
	for part := range slices.Chunk(numbers, chunk) {
		if err := report.examine(ctx, st, definitions, part); err != nil {
			return report, err
		}
	}
	return report, report.strangers(ctx, st, definitions)
}

// strangers looks for members that are no contacts of their own, such as
// somebody who has been merged or erased. They are in no sample.
func (r *Report) strangers(ctx context.Context, st store.Store, definitions Definitions) error {
	groups, _, err := definitions()
	if err != nil {
		return err
	}
	return st.View(ctx, func(v store.View) error {
		r.AsOf, r.Groups = v.Tick(), len(groups)
		for _, g := range groups {
			for it := roaring.AndNot(v.Members(g.No), v.Contacts()).Iterator(); it.HasNext(); {
				r.add(Difference{Group: g.Code, Contact: v.Owner(muster.ContactNo(it.Next())).ID, Stored: true})
			}
		}
		return nil
	})
}

func (r *Report) add(d Difference) {
	r.Wrong++
	if len(r.Differences) < MaxDifferences {
		r.Differences = append(r.Differences, d)
	}
}

// choose answers the contacts to examine, in rising order.
func choose(contacts *roaring.Bitmap, sample int) []uint32 {
	n := int(contacts.GetCardinality())
	if sample == 0 || sample >= n {
		return contacts.ToArray()
	}
	picked := roaring.New()
	for int(picked.GetCardinality()) < sample {
		no, err := contacts.Select(uint32(rand.IntN(n)))
		if err != nil {
			break // cannot be: the rank is below the cardinality
		}
		picked.Add(no)
	}
	return picked.ToArray()
}

func (r *Report) examine(ctx context.Context, st store.Store, definitions Definitions, numbers []uint32) error {
	// A group may switch to another condition between reading the definitions and
	// reading the facts. So what differs is looked at once more.
	differences, examined, err := r.compare(ctx, st, definitions, numbers)
	if err == nil && len(differences) > 0 {
		again := roaring.New()
		for _, d := range differences {
			again.Add(uint32(d.no))
		}
		differences, _, err = r.compare(ctx, st, definitions, again.ToArray())
	}
	if err != nil {
		return err
	}
	r.Contacts += examined
	for _, d := range differences {
		r.add(d.Difference)
	}
	return nil
}

type difference struct {
	Difference
	no muster.ContactNo
}

// compare reads contacts and their stored membership at one time and judges them.
func (r *Report) compare(ctx context.Context, st store.Store, definitions Definitions, numbers []uint32) ([]difference, int, error) {
	groups, schema, err := definitions()
	if err != nil {
		return nil, 0, err
	}
	var people []*oracle.Person
	var nos []muster.ContactNo
	stored := make([]*roaring.Bitmap, len(groups))
	wanted := roaring.BitmapOf(numbers...)
	err = st.View(ctx, func(v store.View) error {
		r.AsOf, r.Groups = v.Tick(), len(groups)
		for i, g := range groups {
			stored[i] = roaring.And(v.Members(g.No), wanted)
		}
		for it := roaring.And(wanted, v.Contacts()).Iterator(); it.HasNext(); {
			no := muster.ContactNo(it.Next())
			person, err := read(v, no)
			if err != nil {
				return err
			}
			people, nos = append(people, person), append(nos, no)
		}
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	judged := make([]oracle.Group, len(groups))
	for i, g := range groups {
		judged[i] = oracle.Group{Code: g.Code, Condition: g.Condition, Zone: g.Zone}
	}
	expected := oracle.MatchesAll(judged, people, r.AsOf, schema)
	var out []difference
	for i, g := range groups {
		for k, person := range people {
			has, should := stored[i].Contains(uint32(nos[k])), expected[g.Code][person.ID]
			if has != should {
				out = append(out, difference{Difference{Group: g.Code, Contact: person.ID, Stored: has, Expected: should}, nos[k]})
			}
		}
	}
	return out, len(people), nil
}

// read gathers everything that is known of a contact.
func read(v store.View, no muster.ContactNo) (*oracle.Person, error) {
	c, err := v.Contact(no)
	if err != nil {
		return nil, err
	}
	person := &oracle.Person{
		ID: c.ID, CreatedAt: c.CreatedAt, Email: c.Email, ExternalID: c.ExternalID,
		Fields: c.Fields, Decisions: c.Decisions,
	}
	q := store.ActivityQuery{Limit: 1000}
	for {
		page, err := v.Activities(no, q)
		if err != nil {
			return nil, err
		}
		for _, a := range page {
			person.Activities = append(person.Activities, a.Activity)
		}
		if len(page) < q.Limit {
			return person, nil
		}
		last := page[len(page)-1]
		q.BeforeAt, q.BeforeRow = last.At, last.Row
	}
}
