package nodes_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/jackc/pgx/v5"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
)

// A recalculation has ended on the node that works, and one node may not have heard
// of it yet: what is asked of that one is a recalculation of its own.
func TestARecalculationThatIsAskedForAfterOneHasEndedIsDone(t *testing.T) {
	t.Parallel()
	c := newClusterOf(t, 2, time.Minute)
	works, other := c.working()
	c.visit(works, "v")
	ticker := tick(t)
	for i := range 10 {
		_, err := c.save(other, "g", []string{anonymous, identified}[i%2], false)
		c.must(err)
		for end := time.Now().Add(10 * time.Second); ; <-ticker {
			c.must(works.roster.Refresh(c.ctx))
			g := works.roster.State().Groups["g"]
			if status, _ := works.roster.Status("g"); status == muster.UpToDate && g.Pending == 0 {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("the condition number %d: pending %d, a recalculation requested %t; want it to be in force", i+1, g.Pending, g.Requested)
			}
		}
	}
}

// A node stands still in a recalculation while another does it, and one of a newer
// condition after it. When the first one goes on it does not bring back the older.
func TestAnOlderConditionIsNotSwitchedToAfterANewerOne(t *testing.T) {
	t.Parallel()
	c := newClusterOf(t, 2, time.Minute)
	stands, goesOn := c.working()
	c.fillSlices(goesOn)
	conn, err := pgx.Connect(c.ctx, c.url)
	c.must(err)
	t.Cleanup(func() { c.must(conn.Close(context.Background())) })
	holder := func() (name string) {
		c.must(conn.QueryRow(c.ctx, `select coalesce((select holder from lease where name = 'work' and until > clock_timestamp()), '')`).Scan(&name))
		return name
	}
	ticker := tick(t)
	wait := func(what func() bool) {
		for !what() {
			<-ticker
		}
	}
	calculated := func(n *node) {
		_, err := n.act(func(r *roster.Roster) error {
			job, err := r.Recalculate(c.ctx, "g")
			if err == nil {
				err = job.Wait(c.ctx)
			}
			return err
		})
		c.must(err)
	}
	mine := holder()
	stood := make(chan struct{})
	var once atomic.Bool
	before := func(_ context.Context, of *roaring.Bitmap) {
		if of.Minimum() != 2*slice || !once.CompareAndSwap(false, true) {
			return
		}
		defer close(stood)
		c.must(c.exec(`update lease set until = clock_timestamp() where name = 'work'`))
		wait(goesOn.roster.Works)
		calculated(goesOn)
		_, err := c.save(goesOn, "g", identified, false)
		c.must(err)
		calculated(goesOn)
		goesOn.roster.Resign()
		wait(func() bool { return holder() == mine })
	}
	stands.before.Store(&before)
	_, err = c.save(stands, "g", anonymous, false)
	c.must(err)
	<-stood
	c.settle()
	calculated(stands)
	c.must(goesOn.roster.Refresh(c.ctx))
	g := goesOn.roster.State().Groups["g"]
	if got := c.members(goesOn, "g"); got != 0 || g.Active != 2 {
		t.Errorf("version %d is in force, with %d members; want 2, the newer, with none", g.Active, got)
	}
}
