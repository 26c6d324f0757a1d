package postgres

import (
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
	"github.com/muster-groups/muster/internal/store"
)

// scalar is an attribute's value as it is kept, with every reading that it has;
// writeAttributes writes it.
type scalar struct {
	Order int              `json:"o"`
	Kind  muster.ValueKind `json:"k"`
	Text  string           `json:"t"`
}

// writeAttributes keeps the first value of each name: its order, kind and text,
// and whatever it reads as: f(olded text), n(umber), b(oolean) and i(nstant).
func writeAttributes(list []muster.Attribute) string {
	b := append(make([]byte, 0, 128), '{')
	for i, a := range list {
		if a.Value.Kind == muster.Missing || slices.ContainsFunc(list[:i], func(before muster.Attribute) bool {
			return before.Name == a.Name && before.Value.Kind != muster.Missing
		}) {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(appendJSON(b, a.Name), `:{"o":`...)
		b = strconv.AppendInt(b, int64(i), 10)
		b = append(b, `,"k":`...)
		b = strconv.AppendInt(b, int64(a.Value.Kind), 10)
		b = appendJSON(append(b, `,"t":`...), a.Value.Text)
		if folded, ok := plan.ReadText(a.Value); ok {
			b = appendJSON(append(b, `,"f":`...), folded)
		}
		if n, ok := plan.ReadNumber(a.Value); ok {
			b = strconv.AppendInt(append(b, `,"n":`...), int64(n), 10)
		}
		if is, ok := plan.ReadBoolean(a.Value); ok {
			b = strconv.AppendBool(append(b, `,"b":`...), is)
		}
		if t, ok := plan.ReadInstant(a.Value); ok {
			b = strconv.AppendInt(append(b, `,"i":`...), int64(t), 10)
		}
		b = append(b, '}')
	}
	return string(append(b, '}'))
}

// appendJSON appends a text as JSON.
func appendJSON(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			quoted, _ := json.Marshal(text) // a text always can be
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), text...), '"')
}

func readAttributes(text []byte) ([]muster.Attribute, error) {
	var kept map[string]scalar
	if err := json.Unmarshal(text, &kept); err != nil {
		return nil, err
	}
	length := 0
	for _, s := range kept {
		length = max(length, s.Order+1)
	}
	placed := make([]muster.Attribute, length)
	for name, s := range kept {
		placed[s.Order] = muster.Attribute{Name: name, Value: muster.Scalar{Kind: s.Kind, Text: s.Text}}
	}
	var list []muster.Attribute
	for _, a := range placed {
		if a.Value.Kind != muster.Missing {
			list = append(list, a)
		}
	}
	return list, nil
}

const secondsRemembered = 24 * 3600

// RememberedID reports whether an activity with that sender's id arrived lately.
func (r *reading) RememberedID(id string, now muster.Instant) bool {
	if id == "" {
		return false
	}
	var one int
	found, _ := r.one(`select 1 from activity where sender = $1 and arrived > $2 limit 1`, []any{id, now - secondsRemembered}, &one) // an error stays in r
	return found
}

// HasActivity reports whether the contact has that activity.
func (r *reading) HasActivity(no muster.ContactNo, activityType string, at muster.Instant, id string) bool {
	var one int
	found, _ := r.one(`select 1 from activity where contact_no = $1 and type = $2 and at = $3 and coalesce(sender, '') = $4 limit 1`,
		[]any{no, activityType, at, id}, &one) // an error stays in r
	return found
}

// Aged counts the activities of a type older than an instant.
func (r *reading) Aged(activityType string, before muster.Instant) (aged store.Aged, err error) {
	_, err = r.one(`select count(*), coalesce(min(at), $3) from activity where type = $1 and at < $2`,
		[]any{activityType, before, muster.Forever}, &aged.Activities, &aged.Oldest)
	return aged, err
}

// Activities answers a contact's activities, latest first.
func (r *reading) Activities(no muster.ContactNo, q store.ActivityQuery) ([]muster.StoredActivity, error) {
	if err := r.parent(no); err != nil {
		return nil, err
	}
	c := &compiler{statement: &statement{}, r: r}
	c.text("select a.type, a.at, a.row, a.channel, a.attributes from activity a where a.contact_no = ", c.arg(no))
	if q.Leaf != nil {
		c.text(" and ", c.matching("a", q.Leaf.Types, q.Leaf.Channels, q.Leaf.Where, q.Leaf.From, q.Leaf.To))
	}
	if q.BeforeRow != 0 {
		c.text(" and (a.at, a.row) < (", c.arg(q.BeforeAt), ", ", c.arg(q.BeforeRow), ")")
	}
	if q.Limit == 0 {
		q.Limit = 100
	}
	c.text(" order by a.at desc, a.row desc limit ", c.arg(q.Limit))
	if c.err != nil {
		return nil, c.err
	}
	var list []muster.StoredActivity
	err := r.each(c.String(), c.args, func(rows pgx.Rows) error {
		a := muster.StoredActivity{Contact: no}
		var attributes []byte
		if err := rows.Scan(&a.Type, &a.At, &a.Row, &a.Channel, &attributes); err != nil {
			return err
		}
		var err error
		a.Attributes, err = readAttributes(attributes)
		list = append(list, a)
		return err
	})
	return list, err
}
