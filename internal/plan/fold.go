package plan

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold answers the form in which texts are compared: Unicode NFC, full case
// folding and no outer white space. Folding can leave a text that is no longer
// composed, so it is composed once more.
//
// Text that is already in that form and ASCII is answered as it is, without
// allocating; this is by far the most common case.
func Fold(s string) string {
	upper := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf {
			return foldUnicode(s)
		}
		upper = upper || ('A' <= c && c <= 'Z')
	}
	// NFC leaves ASCII alone and its full case folding is the lower case.
	if s = strings.TrimSpace(s); upper {
		return strings.ToLower(s)
	}
	return s
}

func foldUnicode(s string) string {
	// A Caser may keep state and must not be shared, so each call makes its own.
	folded := cases.Fold().String(norm.NFC.String(s))
	return norm.NFC.String(strings.TrimSpace(folded))
}
