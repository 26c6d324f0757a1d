package catalog

import "github.com/muster-groups/muster"

// commerceTypes are the conditions on purchases and wishes.
func commerceTypes() []conditionType {
	return []conditionType{
		{
			code: "purchased-product", category: Commerce, label: "Purchased product", synonyms: []string{"bought", "ordered"},
			params: []param{productsParam()}, common: commonAll, reads: []string{"product_purchased"},
			sentence: "Contact [has|has not] purchased {products}",
		},
		{
			code: "products-purchased", category: Commerce, label: "Number of products purchased", synonyms: []string{"bought", "quantity", "how many"},
			params: []param{compares("Number of products", comparison{kinds: []valueKind{numberKind}, missing: missingNever})}, common: commonNoTimes, reads: []string{"product_purchased"},
			sentence: "Contact's number of purchased products {op}",
		},
		{
			code: "spent", category: Commerce, label: "Amount spent", synonyms: []string{"revenue", "turnover", "value", "money"},
			params: []param{amountParam()}, common: commonNoTimes, reads: []string{"purchase"},
			sentence: "Contact [has|has not] spent {amount}",
		},
		{
			code: "orders", category: Commerce, label: "Placed orders", synonyms: []string{"purchases", "bought", "customer", "buyer"},
			common: commonAll, reads: []string{"purchase"}, sentence: "Contact [has|has not] placed an order",
		},
		{
			code: "wishlist", category: Commerce, label: "Wishlist", synonyms: []string{"favourites", "wishes", "saved products"},
			params: []param{
				optional(productsParam()),
				optional(count("at_least", "At least this many products", 1, maxCount, func(a *Args) *int { return &a.Count })),
			},
			common: takesChannels, reads: []string{"product_added_to_wishlist", "product_removed_from_wishlist"},
			sentence: "Contact [has|has not] on the wishlist {products}",
			check: func(r *reader, at string, a *Args) {
				switch {
				case len(a.Codes) > 0 && a.Count > 0:
					r.fail(at+"/at_least", "unknown_key", "Expected either products or at_least, not both.")
				case len(a.Codes) == 0 && a.Count == 0:
					r.fail(at, "required", "Expected products or at_least.")
				}
			},
		},
	}
}

// productsParam also says at_least of wishlist, which stands in its place.
func productsParam() param {
	p := freeList("products", "Products", "products", "the product", "any of the products", func(a *Args) *[]string { return &a.Codes })
	say := p.say
	p.say = func(s *speech, a *Args) string {
		if len(a.Codes) == 0 {
			return "at least " + plural(int64(a.Count), "product")
		}
		return say(s, a)
	}
	return p
}

// amountParam is a sum with one or two bounds.
func amountParam() param {
	bounds := []struct {
		key    string
		target func(*Args) **muster.Decimal
	}{
		{"at_least", func(a *Args) **muster.Decimal { return &a.AtLeast }},
		{"at_most", func(a *Args) **muster.Decimal { return &a.AtMost }},
	}
	return param{
		ParamInfo: ParamInfo{Name: "amount", Kind: "amount", Label: "Amount", Required: true, Forms: []Form{{"at_least", "at least", "number"}, {"at_most", "at most", "number"}}},
		read: func(r *reader, o *object, a *Args) {
			raw, ok := r.need(o, "amount", "an object with at_least, at_most or both")
			if !ok {
				return
			}
			amount, ok := r.object(o.place("amount"), raw, "an object with at_least, at_most or both")
			if !ok {
				return
			}
			if len(amount.members) == 0 {
				r.fail(amount.at, "required", "Expected at_least, at_most or both.")
			}
			for _, b := range bounds {
				if raw, ok := amount.take(b.key); ok {
					if d, ok := r.number(amount.place(b.key), raw, "a number"); ok {
						*b.target(a) = &d
					}
				}
			}
			r.rest(amount, []string{"at_least", "at_most"})
			if a.AtLeast != nil && a.AtMost != nil && *a.AtMost < *a.AtLeast {
				r.fail(amount.place("at_most"), "out_of_range", "Expected at least %s, the amount in at_least.", *a.AtLeast)
			}
		},
		print: func(a *Args, out map[string]any) {
			amount := map[string]any{}
			for _, b := range bounds {
				if d := *b.target(a); d != nil {
					amount[b.key] = jsonNumber(*d)
				}
			}
			out["amount"] = amount
		},
		say: func(_ *speech, a *Args) string {
			switch {
			case a.AtMost == nil:
				return "at least " + a.AtLeast.String()
			case a.AtLeast == nil:
				return "at most " + a.AtMost.String()
			}
			return "between " + a.AtLeast.String() + " and " + a.AtMost.String()
		},
	}
}
