package plan_test

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster/internal/plan"
)

var asciiTable = unicode.RangeTable{R16: []unicode.Range16{{Lo: 0, Hi: 127, Stride: 1}}, LatinOffset: 1}

// naiveWildcard follows the definition and takes exponential time.
func naiveWildcard(pattern, text []rune) bool {
	if len(pattern) == 0 {
		return len(text) == 0
	}
	switch pattern[0] {
	case '*':
		return naiveWildcard(pattern[1:], text) || len(text) > 0 && naiveWildcard(pattern, text[1:])
	case '?':
		return len(text) > 0 && naiveWildcard(pattern[1:], text[1:])
	}
	return len(text) > 0 && pattern[0] == text[0] && naiveWildcard(pattern[1:], text[1:])
}

func TestWildcardMatchesWholeTexts(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"?", "", false},
		{"?", "ä", true},
		{"??", "ä", false},
		{"a*b", "ab", true},
		{"a*b", "axxb", true},
		{"a*b", "axxbc", false},
		{"*/shop/*", "https://x.example/shop/", true},
		{"a*?b", "ab", false},
		{"*aab", "aaaab", true},
		{"*?*?*", "x", false},
		{"*ö?", "böö", true},
		{"a?", "a*", true},
	} {
		if got := plan.Wildcard(c.pattern, c.text); got != c.want {
			t.Errorf("Wildcard(%q, %q) = %v, want %v", c.pattern, c.text, got, c.want)
		}
	}
}

func TestWildcardAgreesWithTheNaiveMatcher(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringOfN(rapid.SampledFrom([]rune("ab*?ö")), 0, 10, -1).Draw(t, "pattern")
		text := rapid.StringOfN(rapid.SampledFrom([]rune("abö")), 0, 12, -1).Draw(t, "text")
		want := naiveWildcard([]rune(pattern), []rune(text))
		if got := plan.Wildcard(pattern, text); got != want {
			t.Fatalf("Wildcard(%q, %q) = %v, want %v", pattern, text, got, want)
		}
	})
}

func TestWildcardStaysFastOnHostilePatterns(t *testing.T) {
	pattern, text := strings.Repeat("a*", 200)+"b", strings.Repeat("a", 20_000)
	began := time.Now()
	if plan.Wildcard(pattern, text) {
		t.Errorf("Wildcard of 200 stars over 20,000 letters = true, want false")
	}
	if took := time.Since(began); took > time.Minute {
		t.Errorf("Wildcard of 200 stars over 20,000 letters took %v, want far less than a minute", took)
	}
}

func FuzzWildcardAgreesWithTheNaiveMatcher(f *testing.F) {
	f.Add("a*b?c", "axxbyc")
	f.Add("*ö*", "böse")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if !utf8.ValidString(pattern) || !utf8.ValidString(text) || len(pattern) > 12 || len(text) > 24 {
			return // the naive matcher reads code points and is exponential
		}
		want := naiveWildcard([]rune(pattern), []rune(text))
		if got := plan.Wildcard(pattern, text); got != want {
			t.Errorf("Wildcard(%q, %q) = %v, want %v", pattern, text, got, want)
		}
	})
}
