package oracle_test

import (
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
	"github.com/muster-groups/muster/internal/oracle"
)

func sample(percent muster.Decimal, salt string) catalog.Leaf {
	return leaf("sample", catalog.Args{Percent: percent, Salt: salt})
}

// The buckets were computed by hand-written code in another language.
func TestASampleTakesTheContactsWhoseBucketIsBelowItsShare(t *testing.T) {
	const one, two = "0190f7a2-5b7c-7000-8000-000000000001", "0190f7a2-5b7c-7000-8000-000000000002"
	for _, c := range []struct {
		salt, id string
		bucket   muster.Decimal
	}{
		{"", one, 281858}, {"", two, 589682},
		{"a", one, 521464}, {"a", two, 891550},
		{"spring", one, 150935}, {"spring", two, 874900},
	} {
		id, err := muster.ParseContactID(c.id)
		if err != nil {
			t.Fatal(err)
		}
		// A percentage in millionths is a hundred times as many buckets.
		at, above := sample(c.bucket*100, c.salt), sample((c.bucket+1)*100, c.salt)
		p := oracle.Person{ID: id}
		if in := matches(t, sentence{leaf: at, person: p}); in {
			t.Errorf("salt %q, id %s, the first %d buckets: got in, want out", c.salt, c.id, c.bucket)
		}
		if in := matches(t, sentence{leaf: above, person: p}); !in {
			t.Errorf("salt %q, id %s, the first %d buckets: got out, want in", c.salt, c.id, c.bucket+1)
		}
	}
}

func TestSamplesNestAndDifferBySalt(t *testing.T) {
	population := func(l catalog.Leaf) map[int]bool {
		in := map[int]bool{}
		for i := range 4000 {
			p := oracle.Person{ID: muster.ContactID{14: byte(i >> 8), 15: byte(i)}}
			if oracle.Matches(only(l), &p, at(now), nil, muster.NewSchema(nil)) {
				in[i] = true
			}
		}
		return in
	}
	percent := func(n muster.Decimal) muster.Decimal { return n * muster.DecimalOne }
	ten, thirty, other := population(sample(percent(10), "a")), population(sample(percent(30), "a")), population(sample(percent(10), "b"))
	if n := len(ten); n < 320 || n > 480 {
		t.Errorf("10 percent of 4000: got %d", n)
	}
	shared := 0
	for i := range ten {
		if !thirty[i] {
			t.Errorf("contact %d is in 10 percent and not in 30 percent: percentages must nest", i)
		}
		if other[i] {
			shared++
		}
	}
	if shared == len(ten) {
		t.Error("another salt gave the same sample")
	}
	if n := len(population(sample(percent(100), "a"))); n != 4000 {
		t.Errorf("100 percent of 4000: got %d", n)
	}
}
