package engine

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

// Search answers up to limit parents with number > after, ascending, whose
// folded name (first and last name), email, external id or id contains the
// folded text.
func (e *Engine) Search(text string, set *roaring.Bitmap, after muster.ContactNo, limit int) ([]muster.ContactNo, error) {
	folded := plan.Fold(text)
	holds := sought(func(uint32) bool { return true })
	if folded != "" {
		holds = e.compileSearch(folded)
	}
	from := e.people.parents.set
	if set != nil {
		from = roaring.And(set, from)
	}
	v := e.evaluation(context.Background(), true)
	it := from.Iterator()
	it.AdvanceIfNeeded(uint32(after) + 1)
	var found []muster.ContactNo
	var some []uint32
	// What is frequent is found in a short stretch, what is rare in a few long ones.
	for stretch := min(2*limit, longStretch); it.HasNext(); stretch = min(4*stretch, longStretch) {
		for some = some[:0]; len(some) < stretch && it.HasNext(); {
			some = append(some, it.Next())
		}
		answers, err := v.ask(holds, some)
		if err != nil {
			return nil, err
		}
		for i, no := range some {
			if answers[i] {
				if found = append(found, muster.ContactNo(no)); len(found) == limit {
					return found, nil
				}
			}
		}
	}
	return found, nil
}

// longStretch is how many contacts are searched before looking whether they were enough.
const longStretch = 1 << 17

// sought is whether a contact is one that a search is for.
type sought func(no uint32) bool

func (s sought) holds(no uint32) bool { return s(no) }
func (sought) cost() float64          { return 100 }

func (e *Engine) compileSearch(folded string) sought {
	p := &e.people
	// Predicates are asked once per name that there is, not per contact.
	name := func(code string, op plan.TextOp, text string) leaf {
		return e.compileField(&plan.Field{Code: code, Pred: plan.Text{Op: op, Values: []string{text}}})
	}
	inFirst, inLast := name("first_name", plan.TextContains, folded), name("last_name", plan.TextContains, folded)
	// A text with a space may reach from the first name into the last.
	var across [][2]leaf
	for i, c := range folded {
		if c == ' ' {
			across = append(across, [2]leaf{name("first_name", plan.TextEndsWith, folded[:i]), name("last_name", plan.TextStartsWith, folded[i+1:])})
		}
	}
	inID := func(muster.ContactID) bool { return false }
	if strings.Trim(folded, "0123456789abcdef-") == "" {
		inID = func(id muster.ContactID) bool { return strings.Contains(id.String(), folded) }
		if len(folded) == 36 {
			wanted, _ := muster.ParseContactID(folded)
			inID = func(id muster.ContactID) bool { return id == wanted }
		}
	}
	return func(no uint32) bool {
		if inFirst.holds(no) || inLast.holds(no) {
			return true
		}
		if ref := p.email.get(no); ref != 0 && strings.Contains(plan.Fold(p.texts.peek(ref)), folded) {
			return true
		}
		if ref := p.external.get(no); ref != 0 && strings.Contains(plan.Fold(p.texts.peek(ref)), folded) {
			return true
		}
		for _, both := range across {
			if both[0].holds(no) && both[1].holds(no) {
				return true
			}
		}
		return inID(p.ids.get(no))
	}
}

// Values answers up to limit values seen of a source, most frequent first,
// containing the folded text.
func (e *Engine) Values(source, text string, limit int) ([]string, error) {
	folded := plan.Fold(text)
	counts := map[string]uint32{}
	count := func(value string, n uint32) {
		if n > 0 && value != "" && strings.Contains(plan.Fold(value), folded) {
			counts[strings.Clone(value)] += n
		}
	}
	kind, code, _ := strings.Cut(source, ":")
	switch kind {
	case "attribute":
		if name := e.names.find(textScalar(code)); name != 0 {
			e.values[name].each(count)
		}
	case "field":
		f := e.fields[code]
		if f == nil {
			break
		}
		f.texts.dict.each(count)
		f.choices.dict.each(func(joined string, n uint32) {
			for choice := range strings.SplitSeq(joined, choiceSeparator) {
				count(choice, n)
			}
		})
	default:
		return nil, muster.Errorf(muster.CodeInvalid, "%q is not a source of values: expected attribute:<name> or field:<code>", source)
	}
	values := make([]string, 0, len(counts))
	for value := range counts {
		values = append(values, value)
	}
	slices.SortFunc(values, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	return values[:min(len(values), limit)], nil
}

// each calls visit with every value and how often it is used. The value is
// valid during the call only.
func (d *dictionary) each(visit func(value string, uses uint32)) {
	for code := 1; code < len(d.refs); code++ {
		visit(d.texts.peek(d.refs[code]), d.uses[code])
	}
}
