package engine

import (
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// worthExpecting is how many contacts it takes for fetching them on other cores
// to gain more than handing over costs.
const worthExpecting = 64

// Expect brings what is known of contacts from memory into the processor's
// caches, on all cores. A batch names contacts at random, and resolving and
// filing one by one would wait for memory some ten times for each.
func (e *Engine) Expect(who []muster.Identifiers) {
	if len(who) < worthExpecting {
		return
	}
	e.commit.Activities, e.added = slices.Grow(e.commit.Activities, len(who)), slices.Grow(e.added, len(who))
	workers := min(runtime.GOMAXPROCS(0), 4)
	var wait sync.WaitGroup
	for w := range workers {
		part := who[w*len(who)/workers : (w+1)*len(who)/workers]
		wait.Go(func() {
			sum := uint64(0)
			for i := range part {
				sum += e.fetch(&part[i])
			}
			e.fetched.Add(sum & 1)
		})
	}
	wait.Wait()
}

// fetch reads what resolving and filing a change of a contact reads. The answer
// means nothing; it keeps the reads from being optimised away.
func (e *Engine) fetch(who *muster.Identifiers) uint64 {
	p := &e.people
	var no uint32
	switch {
	case !who.ID.IsZero():
		no = p.findID(who.ID)
	case who.ExternalID != "":
		no = p.findExternal(strings.TrimSpace(who.ExternalID))
	case who.Email != "":
		no = p.findEmail(plan.Fold(who.Email))
	case who.VisitorID != "":
		no = p.findVisitor(strings.TrimSpace(who.VisitorID))
	}
	if no == 0 {
		return 0
	}
	sum := uint64(len(p.texts.bytes(p.external.get(no)))) + uint64(len(p.texts.bytes(p.email.get(no))))
	sum += uint64(p.parent.get(no)) + uint64(p.created.get(no)) + uint64(p.ids.get(no)[0]) + uint64(p.firstVis.get(no))
	e.postings.each(no, func(_ uint32, refs []rowRef) {
		last := refs[len(refs)-1]
		sum += uint64(e.rows.at(last))
	})
	return sum
}
