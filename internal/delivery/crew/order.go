package crew

import (
	"iter"
	"slices"

	"github.com/muster-groups/muster"
)

// Order is how people move a worker. It stands with what they decide about it,
// because only the process that works writes how far the worker is, and they may
// ask another one.
type Order struct {
	Number int64 `json:"number"` // 1, 2, ...
	// One of these.
	Pause   bool        `json:"pause,omitempty"`
	Resume  bool        `json:"resume,omitempty"`
	Compare bool        `json:"compare,omitempty"` // all of it
	After   *muster.Seq `json:"after,omitempty"`   // go on after this change
}

// Orders are the latest orders of a worker, oldest first.
type Orders []Order

// With is the orders with one more. Those up to the last one of which it is
// written down that it was obeyed are of no use any more.
func (list Orders) With(written int64, o Order) Orders {
	o.Number = written + 1
	if n := len(list); n > 0 {
		o.Number = max(o.Number, list[n-1].Number+1)
	}
	return append(slices.DeleteFunc(slices.Clone(list), func(o Order) bool { return o.Number <= written }), o)
}

// Since yields the orders after the last one that was obeyed.
func (list Orders) Since(obeyed int64) iter.Seq[Order] {
	return func(yield func(Order) bool) {
		for _, o := range list {
			if o.Number > obeyed && !yield(o) {
				return
			}
		}
	}
}
