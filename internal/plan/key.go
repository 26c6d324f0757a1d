package plan

import (
	"strconv"

	"github.com/muster-groups/muster"
)

// Key answers a text that is equal for plans with equal canonical forms. Plans
// with equal keys denote equal sets; the reverse holds only as far as the
// simple laws of Canon reach.
func Key(n Node) string {
	_, key := canon(n)
	return key
}

// LeafKey answers the key of a leaf, the same text that Key answers for it.
func LeafKey(leaf Node) string { return Key(leaf) }

const (
	everyoneKey = "*"
	nobodyKey   = "0"
)

// keyWriter spells canonical nodes. Texts are written with their length and
// every list and number ends with a mark, so no two nodes share a spelling.
type keyWriter []byte

func (w *keyWriter) mark(c byte) { *w = append(*w, c) }

func (w *keyWriter) number(n int64) {
	*w = append(strconv.AppendInt(*w, n, 10), ';')
}

func (w *keyWriter) flag(b bool) {
	if b {
		w.mark('t')
	} else {
		w.mark('f')
	}
}

func (w *keyWriter) text(s string) {
	*w = append(strconv.AppendInt(*w, int64(len(s)), 10), ':')
	*w = append(*w, s...)
}

func (w *keyWriter) texts(list []string) {
	for _, s := range list {
		w.text(s)
	}
	w.mark('.')
}

func (w *keyWriter) window(from, to muster.Instant) {
	w.number(int64(from))
	w.number(int64(to))
}

func (w *keyWriter) filters(list []Filter) {
	for i := range list {
		w.filter(&list[i])
	}
	w.mark('.')
}

func (w *keyWriter) filter(f *Filter) {
	w.text(f.Attribute)
	w.flag(f.Not)
	w.flag(f.Missing)
	w.predicate(f.Pred)
}

func (w *keyWriter) compare(c Compare) {
	w.number(int64(c.Op))
	w.number(int64(c.A))
	w.number(int64(c.B))
}

func (w *keyWriter) predicate(p Predicate) {
	switch p := p.(type) {
	case Text:
		w.mark('T')
		w.number(int64(p.Op))
		w.texts(p.Values)
	case Number:
		w.mark('N')
		w.compare(p.Compare)
	case Boolean:
		w.mark('B')
		w.flag(p.Is)
	case DateRange:
		w.mark('D')
		w.number(int64(p.From))
		w.number(int64(p.To))
	case InstantRange:
		w.mark('I')
		w.window(p.From, p.To)
	case MonthDays:
		w.mark('M')
		w.monthDays(p)
	case Choices:
		w.mark('C')
		w.flag(p.All)
		w.texts(p.Values)
	case Present:
		w.mark('P')
	}
}

func (w *keyWriter) monthDays(p MonthDays) {
	if p.Zone != nil {
		w.text(p.Zone.String())
	}
	w.mark('.')
	for _, r := range p.Ranges {
		w.number(int64(r[0]))
		w.number(int64(r[1]))
	}
	w.mark('.')
}

// leaf spells a leaf that canonLeaf has put in order.
func (w *keyWriter) leaf(n Node) {
	switch n := n.(type) {
	case *Field:
		w.mark('f')
		w.text(n.Code)
		w.predicate(n.Pred)
	case *Acted:
		w.mark('a')
		w.texts(n.Types)
		w.texts(n.Channels)
		w.filters(n.Where)
		w.window(n.From, n.To)
		w.number(int64(n.Measure))
		w.text(n.Attribute)
		w.compare(n.Compare)
	case *Sequence:
		w.mark('s')
		w.window(n.From, n.To)
		for _, step := range n.Steps {
			w.texts(step.Types)
			w.texts(step.Channels)
			w.filters(step.Where)
			w.number(step.Within)
		}
		w.mark('.')
	case *Latest:
		w.mark('l')
		w.texts(n.Add)
		w.texts(n.Remove)
		w.texts(n.Channels)
		w.text(n.Key)
		w.texts(n.Keys)
		w.number(int64(n.AtLeast))
	case *Decided:
		w.mark('d')
		w.number(int64(n.Kind))
		w.text(n.Code)
		w.number(int64(n.State))
		w.window(n.From, n.To)
	case *InGroup:
		w.mark('g')
		w.number(int64(n.Group))
	case Identified:
		w.mark('i')
	case *Sample:
		w.mark('p')
		w.text(n.Salt)
		w.number(int64(n.From))
		w.number(int64(n.To))
	}
}
