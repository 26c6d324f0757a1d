package roster

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/muster-groups/muster"
)

// Gap is a stretch of time that no tick looked into: the process was down, the
// machine slept or the clock jumped. Its end is evaluated like any tick, so what
// moved within it is recorded at its end.
type Gap struct {
	From muster.Instant `json:"from"`
	To   muster.Instant `json:"to"`
}

const (
	docGap = "gap" // by its end
	// longestTick is how far apart two ticks may lie without a gap between them: a
	// tick comes every second, and a busy or restarted process may miss some.
	longestTick = 60
)

// markGap notes that the commit comes long after the last one. A manual clock
// has no gaps: it moves as it is told.
func (c *commit) markGap(from muster.Instant) error {
	if c.r.opts.Manual || from == 0 || c.at <= from+longestTick {
		return nil
	}
	c.r.log.Warn("time was not looked into; what moved is recorded as of now", "from", from.String(), "to", c.at.String())
	return c.put(docGap, c.at.String(), Gap{From: from, To: c.at})
}

// Gaps answers the gaps that touch [from, to], the oldest first.
func (r *Roster) Gaps(ctx context.Context, from, to muster.Instant) ([]Gap, error) {
	documents, err := r.Documents(ctx, docGap)
	if err != nil {
		return nil, err
	}
	gaps := []Gap{}
	for code, document := range documents {
		var g Gap
		if err := json.Unmarshal(document, &g); err != nil {
			return nil, &muster.Error{Code: muster.CodeInternal, Message: "the gap " + code + " cannot be read", Err: err}
		}
		if g.From <= to && g.To >= from {
			gaps = append(gaps, g)
		}
	}
	slices.SortFunc(gaps, func(a, b Gap) int { return int(a.To - b.To) })
	return gaps, nil
}
