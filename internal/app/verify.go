package app

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app/verify"
	"github.com/muster-groups/muster/internal/roster"
)

// Verification is the outcome of recomputing membership naively.
type Verification struct {
	Contacts    int            `json:"contacts" doc:"How many contacts were examined."`
	Groups      int            `json:"groups"`
	AsOf        muster.Instant `json:"as_of"`
	Wrong       int            `json:"wrong" doc:"How many memberships differ; anything but 0 is a bug."`
	Differences []Difference   `json:"differences" nullable:"false" doc:"The first 100 of them."`
}

// Difference is a contact whose stored membership is not what its facts say.
type Difference struct {
	Group     string           `json:"group"`
	ContactID muster.ContactID `json:"contact_id"`
	Stored    bool             `json:"stored"`
	Expected  bool             `json:"expected"`
}

// Verify recomputes the membership of all contacts, or of a random sample, in
// every group, and compares it with what is stored.
func (a *App) Verify(ctx context.Context, sample int) (Verification, error) {
	return a.VerifyWatched(ctx, sample, nil)
}

// VerifyWatched is Verify for who watches: progress is told now and then how
// many of how many contacts have been examined.
func (a *App) VerifyWatched(ctx context.Context, sample int, progress func(examined, of int)) (Verification, error) {
	if sample < 0 {
		return Verification{}, invalidAt("/sample", problemRange, "expected 0, for all contacts, or how many to examine")
	}
	report, err := verify.Run(ctx, a.store(), a.definitions(), verify.Options{Sample: sample, Progress: progress})
	if err != nil {
		return Verification{}, err
	}
	out := Verification{Contacts: report.Contacts, Groups: report.Groups, AsOf: report.AsOf, Wrong: report.Wrong, Differences: []Difference{}}
	for _, d := range report.Differences {
		out.Differences = append(out.Differences, Difference{Group: d.Group, ContactID: d.Contact, Stored: d.Stored, Expected: d.Expected})
	}
	return out, nil
}

// definitions answers what verify reads the groups by. They are checked anew
// only when something was defined or saved since.
func (a *App) definitions() verify.Definitions {
	var mu sync.Mutex
	var of *roster.State
	var groups []verify.Group
	return func() ([]verify.Group, *muster.Schema, error) {
		mu.Lock()
		defer mu.Unlock()
		state := a.roster.Settled()
		if state != of {
			checked, err := a.verified(state)
			if err != nil {
				return nil, nil, err
			}
			of, groups = state, checked
		}
		return groups, of.Schema, nil
	}
}

// verified answers all groups, each after those that its active condition
// refers to.
func (a *App) verified(state *roster.State) ([]verify.Group, error) {
	var out []verify.Group
	done := map[string]bool{}
	var add func(code string) error
	add = func(code string) error {
		g := state.Groups[code]
		if done[code] || g == nil {
			return nil
		}
		done[code] = true
		checked, zone, err := a.roster.Checked(code, false)
		if err != nil {
			return err
		}
		if checked != nil {
			for _, used := range referredCodes(checked) {
				if err := add(used); err != nil {
					return err
				}
			}
		}
		out = append(out, verify.Group{No: g.No, Code: code, Condition: checked, Zone: zone})
		return nil
	}
	for _, code := range slices.Sorted(maps.Keys(state.Groups)) {
		if err := add(code); err != nil {
			return nil, err
		}
	}
	return out, nil
}
