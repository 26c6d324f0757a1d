package lower

import (
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/plan"
)

// commerce is the table "Commerce"; nil for types of other tables.
func (l *lowering) commerce(conditionType string, a *catalog.Args) plan.Node {
	switch conditionType {
	case "purchased-product":
		return counted(l.activities(a, []string{"product_purchased"}, oneOf("product", a.Codes...)), a.Times)
	case "products-purchased":
		return measured(l.activities(a, []string{"product_purchased"}), plan.Sum, "quantity", operandsOf(a))
	case "spent":
		return measured(l.activities(a, []string{"purchase"}), plan.Sum, "amount", spent(a))
	case "orders":
		return counted(l.activities(a, []string{"purchase"}), a.Times)
	case "wishlist":
		return wishlist(a)
	}
	return nil
}

// spent answers the amounts as a number operator.
func spent(a *catalog.Args) operands {
	var o operands
	if a.AtLeast != nil {
		o.op, o.numbers = catalog.AtLeast, append(o.numbers, *a.AtLeast)
	}
	if a.AtMost != nil {
		o.op, o.numbers = catalog.AtMost, append(o.numbers, *a.AtMost)
	}
	if len(o.numbers) == 2 {
		o.op = catalog.Between
	}
	return o
}

// wishlist asks for one of the products, or without any for a number of them,
// on the wishlist now.
func wishlist(a *catalog.Args) plan.Node {
	leaf := &plan.Latest{
		Add: []string{"product_added_to_wishlist"}, Remove: []string{"product_removed_from_wishlist"},
		Channels: sorted(a.Channels), Key: "product",
	}
	if len(a.Codes) > 0 {
		leaf.Keys = folded(a.Codes)
	} else {
		leaf.AtLeast = max(a.Count, 1)
	}
	return leaf
}
