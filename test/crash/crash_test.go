package crash_test

import (
	"testing"
	"time"

	"github.com/muster-groups/muster/test/crash"
	"github.com/muster-groups/muster/test/scratch"
)

// kills is how often a soak kills the program.
const kills = 200

func TestAfterEveryKillEverythingAcknowledgedIsThereAndMembershipIsRight(t *testing.T) {
	o := crash.Options{Seed: scratch.Seed(t), Kills: 6, Budget: scratch.Budget(15 * time.Second)}
	if scratch.Soak() {
		o.Kills = kills
	}
	crash.Run(t, o)
}
