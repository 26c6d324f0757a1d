package app

import (
	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

const problemHistoryExpired = "history_expired"

// expired is the answer to a question about what history does not hold any more.
func expired(pointer, message, expected string) error {
	return &muster.Error{Code: muster.CodeHistoryExpired, Message: message,
		Problems: []muster.Problem{{Location: pointer, Code: problemHistoryExpired, Message: expected}}}
}

// reaches refuses an instant before the horizon of history; pointer is where it
// stands in the input.
func reaches(v store.View, pointer string, at muster.Instant) error {
	h := v.Horizon()
	if at >= h.At {
		return nil
	}
	return expired(pointer, "History is kept from "+h.At.String()+" on; what was before is not known any more.",
		"expected an instant from "+h.At.String()+" on")
}

// reachesRecord refuses to go on after a record before the horizon of history,
// because what came next is not known any more.
func reachesRecord(v store.View, pointer string, after muster.Seq) error {
	h := v.Horizon()
	if after >= h.Seq {
		return nil
	}
	last := itoa(int(h.Seq))
	return expired(pointer, "Change records are kept from "+h.At.String()+" on. Those up to number "+last+" are gone: who goes on after "+itoa(int(after))+
		" would miss some. Read who the members are now, and go on after "+last+" or later.", "expected a number from "+last+" on")
}

// knownFrom answers from when on history is kept, nil when all of it is.
func knownFrom(v store.View) *muster.Instant {
	if h := v.Horizon(); h.At != muster.Beginning {
		return &h.At
	}
	return nil
}

// Past is a page of change records, and from when on they are known.
type Past struct {
	Page[Change]
	KnownFrom *muster.Instant `json:"known_from" doc:"From when on records are kept; null when all are. Earlier ones have been given up."`
}
