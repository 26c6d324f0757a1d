package muster_test

import (
	"strings"
	"testing"

	"github.com/muster-groups/muster"
)

func TestAnEmailHasOneAtWithSomethingOnBothSides(t *testing.T) {
	longest := strings.Repeat("a", 254-len("@example.com")) + "@example.com"
	for email, want := range map[string]string{
		"ada@example.com":        "",
		"  Ada@Straße.example\n": "",
		"o'hara+news@mail.x":     "",
		"postmaster@localhost":   "",
		"\"quoted\"@[192.0.2.1]": "",
		longest:                  "",
		"":                       "",
		" \t":                    "",
		"zoe@@":                  "one @",
		"zoe@@example.com":       "one @",
		"zoe@example@com":        "one @",
		"zoe@":                   "one @",
		"@example.com":           "one @",
		"@":                      "one @",
		"zoe":                    "one @",
		"zoe smith@example.com":  "white space",
		"zoe@example.com, a":     "white space",
		"zoe\u00a0s@example.com": "white space",
		"zoe\u0000@example.com":  "control characters",
		"zoe@exam\nple.com":      "white space",
		"zoe\xff@example.com":    "control characters",
		"a" + longest:            "254 bytes",
		strings.Repeat("ä", 122) + longest[len(longest)-12:]: "254 bytes",
	} {
		err := muster.CheckEmail(email)
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "expected an email")) {
			t.Errorf("CheckEmail(%q): got %v, want a sentence with %q", email, err, want)
		}
	}
}
