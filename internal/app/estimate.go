package app

import (
	"context"
	"math"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster/internal/store"
)

// Counted is how many contacts something is true of, counted or estimated.
type Counted struct {
	Count uint64 `json:"count" doc:"How many there are. Where it is estimated and nobody who was looked at matches, the middle of the range."`
	Range *Range `json:"range,omitempty" doc:"Of what is estimated: with 95 percent, there are so many."`
}

// Range is two numbers and everything between them.
type Range struct {
	Low  uint64 `json:"low"`
	High uint64 `json:"high"`
}

// sampling is whom a preview looks at; nil is everybody.
type sampling struct {
	of  *roaring.Bitmap
	all uint64 // how many contacts there are
}

// usualSample is how many contacts an estimate looks at on a store that others
// share. Where a scan takes a fraction of a second there is nothing to estimate.
const usualSample = 4000

// sampling draws the contacts that an estimate looks at; nil when it is to be all.
func (a *App) sampling(ctx context.Context) (s *sampling, err error) {
	size := a.limits.ContactsPerEstimate
	if _, shared := a.store().(store.Shared); size == 0 && shared {
		size = usualSample
	}
	err = a.view(ctx, func(v store.View) error {
		if all := v.Contacts(); size > 0 && all.GetCardinality() > uint64(size) {
			s = &sampling{of: draw(all, size), all: all.GetCardinality()}
		}
		return nil
	})
	return s, err
}

// draw chooses about so many of more contacts. It is the same ones each time, as
// far as they are there: what the database has read for an estimate serves the next.
func draw(all *roaring.Bitmap, size int) *roaring.Bitmap {
	some := roaring.New()
	below := uint32(uint64(size) << 32 / all.GetCardinality())
	numbers := make([]uint32, 4096)
	for it := all.ManyIterator(); ; {
		n := it.NextMany(numbers)
		if n == 0 {
			return some
		}
		for _, no := range numbers[:n] {
			if scatter(no) < below {
				some.Add(no)
			}
		}
	}
}

// scatter maps numbers to numbers one to one, and neighbours far apart.
func scatter(no uint32) uint32 {
	no = (no ^ no>>16) * 0x85ebca6b
	no = (no ^ no>>13) * 0xc2b2ae35
	return no ^ no>>16
}

func (s *sampling) queryOf() *roaring.Bitmap {
	if s == nil {
		return nil
	}
	return s.of
}

// among answers those of a set that were looked at.
func (s *sampling) among(set *roaring.Bitmap) *roaring.Bitmap {
	if s == nil {
		return set
	}
	return roaring.And(set, s.of)
}

// counted answers how many there are, of whom so many were looked at.
func (s *sampling) counted(found uint64) Counted {
	if s == nil {
		return Counted{Count: found}
	}
	return estimated(found, s.of.GetCardinality(), s.all)
}

// estimated answers how many of all are likely to match when so many of some do:
// Wilson's interval, as if more had been looked at the nearer that is to all.
func estimated(found, of, all uint64) Counted {
	if of >= all {
		return Counted{Count: found}
	}
	const z = 1.959964 // 95 % of a normal distribution are so near to its middle
	share := float64(found) / float64(of)
	n := float64(of) * float64(all-1) / float64(all-of)
	middle := (share + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(share*(1-share)/n+z*z/(4*n*n))
	r := Range{
		Low:  max(found, uint64(math.Floor(max(0, middle-half)*float64(all)))),
		High: min(all-(of-found), uint64(math.Ceil((middle+half)*float64(all)))),
	}
	if found == 0 {
		r.Low = 0
		return Counted{Count: r.High - r.High/2, Range: &r} // it may well be somebody
	}
	return Counted{Count: min(max(uint64(math.Round(share*float64(all))), r.Low), r.High), Range: &r}
}
