package webhook

import (
	"errors"

	"github.com/muster-groups/muster"
)

// progress is the document of how far an endpoint is. It is written before
// anything that depends on it is done: a process that is killed between a
// request and this makes the request again.
type progress struct {
	// Cursor is the number of the change up to which all was delivered.
	Cursor muster.Seq `json:"cursor"`
	window
	// Due is where the batch ends that is on its way, or failed and is due; 0 when none is.
	Due         muster.Seq     `json:"due,omitempty"`
	Failures    int            `json:"failures,omitempty"`
	NextAt      muster.Instant `json:"next_at,omitempty"`
	LastError   string         `json:"last_error,omitempty"`
	DeliveredAt muster.Instant `json:"delivered_at,omitempty"`
	// Paused is why nothing is sent, "" when something is.
	Paused string `json:"paused,omitempty"`
	// Obeyed is the number of the last order that was followed.
	Obeyed int64 `json:"obeyed,omitempty"`
}

// promised is the progress before the first request with a batch.
func (p progress) promised(b batch) progress {
	p.window, p.Due = b.window, b.to
	return p
}

// delivered is the progress after a batch has arrived.
func (p progress) delivered(b batch, at muster.Instant) progress {
	p = p.passed(b)
	p.LastError, p.DeliveredAt = "", at
	return p
}

// obeying is the progress after the orders that it has not obeyed yet.
func (p progress) obeying(e endpoint) progress {
	for o := range e.Orders.Since(p.Obeyed) {
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

// passed is the progress after a batch that needs no request any more.
func (p progress) passed(b batch) progress {
	p.Cursor, p.window = b.to, b.window
	p.Due, p.Failures, p.NextAt = 0, 0, 0
	if p.Cursor >= p.Until {
		p.window = window{}
	}
	return p
}

// failed is the progress after a batch has not arrived.
func (p progress) failed(b batch, a attempt, now muster.Instant) progress {
	p.window, p.Due, p.LastError = b.window, b.to, a.Error
	p.Failures++
	wait, again := delay(p.Failures, a.retryAfter)
	switch {
	case a.gone:
		p.Paused, p.NextAt = gone, 0
	case !again:
		p.Paused, p.NextAt = failing, 0
	default:
		p.NextAt = now + muster.Instant((wait.Milliseconds()+999)/1000)
	}
	return p
}

// expired is the progress of an endpoint whose next changes are not kept any more.
func (p progress) expired(why error) progress {
	p.Paused, p.NextAt = expired, 0
	var e *muster.Error
	if errors.As(why, &e) {
		p.LastError = e.Message
	}
	return p
}

// resumed is the progress of an endpoint that may be called again at once.
func (p progress) resumed() progress {
	p.Paused, p.Failures, p.NextAt = "", 0, 0
	return p
}

// rewound is the progress of an endpoint that goes on after another number; one
// that waited to be told where to go on does so.
func (p progress) rewound(to muster.Seq) progress {
	p.Cursor, p.Due, p.window, p.Failures, p.NextAt = to, 0, window{}, 0, 0
	if p.Paused == expired { // what held it up is answered
		p = p.resumed()
		p.LastError = ""
	}
	return p
}

func (p progress) status() string {
	switch {
	case p.Paused != "":
		return paused
	case p.Failures > 0:
		return retrying
	}
	return active
}
