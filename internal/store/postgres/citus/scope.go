package citus

import (
	"slices"
	"strconv"
)

// source is something that a query reads: a table, or a query in its place.
type source struct {
	name    string
	columns []string
	by      string // the column of distribution, where it shows one
	place   string // says which rows: those of two sources with the same place are on one server
	local   bool   // a table that is on the coordinator
	gathers bool   // it puts rows of several shards together
}

// scope is the names that expressions can use.
type scope struct {
	outer   *scope
	with    map[string]source
	sources []source
	used    bool // something within refers to a source further out
}

func (sc *scope) add(s source) *scope {
	sc.sources = append(sc.sources, s)
	return sc
}

// named finds a query of a WITH.
func (sc *scope) named(name string) (source, bool) {
	for ; sc != nil; sc = sc.outer {
		if s, ok := sc.with[name]; ok {
			return s, true
		}
	}
	return source{}, false
}

// column finds the source of a column, and notes when it is further out.
func (sc *scope) column(ref node) (s source, column string, found bool) {
	fields := names(ref.list("fields"))
	if len(fields) == 0 {
		return s, "", false
	}
	column = fields[len(fields)-1]
	for at := sc; at != nil; at = at.outer {
		for _, s := range at.sources {
			if len(fields) > 1 && s.name == fields[0] || len(fields) == 1 && slices.Contains(s.columns, column) {
				for inner := sc; inner != at; inner = inner.outer {
					inner.used = true
				}
				return s, column, true
			}
		}
	}
	return s, column, false
}

// with looks at the queries of a WITH and answers a scope that knows them.
func (c *check) with(s node, outer *scope) *scope {
	sc := &scope{outer: outer, with: map[string]source{}}
	clause := s.at("withClause")
	for _, of := range clause.list("ctes") {
		cte := of.at("CommonTableExpr")
		before := c.places
		apart := &scope{with: sc.with, outer: outer}
		var columns []string
		for kind, q := range cte.at("ctequery") {
			switch q := child(q); kind {
			case "SelectStmt":
				columns = c.query(q, apart).columns
			case "InsertStmt":
				c.insert(q)
			case "UpdateStmt":
				c.change(q, "fromClause")
			case "DeleteStmt":
				c.change(q, "usingClause")
			}
		}
		if c.places > before && clause.yes("recursive") {
			c.refuse(RuleRecursive, cte.text("ctename"))
		}
		if apart.used {
			c.refuse(RuleCorrelated, cte.text("ctename"))
		}
		sc.with[cte.text("ctename")] = source{columns: append(columns, names(cte.list("aliascolnames"))...)}
	}
	return sc
}

// table is a table as a source.
func (c *check) table(relation node) source {
	name := relation.text("relname")
	t := c.schema[name]
	s := source{name: alias(relation, name), columns: t.Columns, by: t.By, local: t.By == "" && t.Columns != nil}
	if t.By != "" {
		c.places++
		s.place = "table " + strconv.Itoa(c.places)
	}
	return s
}

func alias(n node, usual string) string {
	if name := n.at("alias").text("aliasname"); name != "" {
		return name
	}
	return usual
}

// query looks at a select, and answers it as a source.
func (c *check) query(s node, outer *scope) source {
	sc := c.with(s, outer)
	if s.text("op") != "SETOP_NONE" {
		left, right := c.query(s.at("larg"), sc), c.query(s.at("rarg"), sc)
		if left.place == "" {
			left.place = right.place
		}
		left.by, left.gathers = "", left.place != ""
		return left
	}
	c.from(s.list("fromClause"), sc)
	if s.yes("lockingClause") {
		c.locked(s, sc)
	}
	shown := c.level(s, sc)
	shown.columns = nil
	for _, of := range s.list("targetList") {
		target := of.at("ResTarget")
		name := target.text("name")
		if ref := target.at("val").at("ColumnRef"); ref != nil {
			from, column, found := sc.column(ref)
			if name == "" {
				name = column
			}
			if found && from.by == column && from.place != "" && slices.ContainsFunc(sc.sources, func(s source) bool { return s.place == from.place }) {
				shown.by = name
			}
		}
		shown.columns = append(shown.columns, name)
	}
	if shown.gathers = c.gathers(s, sc, shown); shown.gathers {
		shown.by = ""
	}
	return shown
}

// gathers reports whether a query puts rows of several shards together.
func (c *check) gathers(s node, sc *scope, shown source) bool {
	byPlace := func(list []node) bool {
		return slices.ContainsFunc(list, func(n node) bool {
			from, column, found := sc.column(n.at("ColumnRef"))
			return found && from.by != "" && from.by == column
		})
	}
	windows := false
	for _, target := range s.list("targetList") {
		target.walk(func(kind string, n node) bool {
			if kind == "FuncCall" && n.yes("over") && !byPlace(n.at("over").list("partitionClause")) {
				windows = true
			}
			return kind != "SubLink"
		})
	}
	return windows || s.yes("limitCount") || s.yes("limitOffset") || s.yes("distinctClause") && !byPlace(s.list("distinctClause")) && shown.by == "" ||
		s.yes("groupClause") && !byPlace(s.list("groupClause"))
}

// locked refuses locks of rows that may be in several shards.
func (c *check) locked(s node, sc *scope) {
	for _, from := range sc.sources {
		if from.by == "" {
			continue
		}
		one := false
		for _, test := range conjuncts(s.at("whereClause")) {
			if x := test.at("A_Expr"); isEqual(x) {
				for _, pair := range [][2]node{{x.at("lexpr"), x.at("rexpr")}, {x.at("rexpr"), x.at("lexpr")}} {
					at, column, found := sc.column(pair[0].at("ColumnRef"))
					one = one || found && at.place == from.place && column == from.by && value(pair[1]) != ""
				}
			}
		}
		if !one {
			c.refuse(RuleLock, from.name)
		}
	}
}

// from adds what a FROM names, and notes what its joins equate.
func (c *check) from(list []node, sc *scope) {
	for _, of := range list {
		switch {
		case of.yes("RangeVar"):
			relation := of.at("RangeVar")
			if s, ok := sc.named(relation.text("relname")); ok {
				s.name = alias(relation, relation.text("relname"))
				sc.add(s)
			} else {
				sc.add(c.table(relation))
			}
		case of.yes("RangeSubselect"):
			sub := of.at("RangeSubselect")
			outer := &scope{outer: sc.outer, with: sc.with}
			if sub.yes("lateral") {
				outer = &scope{outer: sc, with: sc.with}
			}
			s := c.query(sub.at("subquery").at("SelectStmt"), outer)
			s.name = alias(sub, "")
			if s.place != "" && s.gathers && !outer.used {
				c.dear(DearApart, s.name)
				s.place = ""
			}
			sc.add(s)
		case of.yes("RangeFunction"):
			f := of.at("RangeFunction")
			sc.add(source{name: alias(f, ""), columns: names(f.at("alias").list("colnames"))})
		case of.yes("JoinExpr"):
			j := of.at("JoinExpr")
			c.from([]node{j.at("larg"), j.at("rarg")}, sc)
			c.equate(j.at("quals"), sc)
			c.expressions(j.at("quals"), sc)
		}
	}
}
