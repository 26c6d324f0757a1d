package plan

import "unicode/utf8"

// Wildcard reports whether the whole text fits the pattern, in which * stands
// for any run of characters, also none, and ? for exactly one. A character is
// one code point of the folded text.
//
// When a literal fails, only the latest * is widened: whatever an earlier one
// could take, the latest can take as well. The work is therefore bounded by the
// product of both lengths, for any pattern.
func Wildcard(pattern, text string) bool {
	p, t := 0, 0
	star, resume := -1, 0 // after the latest *, and where its run ends in the text
	for t < len(text) {
		_, width := utf8.DecodeRuneInString(text[t:])
		switch {
		case p < len(pattern) && pattern[p] == '*':
			p++
			star, resume = p, t
		case p < len(pattern) && pattern[p] == '?':
			p++
			t += width
		case p+width <= len(pattern) && pattern[p:p+width] == text[t:t+width]:
			p += width
			t += width
		case star >= 0:
			_, width = utf8.DecodeRuneInString(text[resume:])
			resume += width
			p, t = star, resume
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
