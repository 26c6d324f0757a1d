package collect

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/muster-groups/muster"
)

// snake writes a name as codes are written: "Order Completed", orderCompleted
// and order-completed are order_completed.
func snake(name string) string {
	var b strings.Builder
	runes := []rune(strings.TrimSpace(name))
	gap := false
	for i, r := range runes {
		switch {
		case unicode.IsUpper(r):
			after := i > 0 && (unicode.IsLower(runes[i-1]) || unicode.IsDigit(runes[i-1]))
			before := i > 0 && unicode.IsUpper(runes[i-1]) && i+1 < len(runes) && unicode.IsLower(runes[i+1])
			if gap || after || before {
				separate(&b)
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if gap {
				separate(&b)
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}

func separate(b *strings.Builder) {
	if b.Len() > 0 {
		b.WriteByte('_')
	}
}

// codeOf makes a code that a definition may carry out of a name: the name in
// snake case where it has Latin letters only, otherwise one made of its hash.
func codeOf(prefix, name string) string {
	code := snake(name)
	if muster.ValidCode(code) {
		return code
	}
	if c := prefix + "_" + code; code != "" && muster.ValidCode(c) {
		return c
	}
	hash := sha256.Sum256([]byte(name))
	return prefix + "_" + hex.EncodeToString(hash[:6])
}

// shown makes a display name out of a code: "favourite_colour" is "Favourite colour".
func shown(code string) string {
	s := strings.ReplaceAll(code, "_", " ")
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return code
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
