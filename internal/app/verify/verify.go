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
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
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
// their conditions were checked against: the same pointer as long as neither
// changes. It is called on several goroutines at once.
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

// Options choose what is examined. The zero Options are all contacts, silently.
type Options struct {
	// Sample is how many contacts, chosen at random, are examined; 0 is all.
	Sample int
	// Progress, when not nil, is told how many of how many contacts have been
	// examined. It is called by Run, on one goroutine.
	Progress func(examined, of int)
}

// Run examines contacts, on all cores, and in any case whether all members are
// contacts. Membership and facts are read together, so that it can run while
// changes go on.
func Run(ctx context.Context, st store.Store, definitions Definitions, o Options) (Report, error) {
	var numbers []uint32
	err := st.View(ctx, func(v store.View) error {
		numbers = choose(v.Contacts(), o.Sample)
		return nil
	})
	if err != nil {
		return Report{}, err
	}
	var report Report
	passed := 0
	for found, err := range examineAll(ctx, examiner{st, definitions}, numbers) {
		if err != nil {
			return report, err
		}
		report.Contacts += found.examined
		for _, d := range found.differences {
			report.add(d.Difference)
		}
		if passed += found.asked; o.Progress != nil {
			o.Progress(passed, len(numbers))
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
