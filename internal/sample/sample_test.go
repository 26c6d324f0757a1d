package sample_test

import (
	"slices"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/sample"
)

var end = muster.InstantOf(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))

func TestLoadHasTheFrequenciesOfRealTraffic(t *testing.T) {
	const contacts, activities = 50_000, 1_000_000
	l := sample.NewLoad(1, contacts, activities, end)
	counts := make([]int, contacts)
	visits, late, total := 0, 0, 0
	latest := muster.Beginning
	for row := range l.Rows() {
		counts[row.Contact]++
		total++
		if sample.LoadType(row.Type) == "page_visit" {
			visits++
		}
		if row.At < latest {
			late++
		}
		latest = max(latest, row.At)
		if row.At < l.Start || row.At >= l.End {
			t.Fatalf("row %d is at %v, want within [%v, %v)", total, row.At, l.Start, l.End)
		}
	}
	slices.Sort(counts)
	within := func(what string, got, low, high int) {
		t.Helper()
		if got < low || got > high {
			t.Errorf("%s: got %d, want %d to %d", what, got, low, high)
		}
	}
	within("activities", total, activities, activities)
	within("median per contact", counts[contacts/2], 14, 16)
	within("90th percentile", counts[contacts*9/10], 31, 35)
	within("99th percentile", counts[contacts*99/100], 95, 110)
	within("busiest contact", counts[contacts-1], 15_000, 20_000)
	within("share of visits in thousandths", visits*1000/total, 795, 805)
	within("late arrivals in thousandths", late*1000/total, 80, 115)
}

func TestLoadIsTheSameForTheSameSeed(t *testing.T) {
	rows := func(seed uint64) []sample.Row {
		return slices.Collect(sample.NewLoad(seed, 100, 2000, end).Rows())
	}
	if !slices.Equal(rows(7), rows(7)) {
		t.Error("two loads of seed 7 differ, want equal rows")
	}
	if slices.Equal(rows(7), rows(8)) {
		t.Error("loads of seeds 7 and 8 are equal, want different rows")
	}
}

func TestLoadBatchesHoldEveryRowAndContactOnce(t *testing.T) {
	l := sample.NewLoad(1, 1000, 5003, end)
	people := map[muster.Identifiers]bool{}
	for b := range l.ContactBatches(300) {
		for _, item := range b.Items {
			who := item.Contact.Who
			if err := muster.CheckEmail(who.Email); err != nil {
				t.Errorf("the email %q of a loaded contact: %v", who.Email, err)
			}
			who.Email = ""
			people[who] = true
		}
	}
	activities := 0
	for b := range l.ActivityBatches(100) {
		for _, item := range b.Items {
			activities++
			if !people[item.Activity.Who] {
				t.Fatalf("activity %d names %+v, want a contact of the load", activities, item.Activity.Who)
			}
			if len(item.Activity.Attributes) == 0 {
				t.Fatalf("activity %d of type %s has no attributes", activities, item.Activity.Type)
			}
		}
	}
	if len(people) != 1000 || activities != 5003 {
		t.Errorf("got %d contacts and %d activities, want 1000 and 5003", len(people), activities)
	}
}

func TestStoryIsAsLongAsAskedAndInOrder(t *testing.T) {
	s := sample.NewStory(3, 2000, 40_000, end)
	activities, merges, last := 0, 0, muster.Beginning
	visitors := map[string]bool{}
	emails := map[string]map[string]bool{}
	day := func(muster.Instant) muster.Instant { return 86400 }
	until := s.Start
	for at, batch := range s.Batches(day) {
		for _, item := range batch.Items {
			if a := item.Activity; a != nil {
				activities++
				if a.At < last || a.At < until || a.At >= at {
					t.Fatalf("activity at %v came after one at %v in the span %v to %v", a.At, last, until, at)
				}
				last = a.At
				visitors[a.Who.VisitorID] = true
				continue
			}
			if c := item.Contact; c.Who.Email != "" {
				if emails[c.Who.Email] == nil {
					emails[c.Who.Email] = map[string]bool{}
				}
				emails[c.Who.Email][c.Who.VisitorID] = true
			}
		}
		until = at
	}
	for _, devices := range emails {
		if len(devices) > 1 {
			merges++
		}
	}
	contacts := len(visitors) - merges
	if activities < 34_000 || activities > 46_000 {
		t.Errorf("got %d activities, want about 40,000", activities)
	}
	if contacts < 1800 || contacts > 2200 {
		t.Errorf("got %d contacts, want about 2000", contacts)
	}
	if merges < 20 {
		t.Errorf("got %d people seen on two devices, want at least 20", merges)
	}
	if until != s.End {
		t.Errorf("the last span ends at %v, want %v", until, s.End)
	}
}

func TestLiveTrafficKeepsItsRate(t *testing.T) {
	s := sample.NewStory(3, 500, 5000, end)
	live := sample.NewLive(s, 4)
	var passed time.Duration
	const events = 20_000
	for range events {
		wait, items := live.Next(end)
		if len(items) == 0 {
			t.Fatal("an event had no items")
		}
		passed += wait
	}
	if rate := events / passed.Seconds(); rate < 3.6 || rate > 4.4 {
		t.Errorf("got %.1f events a second, want about 4", rate)
	}
}

func TestGroupsAreWellFormed(t *testing.T) {
	l := sample.NewLoad(1, 10, 10, end)
	story, err := sample.StoryGroups()
	if err != nil {
		t.Fatal(err)
	}
	if len(story) < 12 {
		t.Errorf("got %d groups of the story, want at least 12", len(story))
	}
	for _, groups := range [][]sample.Group{story, sample.LoadGroups(l, 100), sample.OtherGroups(l, 1000)} {
		seen := map[string]bool{}
		for _, g := range groups {
			printed, err := g.Condition.MarshalJSON()
			if err != nil {
				t.Fatalf("%s: %v", g.Code, err)
			}
			if _, err := muster.ParseCondition(printed); err != nil {
				t.Errorf("%s: %v", g.Code, err)
			}
			if seen[g.Code] {
				t.Errorf("the code %s is given twice", g.Code)
			}
			seen[g.Code] = true
		}
	}
}

func BenchmarkLoadActivities(b *testing.B) {
	l := sample.NewLoad(1, 200_000, b.N, end)
	b.ResetTimer()
	for batch := range l.ActivityBatches(1000) {
		_ = batch
	}
}
