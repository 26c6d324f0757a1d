package file

import (
	"sort"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store/embedded/record"
)

// appendContact writes visitors, fields and decisions. Fields are in the order
// of their words, so that equal contacts have equal blobs.
func (w *words) appendContact(b *blob, c *record.Contact) {
	b.number(uint64(len(c.Visitors)))
	for _, v := range c.Visitors {
		b.text(v)
	}
	type field struct {
		word uint64
		code string
	}
	fields := make([]field, 0, len(c.Fields))
	for code := range c.Fields {
		fields = append(fields, field{w.number(code), code})
	}
	sort.Slice(fields, func(i, j int) bool { return fields[i].word < fields[j].word })
	b.number(uint64(len(fields)))
	for _, f := range fields {
		b.number(f.word)
		appendValue(b, c.Fields[f.code])
	}
	b.number(uint64(len(c.Decisions)))
	for _, d := range c.Decisions {
		b.octet(byte(d.Kind))
		b.number(w.number(d.Code))
		b.octet(byte(d.State))
		b.signed(int64(d.At))
		b.number(w.number(d.Version))
	}
}

func appendValue(b *blob, v muster.Value) {
	b.octet(byte(v.Kind))
	switch v.Kind {
	case muster.KindText:
		b.text(v.Text)
	case muster.KindNumber:
		b.signed(int64(v.Number))
	case muster.KindBoolean:
		if v.Boolean {
			b.octet(1)
		} else {
			b.octet(0)
		}
	case muster.KindDate:
		b.signed(int64(v.Date))
	case muster.KindDatetime:
		b.signed(int64(v.Instant))
	case muster.KindChoices:
		b.number(uint64(len(v.Choices)))
		for _, c := range v.Choices {
			b.text(c)
		}
	}
}

// readContact reads what appendContact wrote into c. It may run in parallel:
// texts does not change while rows are read.
func readContact(texts []string, data []byte, c *record.Contact) error {
	r := reading{rest: data}
	if n := r.count(); n > 0 {
		c.Visitors = make([]string, n)
		for i := range c.Visitors {
			c.Visitors[i] = r.text()
		}
	}
	if n := r.count(); n > 0 {
		c.Fields = make(map[string]muster.Value, n)
		for range n {
			code := r.word(texts)
			c.Fields[code] = r.value()
		}
	}
	if n := r.count(); n > 0 {
		c.Decisions = make([]muster.Decision, n)
		for i := range c.Decisions {
			d := &c.Decisions[i]
			d.Kind = muster.DecisionKind(r.octet())
			d.Code = r.word(texts)
			d.State = muster.DecisionState(r.octet())
			d.At = muster.Instant(r.signed())
			d.Version = r.word(texts)
		}
	}
	return r.end("contact", int64(c.No))
}

func (r *reading) value() muster.Value {
	v := muster.Value{Kind: muster.ValueKind(r.octet())}
	switch v.Kind {
	case muster.KindText:
		v.Text = r.text()
	case muster.KindNumber:
		v.Number = muster.Decimal(r.signed())
	case muster.KindBoolean:
		v.Boolean = r.octet() == 1
	case muster.KindDate:
		v.Date = muster.Date(r.signed())
	case muster.KindDatetime:
		v.Instant = muster.Instant(r.signed())
	case muster.KindChoices:
		v.Choices = make([]string, r.count())
		for i := range v.Choices {
			v.Choices[i] = r.text()
		}
	default:
		r.fail()
	}
	return v
}
