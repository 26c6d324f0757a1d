package file

import (
	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// appendActivity writes everything but the row number. The arrival is near the
// instant, so it is kept as the difference.
func appendActivity(b *blob, a *record.Activity) {
	b.number(uint64(a.Contact))
	b.number(uint64(a.Type))
	b.signed(int64(a.At))
	b.signed(int64(a.Arrived - a.At))
	b.number(uint64(a.Channel))
	b.text(a.ID)
	for _, attr := range a.Attrs {
		b.number(uint64(attr.Name))
		b.number(uint64(attr.Value))
	}
}

// activities are a batch read back, with the memory their slices point into.
type activities struct {
	rows  []record.Activity
	attrs []record.Attr
	ends  []int // of each row's attributes
	ids   []byte
	idEnd []int
}

func (a *activities) reset() {
	a.rows, a.attrs, a.ends, a.ids, a.idEnd = a.rows[:0], a.attrs[:0], a.ends[:0], a.ids[:0], a.idEnd[:0]
}

func (a *activities) add(row int64, data []byte) error {
	r := reading{rest: data}
	act := record.Activity{Row: uint64(row)}
	act.Contact = muster.ContactNo(r.number())
	act.Type = uint32(r.number())
	act.At = muster.Instant(r.signed())
	act.Arrived = act.At + muster.Instant(r.signed())
	act.Channel = uint32(r.number())
	a.ids = append(a.ids, r.raw()...)
	for len(r.rest) > 0 {
		a.attrs = append(a.attrs, record.Attr{Name: uint32(r.number()), Value: uint32(r.number())})
	}
	a.rows = append(a.rows, act)
	a.ends = append(a.ends, len(a.attrs))
	a.idEnd = append(a.idEnd, len(a.ids))
	return r.end("activity", row)
}

// finish gives each row its attributes and id. It comes last because the
// memory behind them moves while it grows. The ids of a batch share one string.
func (a *activities) finish() []record.Activity {
	ids := string(a.ids)
	from, idFrom := 0, 0
	for i := range a.rows {
		a.rows[i].Attrs = a.attrs[from:a.ends[i]:a.ends[i]]
		a.rows[i].ID = ids[idFrom:a.idEnd[i]]
		from, idFrom = a.ends[i], a.idEnd[i]
	}
	return a.rows
}
