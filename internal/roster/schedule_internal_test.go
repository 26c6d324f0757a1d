package roster

import (
	"testing"
	"time"

	"github.com/muster-groups/muster"
)

func TestTheNextRunIsTheMinuteOfTheServersDay(t *testing.T) {
	vienna, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		minute int
		after  string
		want   string
	}{
		{"later the same day", 3*60 + 15, "2026-06-01T00:00:00Z", "2026-06-01T01:15:00Z"},
		{"the next day once it ran", 3*60 + 15, "2026-06-01T01:15:00Z", "2026-06-02T01:15:00Z"},
		{"a run missed for days is due once, in the past", 3*60 + 15, "2026-05-01T01:15:00Z", "2026-05-02T01:15:00Z"},
		{"a minute that spring skips runs at the next existing one", 2*60 + 30, "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
		{"and the day after at its usual time", 2*60 + 30, "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"},
		{"a minute that autumn repeats runs the first time", 2*60 + 30, "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"},
		{"and not the second time", 2*60 + 30, "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"},
	} {
		t.Run(test.name, func(t *testing.T) {
			after, err := muster.ParseInstant(test.after)
			if err != nil {
				t.Fatal(err)
			}
			if got := nextRun(test.minute, vienna, after).String(); got != test.want {
				t.Errorf("nextRun(%d, Europe/Vienna, %s) = %s, want %s", test.minute, test.after, got, test.want)
			}
		})
	}
}
