package plan_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/plan"
)

func bigOf(x plan.Int128) *big.Int {
	n := new(big.Int).Lsh(big.NewInt(x.Hi), 64)
	return n.Add(n, new(big.Int).SetUint64(x.Lo))
}

func TestInt128AgreesWithBigIntegers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		c, d := rapid.Int64().Draw(t, "c"), rapid.Int64().Draw(t, "d")
		x, y := plan.Product(a, b), plan.Int128Of(c).AddDecimal(muster.Decimal(d))
		bigX := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
		bigY := new(big.Int).Add(big.NewInt(c), big.NewInt(d))
		if got := bigOf(x); got.Cmp(bigX) != 0 {
			t.Fatalf("Product(%d, %d) = %v, want %v", a, b, got, bigX)
		}
		if got := bigOf(y); got.Cmp(bigY) != 0 {
			t.Fatalf("%d + %d = %v, want %v", c, d, got, bigY)
		}
		if got, want := x.Cmp(y), bigX.Cmp(bigY); got != want {
			t.Fatalf("Cmp(%v, %v) = %d, want %d", bigX, bigY, got, want)
		}
	})
}

func TestAveragesCompareExactly(t *testing.T) {
	one := muster.DecimalOne
	// A third more or less than the bound is invisible to a division in millionths.
	for _, c := range []struct {
		compare plan.Compare
		sum     int64
		count   int64
		want    bool
	}{
		{plan.Compare{Op: plan.Equal, A: 333_333}, 1_000_000, 3, false},
		{plan.Compare{Op: plan.Greater, A: 333_333}, 1_000_000, 3, true},
		{plan.Compare{Op: plan.Equal, A: 2 * one}, 6_000_000, 3, true},
		{plan.Compare{Op: plan.Less, A: -333_333}, -1_000_000, 3, true},
		{plan.Compare{Op: plan.Between, A: one, B: 2 * one}, 6_000_001, 3, false},
		{plan.Compare{Op: plan.NotBetween, A: one, B: 2 * one}, 6_000_001, 3, true},
	} {
		if got := c.compare.HoldsRatio(plan.Int128Of(c.sum), c.count); got != c.want {
			t.Errorf("%+v.HoldsRatio(%d, %d) = %v, want %v", c.compare, c.sum, c.count, got, c.want)
		}
	}
}

func TestAComplementHoldsExactlyWhereTheComparisonDoesNot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		small := rapid.Int64Range(-2, 2)
		c := plan.Compare{
			Op: plan.CompareOp(rapid.IntRange(int(plan.Equal), int(plan.NotBetween)).Draw(t, "op")),
			A:  muster.Decimal(small.Draw(t, "a")), B: muster.Decimal(small.Draw(t, "b")),
		}
		x := small.Draw(t, "x")
		if c.Holds(muster.Decimal(x)) == c.Complement().Holds(muster.Decimal(x)) {
			t.Fatalf("%+v and its complement both say %v of %d", c, c.Holds(muster.Decimal(x)), x)
		}
		if got, want := c.HoldsSum(plan.Int128Of(x)), c.Holds(muster.Decimal(x)); got != want {
			t.Fatalf("%+v.HoldsSum(%d) = %v, want %v as Holds", c, x, got, want)
		}
		whole := plan.Compare{Op: c.Op, A: c.A * muster.DecimalOne, B: c.B * muster.DecimalOne}
		if got, want := whole.HoldsCount(x), c.Holds(muster.Decimal(x)); got != want {
			t.Fatalf("%+v.HoldsCount(%d) = %v, want %v", whole, x, got, want)
		}
	})
}
