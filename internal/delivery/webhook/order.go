package webhook

import (
	"slices"

	"github.com/muster-groups/muster"
)

// order is how people move a webhook. It stands with what they decide about it,
// because only the process that delivers writes how far the webhook is, and they
// may ask another one.
type order struct {
	Number int64 `json:"number"` // 1, 2, ...
	// One of these.
	Pause  bool        `json:"pause,omitempty"`
	Resume bool        `json:"resume,omitempty"`
	After  *muster.Seq `json:"after,omitempty"` // go on after this change
}

// ordered is the endpoint with one more order. Those up to the last one of which
// it is written down that it was obeyed are of no use any more.
func (e endpoint) ordered(written int64, o order) endpoint {
	o.Number = written + 1
	if n := len(e.Orders); n > 0 {
		o.Number = max(o.Number, e.Orders[n-1].Number+1)
	}
	e.Orders = append(slices.DeleteFunc(slices.Clone(e.Orders), func(o order) bool { return o.Number <= written }), o)
	return e
}

// obeying is the progress after the orders that it has not obeyed yet.
func (p progress) obeying(e endpoint) progress {
	for _, o := range e.Orders {
		if o.Number <= p.Obeyed {
			continue
		}
		switch {
		case o.Pause:
			p.Paused = asked
		case o.Resume:
			p = p.resumed()
		case o.After != nil:
			p = p.rewound(*o.After)
		}
		p.Obeyed = o.Number
	}
	return p
}
