package mirror

import (
	"slices"
	"time"
)

// order is how people move a connector. It stands with what they decide about it,
// because only the process that follows the group writes how far it is, and they
// may ask another one.
type order struct {
	Number int64 `json:"number"` // 1, 2, ...
	// One of these.
	Pause   bool `json:"pause,omitempty"`
	Resume  bool `json:"resume,omitempty"`
	Compare bool `json:"compare,omitempty"`
}

// ordered is the settings with one more order. Those up to the last one of which
// it is written down that it was obeyed are of no use any more.
func (s settings) ordered(written int64, o order) settings {
	o.Number = written + 1
	if n := len(s.Orders); n > 0 {
		o.Number = max(o.Number, s.Orders[n-1].Number+1)
	}
	s.Orders = append(slices.DeleteFunc(slices.Clone(s.Orders), func(o order) bool { return o.Number <= written }), o)
	return s
}

// obeying is the progress after the orders that it has not obeyed yet; what is
// tried again is tried at once.
func (p progress) obeying(s settings) progress {
	for _, o := range s.Orders {
		if o.Number <= p.Obeyed {
			continue
		}
		p.Failures, p.NextAt, p.LastError = 0, time.Time{}, ""
		switch {
		case o.Pause:
			p.Paused = true
		case o.Resume:
			p.Paused = false
		case o.Compare:
			p.ComparedAt = 0
		}
		p.Obeyed = o.Number
	}
	return p
}
