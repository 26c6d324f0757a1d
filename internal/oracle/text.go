package oracle

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold brings a text into the form in which texts are compared: Unicode NFC,
// full case folding, outer white space trimmed. Folding can take a character
// apart, so the result is composed again; otherwise a capital and a small
// letter that Unicode calls equal would differ.
func fold(s string) string {
	return strings.TrimSpace(norm.NFC.String(cases.Fold().String(norm.NFC.String(s))))
}

// isOneOf reports whether the text equals one of the others, folded.
func isOneOf(s string, others []string) bool {
	for _, o := range others {
		if fold(s) == fold(o) {
			return true
		}
	}
	return false
}

// wildcard reports whether the whole text matches the pattern, in which *
// stands for any run of characters and ? for one.
func wildcard(pattern, text []rune) bool {
	if len(pattern) == 0 {
		return len(text) == 0
	}
	if pattern[0] == '*' {
		for skip := 0; skip <= len(text); skip++ {
			if wildcard(pattern[1:], text[skip:]) {
				return true
			}
		}
		return false
	}
	return len(text) > 0 && (pattern[0] == '?' || pattern[0] == text[0]) && wildcard(pattern[1:], text[1:])
}
