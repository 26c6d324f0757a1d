package live

import (
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/store"
)

// nodes answers a query for the whole condition and for each of its nodes.
func (s *System) nodes(c *catalog.Condition, zone *time.Location, at muster.Instant, of *roaring.Bitmap) (pointers []string, queries []store.Query) {
	pointers = append(pointers, "")
	queries = append(queries, store.Query{Node: s.roster.Lower(c, zone, at), Of: of})
	catalog.Walk(c, func(n catalog.Node) {
		switch n := n.(type) {
		case *catalog.Group:
			pointers = append(pointers, n.Pointer)
			queries = append(queries, store.Query{Node: s.roster.LowerGroup(n, zone, at), Of: of})
		case *catalog.Leaf:
			pointers = append(pointers, n.Pointer)
			queries = append(queries, store.Query{Node: s.roster.LowerLeaf(n, zone, at), Of: of})
		}
	})
	return pointers, queries
}
