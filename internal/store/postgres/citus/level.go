package citus

import "strings"

// level looks at what a query says of its sources, and answers their place.
func (c *check) level(s node, sc *scope) source {
	c.equate(s.at("whereClause"), sc)
	for _, part := range []string{"targetList", "whereClause", "havingClause", "groupClause", "sortClause", "valuesLists", "limitCount", "returningList", "distinctClause"} {
		c.expressions(node{"": s[part]}, sc)
	}
	if strings.Contains(string(s["groupClause"]), `"GroupingSet"`) && len(places(sc)) > 0 {
		c.refuse(RuleGroupingSet, "")
	}
	var shown source
	local := ""
	for _, from := range sc.sources {
		if from.local {
			local = from.name
		}
		if from.place == "" {
			continue
		}
		if shown.place == "" {
			shown = from
		} else if c.root(shown.place) != c.root(from.place) {
			c.refuse(RuleJoin, shown.name+" and "+from.name)
		}
	}
	if shown.place != "" && local != "" {
		c.dear(DearMixed, local+" and "+shown.name)
	}
	return source{place: shown.place}
}

func places(sc *scope) (list []string) {
	for _, s := range sc.sources {
		if s.place != "" {
			list = append(list, s.place)
		}
	}
	return list
}

// conjuncts are the tests that all hold.
func conjuncts(n node) []node {
	if b := n.at("BoolExpr"); b.text("boolop") == "AND_EXPR" {
		var all []node
		for _, arg := range b.list("args") {
			all = append(all, conjuncts(arg)...)
		}
		return all
	}
	return []node{n}
}

func isEqual(x node) bool {
	op := names(x.list("name"))
	return x.text("kind") == "AEXPR_OP" && len(op) == 1 && op[0] == "="
}

// value is a constant or argument as a text; "" is another expression.
func value(n node) string {
	if cast := n.at("TypeCast"); cast != nil {
		return value(cast.at("arg"))
	}
	if p := n.at("ParamRef"); p != nil {
		return "value $" + string(p["number"])
	}
	if k := n.at("A_Const"); k != nil {
		return "value " + string(k["ival"]) + string(k["sval"])
	}
	return ""
}

// equate notes which columns of distribution a condition makes equal.
func (c *check) equate(condition node, sc *scope) {
	for _, test := range conjuncts(condition) {
		x := test.at("A_Expr")
		if !isEqual(x) {
			continue
		}
		left, right := c.placed(x.at("lexpr"), sc), c.placed(x.at("rexpr"), sc)
		if left != "" && right != "" {
			c.same[c.root(left)] = c.root(right)
		}
	}
}

// placed answers what place an expression names.
func (c *check) placed(n node, sc *scope) string {
	if s, column, found := sc.column(n.at("ColumnRef")); found {
		if column == s.by {
			return s.place
		}
		return ""
	}
	return value(n)
}

func (c *check) root(place string) string {
	for c.same[place] != "" && c.same[place] != place {
		place = c.same[place]
	}
	return place
}

// expressions looks at the queries within expressions.
func (c *check) expressions(n node, sc *scope) {
	n.walk(func(kind string, n node) bool {
		switch kind {
		case "ColumnRef":
			sc.column(n)
		case "SubLink":
			c.expressions(node{"": n["testexpr"]}, sc)
			c.within(n, sc)
			return false
		}
		return true
	})
}

// within looks at a query within an expression.
func (c *check) within(link node, sc *scope) {
	select_ := link.at("subselect").at("SelectStmt")
	inner := &scope{outer: sc}
	s := c.query(select_, inner)
	if s.place == "" {
		return
	}
	together := false
	for at := sc; at != nil; at = at.outer {
		for _, place := range places(at) {
			together = together || c.root(place) == c.root(s.place)
		}
	}
	if test := link.at("testexpr"); test != nil && s.by != "" {
		if from, column, found := sc.column(test.at("ColumnRef")); found && from.by == column {
			together = true // in (select the column of distribution ...)
		}
	}
	switch {
	case together:
	case inner.used:
		c.refuse(RuleCorrelated, link.text("subLinkType"))
	default:
		if !select_.yes("targetList") {
			c.refuse(RuleNoColumns, link.text("subLinkType"))
		}
		c.dear(DearApart, link.text("subLinkType"))
	}
}
