package oracle

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/catalog"
)

var numberForm = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]{1,6})?$`)

// numberLimit is the magnitude that numbers stay below: 9.2e12.
var numberLimit = big.NewRat(9_200_000_000_000, 1)

// parseNumber reads a text as a number; ok is false when it does not count as one.
func parseNumber(s string) (x *big.Rat, ok bool) {
	s = strings.TrimSpace(s)
	if !numberForm.MatchString(s) {
		return nil, false
	}
	x, ok = new(big.Rat).SetString(s)
	if !ok || new(big.Rat).Abs(x).Cmp(numberLimit) >= 0 {
		return nil, false
	}
	return x, true
}

// rational is a decimal as an exact fraction.
func rational(d muster.Decimal) *big.Rat { return big.NewRat(int64(d), 1_000_000) }

// whole is an integer as an exact fraction.
func whole(n int) *big.Rat { return big.NewRat(int64(n), 1) }

// compareNumber applies a positive number operator.
func compareNumber(x *big.Rat, op catalog.Operator, operands []muster.Decimal) bool {
	a := rational(operands[0])
	switch op {
	case catalog.Equal:
		return x.Cmp(a) == 0
	case catalog.Greater:
		return x.Cmp(a) > 0
	case catalog.AtLeast:
		return x.Cmp(a) >= 0
	case catalog.Less:
		return x.Cmp(a) < 0
	case catalog.AtMost:
		return x.Cmp(a) <= 0
	case catalog.Between:
		return x.Cmp(a) >= 0 && x.Cmp(rational(operands[1])) <= 0
	}
	panic(fmt.Sprintf("oracle: %q does not compare numbers", op))
}
