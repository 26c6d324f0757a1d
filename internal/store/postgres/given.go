package postgres

import (
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
)

// given is what contacts were given and the database does not have yet: their
// fields and decisions, each as it is in the end.
type given struct {
	fields    map[fieldOf]muster.Value
	decisions map[decisionOf]muster.Decision
}

type fieldOf struct {
	no   muster.ContactNo
	code string
}

type decisionOf struct {
	no muster.ContactNo
	decided
}

func (g *given) field(no muster.ContactNo, code string, v muster.Value) {
	if g.fields == nil {
		g.fields = map[fieldOf]muster.Value{}
	}
	g.fields[fieldOf{no, code}] = v
}

func (g *given) decision(no muster.ContactNo, d muster.Decision) {
	if g.decisions == nil {
		g.decisions = map[decisionOf]muster.Decision{}
	}
	g.decisions[decisionOf{no, decided{d.Kind, d.Code}}] = d
}

// fewGiven are written one by one. A cluster takes a row to its server at once,
// and gathers what is written together first.
const fewGiven = 8

// unload writes it, the same row once at most.
func (g *given) unload(batch *pgx.Batch) {
	if len(g.fields) <= fewGiven {
		for of, v := range g.fields {
			unloadField(batch, of, v)
		}
	} else {
		unloadFields(batch, g.fields)
	}
	if len(g.decisions) <= fewGiven {
		for of, d := range g.decisions {
			batch.Queue(`insert into decision (contact_no, kind, code, state, at, version) values ($1, $2, $3, $4, $5, $6)
				on conflict (contact_no, kind, code) do update set state = $4, at = $5, version = $6`, plain([]any{of.no, d.Kind, d.Code, d.State, d.At, d.Version})...)
		}
	} else {
		unloadDecisions(batch, g.decisions)
	}
	*g = given{}
}

const replaceField = ` on conflict (contact_no, code) do update set
	kind = excluded.kind, text = excluded.text, folded = excluded.folded, number = excluded.number, choices = excluded.choices, folded_choices = excluded.folded_choices`

func unloadField(batch *pgx.Batch, of fieldOf, v muster.Value) {
	if v.IsMissing() {
		batch.Queue(`delete from field where contact_no = $1 and code = $2`, int64(of.no), of.code)
		return
	}
	batch.Queue(`insert into field (contact_no, code, kind, text, folded, number, choices, folded_choices) values ($1, $2, $3, $4, $5, $6, $7, $8)`+replaceField,
		plain(append([]any{of.no, of.code, v.Kind}, fieldColumns(v)...))...)
}

func unloadFields(batch *pgx.Batch, fields map[fieldOf]muster.Value) {
	var no, kind []int64
	var code []string
	var text, folded, choices, foldedChoices []*string
	var number []*int64
	for of, v := range fields {
		if v.IsMissing() {
			unloadField(batch, of, v)
			continue
		}
		columns := plain(fieldColumns(v))
		no, code, kind = append(no, int64(of.no)), append(code, of.code), append(kind, int64(v.Kind))
		text, folded = append(text, orNull[string](columns[0])), append(folded, orNull[string](columns[1]))
		number = append(number, orNull[int64](columns[2]))
		choices, foldedChoices = append(choices, inJSON(columns[3])), append(foldedChoices, inJSON(columns[4]))
	}
	if len(no) == 0 {
		return
	}
	batch.Queue(`insert into field (contact_no, code, kind, text, folded, number, choices, folded_choices)
		select contact_no, code, kind, text, folded, number,
			case when choices is not null then array(select jsonb_array_elements_text(choices::jsonb)) end,
			case when folded_choices is not null then array(select jsonb_array_elements_text(folded_choices::jsonb)) end
		from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[])
			as f (contact_no, code, kind, text, folded, number, choices, folded_choices)`+replaceField,
		no, code, kind, text, folded, number, choices, foldedChoices)
}

func unloadDecisions(batch *pgx.Batch, decisions map[decisionOf]muster.Decision) {
	var no, kind, state, at []int64
	var code, version []string
	for of, d := range decisions {
		no, kind, code = append(no, int64(of.no)), append(kind, int64(d.Kind)), append(code, d.Code)
		state, at, version = append(state, int64(d.State)), append(at, int64(d.At)), append(version, d.Version)
	}
	batch.Queue(`insert into decision (contact_no, kind, code, state, at, version)
		select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::text[])
		on conflict (contact_no, kind, code) do update set state = excluded.state, at = excluded.at, version = excluded.version`,
		no, kind, code, state, at, version)
}

// orNull is a column's value in a list of them.
func orNull[T any](column any) *T {
	if v, is := column.(T); is {
		return &v
	}
	return nil
}

// inJSON is a list in a list: the database has no lists of lists of any length.
func inJSON(column any) *string {
	list, _ := column.([]string)
	if list == nil {
		return nil
	}
	text, _ := json.Marshal(list) // texts can be written
	return orNull[string](string(text))
}
