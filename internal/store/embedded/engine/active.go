package engine

import (
	"math"

	"github.com/muster-groups/muster"
)

// active is when each contact was last active, in four bytes: seconds since
// 1970, moved by two. Before 1970 and after 2106 the word says only which, and
// the contact's rows say when.
type active struct{ words paged[uint32] }

const (
	neverActive  = 0
	activeBefore = 1
	activeAfter  = math.MaxUint32
)

func activeWord(at muster.Instant) uint32 {
	switch {
	case at == muster.Beginning:
		return neverActive
	case at < 0:
		return activeBefore
	case at >= activeAfter-2:
		return activeAfter
	}
	return uint32(at) + 2
}

// note notes an activity.
func (a *active) note(no uint32, at muster.Instant) {
	if word := activeWord(at); word > a.words.get(no) {
		a.words.set(no, word)
	}
}

// lastActivity answers when the contact was last active, Beginning for never.
func (e *Engine) lastActivity(no uint32) muster.Instant {
	switch word := e.active.words.get(no); word {
	case neverActive:
		return muster.Beginning
	case activeBefore, activeAfter:
		return e.latestRow(no)
	default:
		return muster.Instant(word - 2)
	}
}

// latestRow answers the same from the contact's rows.
func (e *Engine) latestRow(no uint32) muster.Instant {
	last := muster.Beginning
	e.postings.each(no, func(_ uint32, refs []rowRef) { last = max(last, e.rows.at(refs[len(refs)-1])) })
	return last
}
