// Package citus says of statements what a Citus cluster would refuse, without one
// at hand: it parses them with PostgreSQL's own grammar and looks for what is
// known to be refused. Where there is a cluster, it judges the rules: its tests
// send their examples there. Only tests use it.
//
// It must not know what statements mean, but only what they say.
package citus

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/wasilibs/go-pgquery/parser"
)

// Schema is the tables by name. Others are taken for views of the server itself.
type Schema map[string]Table

// Table is its columns, and the one by which its rows are distributed; "" is none:
// it is on the coordinator.
type Table struct {
	Columns []string
	By      string
}

// Finding is something about a statement.
type Finding struct {
	Rule string
	Says string
	// Dear says that it is not refused, but moves rows to the coordinator.
	Dear bool
}

// The rules.
const (
	RuleLock        = "locks rows of several shards"
	RuleMove        = "changes the column by which rows are distributed"
	RuleJoin        = "joins not by the column of distribution"
	RuleCorrelated  = "refers to an outer row of another shard"
	RuleUnplaced    = "inserts without the column of distribution"
	RuleMerge       = "uses merge"
	RuleFunction    = "changes rows by a function that is not immutable"
	RuleRecursive   = "is recursive"
	RuleGroupingSet = "uses grouping sets"
	RuleNoColumns   = "asks apart for rows without columns"
	RuleUnique      = "makes a unique key without the column of distribution"
	RuleForeign     = "makes a foreign key to rows elsewhere"

	DearApart = "is planned apart, and its rows go through the coordinator"
	DearMixed = "brings rows of shards and of the coordinator together"
)

// Check answers what a statement runs into.
func Check(sql string, schema Schema) ([]Finding, error) {
	text, err := parser.ParseToJSON(sql)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", sql, err)
	}
	var parsed struct {
		Stmts []struct {
			Stmt node `json:"stmt"`
		} `json:"stmts"`
	}
	if err := json.Unmarshal([]byte(text), &parsed); err != nil {
		return nil, err
	}
	c := &check{schema: schema, same: map[string]string{}}
	for _, s := range parsed.Stmts {
		c.statement(s.Stmt)
	}
	return c.found, nil
}

// check is the look at one statement.
type check struct {
	schema Schema
	found  []Finding
	places int
	// same says which columns of distribution, and values of them, are equal.
	same map[string]string
}

func (c *check) refuse(rule, says string) {
	if f := (Finding{Rule: rule, Says: says}); !slices.Contains(c.found, f) {
		c.found = append(c.found, f)
	}
}

func (c *check) dear(rule, says string) {
	if f := (Finding{Rule: rule, Says: says, Dear: true}); !slices.Contains(c.found, f) {
		c.found = append(c.found, f)
	}
}

// statement looks at a statement of any kind.
func (c *check) statement(n node) {
	for kind, of := range n {
		switch s := child(of); kind {
		case "SelectStmt":
			c.query(s, nil)
		case "InsertStmt":
			c.insert(s)
		case "UpdateStmt":
			c.change(s, "fromClause")
		case "DeleteStmt":
			c.change(s, "usingClause")
		case "MergeStmt":
			if c.distributed(s.at("relation")) {
				c.refuse(RuleMerge, s.at("relation").text("relname"))
			}
		case "PrepareStmt", "ExplainStmt":
			c.statement(s.at("query"))
		case "IndexStmt":
			if by := c.schema[s.at("relation").text("relname")].By; s.yes("unique") && by != "" && !slices.Contains(indexed(s), by) {
				c.refuse(RuleUnique, s.text("idxname"))
			}
		case "CreateStmt", "AlterTableStmt":
			c.constraints(s)
		}
	}
}

func indexed(s node) (columns []string) {
	for _, p := range s.list("indexParams") {
		columns = append(columns, p.at("IndexElem").text("name"))
	}
	return columns
}

// constraints looks at the keys that a table gets.
func (c *check) constraints(s node) {
	table := c.schema[s.at("relation").text("relname")]
	var column string
	s.walk(func(kind string, n node) bool {
		switch kind {
		case "ColumnDef":
			column = n.text("colname")
		case "Constraint":
			switch n.text("contype") {
			case "CONSTR_UNIQUE", "CONSTR_PRIMARY":
				keys := names(n.list("keys"))
				if len(keys) == 0 {
					keys = []string{column}
				}
				if table.By != "" && !slices.Contains(keys, table.By) {
					c.refuse(RuleUnique, strings.Join(keys, ", "))
				}
			case "CONSTR_FOREIGN":
				keys, other := append(names(n.list("fk_attrs")), column), n.at("pktable").text("relname")
				if table.By != "" && (!slices.Contains(keys, table.By) || !slices.Contains(names(n.list("pk_attrs")), c.schema[other].By)) {
					c.refuse(RuleForeign, other)
				}
			}
		}
		return true
	})
}

func (c *check) distributed(relation node) bool { return c.schema[relation.text("relname")].By != "" }

// insert looks at an insert and what it inserts.
func (c *check) insert(s node) {
	relation := s.at("relation")
	sc := c.with(s, nil)
	if by := c.schema[relation.text("relname")].By; by != "" {
		var columns []string
		for _, column := range s.list("cols") {
			columns = append(columns, column.at("ResTarget").text("name"))
		}
		if len(columns) > 0 && !slices.Contains(columns, by) {
			c.refuse(RuleUnplaced, relation.text("relname"))
		}
		c.immutable(s.at("onConflictClause"))
	}
	if of, ok := s["selectStmt"]; ok {
		c.query(child(of).at("SelectStmt"), sc)
	}
	c.expressions(s.at("onConflictClause"), sc.add(c.table(relation)))
}

// change looks at an update or a delete.
func (c *check) change(s node, others string) {
	relation := s.at("relation")
	sc := c.with(s, nil)
	c.from(s.list(others), sc)
	sc.add(c.table(relation))
	if by := c.schema[relation.text("relname")].By; by != "" {
		c.immutable(s)
		if s.yes("targetList") {
			for _, set := range s.list("targetList") {
				if set.at("ResTarget").text("name") == by {
					c.refuse(RuleMove, relation.text("relname"))
				}
			}
		}
	}
	c.level(s, sc)
}

// unstable are functions that may answer differently each time.
var unstable = []string{"now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday", "random", "gen_random_uuid",
	"nextval", "currval", "lastval", "setval", "pg_notify", "txid_current", "pg_current_xact_id"}

func (c *check) immutable(s node) {
	s.walk(func(kind string, n node) bool {
		if kind == "SQLValueFunction" {
			c.refuse(RuleFunction, n.text("op"))
		}
		if kind == "FuncCall" {
			if called := names(n.list("funcname")); len(called) > 0 && slices.Contains(unstable, called[len(called)-1]) {
				c.refuse(RuleFunction, called[len(called)-1])
			}
		}
		// What is in a WITH is computed before, on the coordinator.
		return kind != "CommonTableExpr"
	})
}
