package plan

import (
	"cmp"

	"github.com/muster-groups/muster"
)

// Holds reports whether x satisfies the comparison.
func (c Compare) Holds(x muster.Decimal) bool {
	return c.decide(cmp.Compare(x, c.A), cmp.Compare(x, c.B))
}

// HoldsSum reports whether a sum of decimals, in millionths, satisfies the comparison.
func (c Compare) HoldsSum(sum Int128) bool {
	return c.decide(sum.Cmp(Int128Of(int64(c.A))), sum.Cmp(Int128Of(int64(c.B))))
}

// HoldsCount reports whether a whole number of things satisfies the comparison.
func (c Compare) HoldsCount(n int64) bool {
	return c.HoldsSum(Product(n, int64(muster.DecimalOne)))
}

// HoldsRatio reports whether sum/count satisfies the comparison, exactly: it
// compares the sum with each bound times the count, and so never divides.
// Count must be at least 1.
func (c Compare) HoldsRatio(sum Int128, count int64) bool {
	return c.decide(sum.Cmp(Product(int64(c.A), count)), sum.Cmp(Product(int64(c.B), count)))
}

// Complement answers the comparison that holds exactly where c does not.
func (c Compare) Complement() Compare {
	opposite := [...]CompareOp{
		Equal: NotEqual, NotEqual: Equal,
		Greater: AtMost, AtMost: Greater,
		AtLeast: Less, Less: AtLeast,
		Between: NotBetween, NotBetween: Between,
	}
	c.Op = opposite[c.Op]
	return c
}

// decide takes how the number compares with A and with B.
func (c Compare) decide(toA, toB int) bool {
	switch c.Op {
	case Equal:
		return toA == 0
	case NotEqual:
		return toA != 0
	case Greater:
		return toA > 0
	case AtLeast:
		return toA >= 0
	case Less:
		return toA < 0
	case AtMost:
		return toA <= 0
	case Between:
		return toA >= 0 && toB <= 0
	case NotBetween:
		return toA < 0 || toB > 0
	}
	return false
}
