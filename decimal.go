package muster

import (
	"fmt"
	"strings"
)

// Decimal is an exact number in millionths: six fraction digits, |x| < 9.2e12.
type Decimal int64

// DecimalOne is 1.
const DecimalOne Decimal = 1_000_000

// maxDecimal is the largest magnitude (exclusive) in millionths.
const maxDecimal = 9_200_000_000_000 * int64(DecimalOne)

// ParseDecimal parses [+-]?digits[.digits] in range with at most six fraction
// digits, after trimming outer white space.
func ParseDecimal(s string) (Decimal, error) {
	bad := func() (Decimal, error) {
		return 0, fmt.Errorf("%q is not a number: expected digits with at most six after the point and a magnitude below 9.2e12", s)
	}
	t := strings.TrimSpace(s)
	negative := false
	if t != "" && (t[0] == '-' || t[0] == '+') {
		negative = t[0] == '-'
		t = t[1:]
	}
	whole, fraction, point := strings.Cut(t, ".")
	if whole == "" || (point && fraction == "") || len(fraction) > 6 {
		return bad()
	}
	var n int64
	for _, part := range [2]string{whole, (fraction + "000000")[:6]} {
		for i := 0; i < len(part); i++ {
			if part[i] < '0' || part[i] > '9' || n > maxDecimal/10 {
				return bad()
			}
			n = n*10 + int64(part[i]-'0')
		}
	}
	if n >= maxDecimal {
		return bad()
	}
	if negative {
		n = -n
	}
	return Decimal(n), nil
}

// String prints the shortest exact form: 3, -0.5, 12.25.
func (d Decimal) String() string {
	n, sign := int64(d), ""
	if n < 0 {
		n, sign = -n, "-"
	}
	s := fmt.Sprintf("%s%d", sign, n/int64(DecimalOne))
	if f := n % int64(DecimalOne); f != 0 {
		s += strings.TrimRight(fmt.Sprintf(".%06d", f), "0")
	}
	return s
}
