package storetest

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

type instant = muster.Instant

// looker is a view under examination, and when it is examined.
type looker struct {
	store.View
	*testing.T
	when string
}

// same compares an answer with what it must be.
func (l *looker) same(what string, got, want any) {
	l.Helper()
	if !equal(got, want) {
		l.Errorf("%s, %s: got %s, want %s", what, l.when, show(got), show(want))
	}
}

// same compares an answer with what it must be.
func (c *subject) same(what string, got, want any) {
	c.Helper()
	if !equal(got, want) {
		c.Errorf("%s: got %s, want %s", what, show(got), show(want))
	}
}

// code compares an error's code.
func (c *subject) code(what string, err error, want muster.ErrorCode) {
	c.Helper()
	if got := muster.CodeOf(err); got != want {
		c.Errorf("%s: got error %v (%q), want code %q", what, err, got, want)
	}
}

// code compares an error's code.
func (l *looker) code(what string, err error, want muster.ErrorCode) {
	l.Helper()
	if got := muster.CodeOf(err); got != want {
		l.Errorf("%s, %s: got error %v (%q), want code %q", what, l.when, err, got, want)
	}
}

// equal compares sets by their members, and no elements with no elements.
func equal(got, want any) bool {
	if a, ok := got.(*roaring.Bitmap); ok {
		b, ok := want.(*roaring.Bitmap)
		return ok && a != nil && b != nil && a.Equals(b)
	}
	a, b := reflect.ValueOf(got), reflect.ValueOf(want)
	if a.Kind() == reflect.Slice && b.Kind() == reflect.Slice && a.Len() == 0 && b.Len() == 0 {
		return true
	}
	return reflect.DeepEqual(got, want)
}

func show(v any) string {
	if set, ok := v.(*roaring.Bitmap); ok && set != nil {
		if n := set.GetCardinality(); n > 50 {
			return fmt.Sprintf("%d contacts, first %v", n, set.ToArray()[:50])
		}
		return set.String()
	}
	return fmt.Sprintf("%+v", v)
}

// set answers the set of some contacts.
func set(numbers ...muster.ContactNo) *roaring.Bitmap {
	b := roaring.New()
	for _, no := range numbers {
		b.Add(uint32(no))
	}
	return b
}

// id answers a contact id that is easy to tell from others.
func id(n int) muster.ContactID {
	return muster.ContactID{1, 0x90, 0xf7, 0xa2, 0x5b, 0x7c, 0x70, 0, 0x80, 0, 0, 0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
}

func text(s string) muster.Value { return muster.Value{Kind: muster.KindText, Text: s} }

func attribute(name, value string) muster.Attribute {
	return muster.Attribute{Name: name, Value: muster.Scalar{Kind: muster.KindText, Text: value}}
}

// writer is a transaction whose writes must succeed.
type writer struct {
	store.Tx
	t *testing.T
}

func (w *writer) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("write: %v", err)
	}
}

// contact makes a contact with id(n).
func (w *writer) contact(n int) muster.ContactNo {
	w.t.Helper()
	no, err := w.CreateContact(id(n), w.Tick())
	w.must(err)
	return no
}

func (w *writer) act(no muster.ContactNo, a muster.Activity) int {
	w.t.Helper()
	ordinal, err := w.AddActivity(no, a)
	w.must(err)
	return ordinal
}

func (w *writer) decide(no muster.ContactNo, d muster.Decision) bool {
	w.t.Helper()
	stands, err := w.Decide(no, d)
	w.must(err)
	return stands
}

func (w *writer) record(group muster.GroupNo, kind muster.CauseKind, entered, left *roaring.Bitmap) {
	w.t.Helper()
	w.must(w.Record(group, muster.Cause{Kind: kind}, entered, left))
}
