package engine

import (
	"math"
	"strings"

	"github.com/muster-groups/muster"
)

// field holds the values of one contact field. A contact has a value of one
// kind; kinds other than the declared one occur when a field was redefined.
type field struct {
	texts     coded // dictionary codes of texts
	choices   coded // dictionary codes of whole sets of choices
	numbers   paged[int64]
	booleans  paged[uint8] // 1 false, 2 true
	dates     paged[int32]
	datetimes paged[int64]
	dateDays  days
	timeDays  days
	counts    [muster.KindChoices + 1]int // contacts with a value, by kind
}

// coded is a column of dictionary codes.
type coded struct {
	dict  *dictionary
	codes paged[uint32]
}

// Numbers and times are stored with their sign bit flipped, so that the zero
// of an unwritten page is a value that never occurs and means "missing".
const (
	flip64 = math.MinInt64
	flip32 = math.MinInt32
)

// choiceSeparator joins the codes of a set of choices into one dictionary text.
const choiceSeparator = "\x00"

func newField() *field {
	return &field{texts: coded{dict: newDictionary()}, choices: coded{dict: newDictionary()}}
}

// get answers a copy of a contact's value.
func (f *field) get(no uint32) muster.Value {
	if code := f.texts.codes.get(no); code != 0 {
		return muster.Value{Kind: muster.KindText, Text: f.texts.dict.texts.text(f.texts.dict.refs[code])}
	}
	if code := f.choices.codes.get(no); code != 0 {
		return f.choiceValue(code)
	}
	if n := f.numbers.get(no); n != 0 {
		return muster.Value{Kind: muster.KindNumber, Number: muster.Decimal(n ^ flip64)}
	}
	if b := f.booleans.get(no); b != 0 {
		return muster.Value{Kind: muster.KindBoolean, Boolean: b == 2}
	}
	if d := f.dates.get(no); d != 0 {
		return muster.Value{Kind: muster.KindDate, Date: muster.Date(d ^ flip32)}
	}
	if t := f.datetimes.get(no); t != 0 {
		return muster.Value{Kind: muster.KindDatetime, Instant: muster.Instant(t ^ flip64)}
	}
	return muster.Value{}
}

func (f *field) choiceValue(code uint32) muster.Value {
	joined := f.choices.dict.texts.text(f.choices.dict.refs[code])
	return muster.Value{Kind: muster.KindChoices, Choices: strings.Split(joined, choiceSeparator)}
}

// set writes a contact's value; the zero Value clears it.
func (f *field) set(no uint32, v muster.Value) {
	f.clear(no)
	switch v.Kind {
	case muster.Missing:
		return
	case muster.KindText:
		f.texts.set(no, v.Text)
	case muster.KindChoices:
		f.choices.set(no, strings.Join(v.Choices, choiceSeparator))
	case muster.KindNumber:
		f.numbers.set(no, int64(v.Number)^flip64)
	case muster.KindBoolean:
		b := uint8(1)
		if v.Boolean {
			b = 2
		}
		f.booleans.set(no, b)
	case muster.KindDate:
		f.dates.set(no, int32(v.Date)^flip32)
		f.dateDays.add(int32(v.Date), no)
	case muster.KindDatetime:
		f.datetimes.set(no, int64(v.Instant)^flip64)
		f.timeDays.add(dayOf(v.Instant), no)
	}
	f.counts[v.Kind]++
}

func (f *field) clear(no uint32) {
	if code := f.texts.codes.get(no); code != 0 {
		f.texts.clear(no, code)
		f.counts[muster.KindText]--
	}
	if code := f.choices.codes.get(no); code != 0 {
		f.choices.clear(no, code)
		f.counts[muster.KindChoices]--
	}
	if f.numbers.get(no) != 0 {
		f.numbers.set(no, 0)
		f.counts[muster.KindNumber]--
	}
	if f.booleans.get(no) != 0 {
		f.booleans.set(no, 0)
		f.counts[muster.KindBoolean]--
	}
	if d := f.dates.get(no); d != 0 {
		f.dateDays.remove(d^flip32, no)
		f.dates.set(no, 0)
		f.counts[muster.KindDate]--
	}
	if t := f.datetimes.get(no); t != 0 {
		f.timeDays.remove(dayOf(muster.Instant(t^flip64)), no)
		f.datetimes.set(no, 0)
		f.counts[muster.KindDatetime]--
	}
}

func (f *field) size() (columns, dictionaries int64) {
	columns = f.texts.codes.size() + f.choices.codes.size() + f.numbers.size() + f.booleans.size() +
		f.dates.size() + f.datetimes.size() + f.dateDays.size() + f.timeDays.size()
	return columns, f.texts.dict.size() + f.choices.dict.size()
}

func (c *coded) set(no uint32, text string) {
	code, _ := c.dict.code(textScalar(text))
	c.dict.use(code)
	c.codes.set(no, code)
}

func (c *coded) clear(no, code uint32) {
	c.dict.unuse(code)
	c.codes.set(no, 0)
}

// fields are the fields by code.
type fields map[string]*field

func (f fields) of(code string) *field {
	if found := f[code]; found != nil {
		return found
	}
	made := newField()
	f[code] = made
	return made
}
