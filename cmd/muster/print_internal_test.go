package main

import (
	"strings"
	"testing"
	"time"
)

func TestNumbersAndTimesReadAsPeopleWriteThem(t *testing.T) {
	cases := []struct{ input, got, want string }{
		{"count 0", count(0), "0"},
		{"count 999", count(999), "999"},
		{"count 1000", count(1000), "1,000"},
		{"count -1234567", count(-1234567), "-1,234,567"},
		{"count -123", count(-123), "-123"},
		{"1 contact", plural(1, "contact"), "1 contact"},
		{"0 contacts", plural(0, "contact"), "0 contacts"},
		{"2000 activities", plural(2000, "activity"), "2,000 activities"},
		{"35 ms", span(35 * time.Millisecond), "35 ms"},
		{"1.25 s", span(1250 * time.Millisecond), "1.2 s"},
		{"59 s", span(59 * time.Second), "59 s"},
		{"61 s", span(61 * time.Second), "1 min 1 s"},
		{"25 h", span(25*time.Hour + 3*time.Minute), "25 h 3 min"},
		{"50 h", span(50 * time.Hour), "2 days"},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.input, c.got, c.want)
		}
	}
}

func TestTablesAlignByWidthInCharacters(t *testing.T) {
	table := table{header: []string{"Name", ">Members", "Status"}}
	table.add("Zoë", "1,234", "up to date")
	table.add("Annabella", "7", "")
	var out strings.Builder
	table.write(&out, ink(false))
	const want = "" +
		"Name       Members  Status\n" +
		"Zoë          1,234  up to date\n" +
		"Annabella        7\n"
	if got := out.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
