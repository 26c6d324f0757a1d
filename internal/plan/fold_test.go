package plan_test

import (
	"strings"
	"testing"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/muster-groups/muster/internal/plan"
)

func TestFoldComparesByTheRulesOfTheLanguage(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"  \t\n ", ""},
		{"plain", "plain"},
		{"  Plain Text ", "plain text"},
		{"STRASSE", "strasse"},
		{"Straße", "strasse"},
		{"ΣΊΣΥΦΟΣ", "σίσυφοσ"},
		{"σίσυφος", "σίσυφοσ"},
		{"\u00a0caf\u0065\u0301\u3000", "café"},
		{"CAFÉ", "café"},
		{"J\u030c", "ǰ"},
		{"ǰ", "ǰ"},
		{"K", "k"}, // the Kelvin sign
		{"ﬁn", "fin"},
	} {
		if got := plan.Fold(c.in); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestFoldOfFoldedASCIIDoesNotAllocate(t *testing.T) {
	text := strings.Repeat("already folded, 100% ascii ", 4) + "x"
	if n := testing.AllocsPerRun(100, func() { plan.Fold(text) }); n != 0 {
		t.Errorf("Fold(%q) allocates %v times, want 0", text, n)
	}
}

func TestFoldFollowsItsDefinitionOnEveryText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		want := norm.NFC.String(strings.TrimSpace(cases.Fold().String(norm.NFC.String(s))))
		if got := plan.Fold(s); got != want {
			t.Fatalf("Fold(%q) = %q, want %q", s, got, want)
		}
	})
}

func TestFoldOfShortASCIIFollowsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom(nil, &asciiTable)).Draw(t, "text")
		want := strings.TrimSpace(cases.Fold().String(s))
		if got := plan.Fold(s); got != want {
			t.Fatalf("Fold(%q) = %q, want %q", s, got, want)
		}
	})
}
