package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// GroupQuery selects and orders groups.
type GroupQuery struct {
	Search string             // contained in code, name or description
	Status muster.GroupStatus // "" is any
	Sort   string             // code (or ""), name, members, change, status, last_recalculated, next_recalculation; "-" before it turns the order
	Trend  bool               // whether to tell how the size changed
	Cursor string
	Limit  int // 1 to 1,000; 1,000
}

// Trend is a group's size over the last seven days: at the end of each of the
// seven days before today, in the project's time zone, and now.
type Trend struct {
	Sizes  []uint64 `json:"sizes" nullable:"false" doc:"Eight sizes, the oldest first, the last one as of now."`
	Change int64    `json:"change" doc:"How much larger the group is than seven days ago."`
}

// trendDays is how many days a trend reaches back.
const trendDays = 7

// Groups lists groups. Orders that many groups may share fall back on the code.
func (a *App) Groups(ctx context.Context, q GroupQuery) (Page[Group], error) {
	from, err := readCursor(q.Cursor, 1)
	if err != nil {
		return Page[Group]{}, err
	}
	order, err := groupOrder(q.Sort)
	if err != nil {
		return Page[Group]{}, err
	}
	var out []Group
	var groups map[string]*muster.Group // as they go with their members
	err = a.view(ctx, func(v store.View) error {
		groups = a.roster.State().Groups
		for code, g := range groups {
			status, _ := a.roster.Status(code)
			if !containsFolded(q.Search, g.Code, g.Name, g.Description) || q.Status != "" && q.Status != status {
				continue
			}
			shaped := Group{Code: code, Name: g.Name, Status: status, LastRecalculated: optionalInstant(g.LastRecalculated), NextRecalculation: optionalInstant(a.roster.NextRun(g))}
			shaped.measure(v, g)
			if q.Trend || strings.HasSuffix(q.Sort, "change") {
				if shaped.Trend, err = a.trend(v, g, shaped.Members); err != nil {
					return err
				}
			}
			out = append(out, shaped)
		}
		return nil
	})
	if err != nil {
		return Page[Group]{}, err
	}
	slices.SortFunc(out, func(x, y Group) int { return cmp.Or(order(&x, &y), strings.Compare(x.Code, y.Code)) })
	begin := min(int(min(from[0], 1<<30)), len(out))
	end := min(begin+pageSize(q.Limit, 1000, 1000), len(out))
	next := ""
	if end < len(out) {
		next = cursorOf(uint64(end))
	}
	// Conditions and their sentences only of those that are shown.
	page := out[begin:end]
	for i := range page {
		if _, err := a.group(page[i].Code); err != nil {
			continue // deleted meanwhile: it is shown as it was
		}
		full := a.shapeGroup(groups[page[i].Code])
		full.Members, full.Share = page[i].Members, page[i].Share
		if q.Trend {
			full.Trend = page[i].Trend
		}
		page[i] = full
	}
	return PageOf(page, next), nil
}

func groupOrder(sort string) (func(x, y *Group) int, error) {
	key, turned := strings.CutPrefix(sort, "-")
	instant := func(t *muster.Instant) muster.Instant {
		if t == nil {
			return 0
		}
		return *t
	}
	order, known := map[string]func(x, y *Group) int{
		"":                   func(*Group, *Group) int { return 0 },
		"code":               func(x, y *Group) int { return strings.Compare(x.Code, y.Code) },
		"name":               func(x, y *Group) int { return compareFolded(x.Name, y.Name) },
		"members":            func(x, y *Group) int { return cmp.Compare(x.Members, y.Members) },
		"change":             func(x, y *Group) int { return cmp.Compare(x.Trend.Change, y.Trend.Change) },
		"status":             func(x, y *Group) int { return strings.Compare(string(x.Status), string(y.Status)) },
		"last_recalculated":  func(x, y *Group) int { return cmp.Compare(instant(x.LastRecalculated), instant(y.LastRecalculated)) },
		"next_recalculation": func(x, y *Group) int { return cmp.Compare(instant(x.NextRecalculation), instant(y.NextRecalculation)) },
	}[key]
	if !known {
		return nil, invalidAt("/sort", problemInvalid, "expected code, name, members, change, status, last_recalculated or next_recalculation, with - before it for the other direction")
	}
	if turned {
		return func(x, y *Group) int { return order(y, x) }, nil
	}
	return order, nil
}

// trend answers a group's sizes at the last local midnights.
func (a *App) trend(v store.View, g *muster.Group, now uint64) (*Trend, error) {
	today := muster.DateOf(v.Tick().Time().In(zoneOf(a.schema())))
	out := &Trend{}
	for d := today - trendDays + 1; d <= today; d++ {
		at := d.Start(zoneOf(a.schema())) - 1
		if at < v.Horizon().At {
			continue
		}
		size, err := a.sizes.at(v, g, at)
		if err != nil {
			return nil, err
		}
		out.Sizes = append(out.Sizes, size)
	}
	out.Sizes = append(out.Sizes, now)
	out.Change = int64(now) - int64(out.Sizes[0])
	return out, nil
}

// sizes remembers how large groups were at instants of the past, which does not
// change any more: erasure takes nobody out of the counts of the past.
type sizes struct {
	mu    sync.Mutex
	known map[sizeKey]uint64
}

type sizeKey struct {
	group muster.GroupNo
	at    muster.Instant
}

// maxSizes bounds the memory; what is forgotten is counted again.
const maxSizes = 20_000

func (s *sizes) at(v store.View, g *muster.Group, at muster.Instant) (uint64, error) {
	if at < g.CreatedAt {
		return 0, nil
	}
	key := sizeKey{g.No, at}
	s.mu.Lock()
	size, known := s.known[key]
	s.mu.Unlock()
	if known {
		return size, nil
	}
	members, err := v.MembersAt(g.No, at)
	if err != nil {
		return 0, err
	}
	size = members.GetCardinality()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil || len(s.known) >= maxSizes {
		s.known = map[sizeKey]uint64{}
	}
	s.known[key] = size
	return size, nil
}
