package property_test

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/muster-groups/muster/internal/store/postgres/citus"
	"github.com/muster-groups/muster/internal/store/postgres/pgtest"
	"github.com/muster-groups/muster/test/database"
)

var worlds *database.Worlds

func TestMain(m *testing.M) {
	status := pgtest.Main(m, func(s *pgtest.Server) { worlds = database.On(s) }, citus.Judge)
	if err := goleak.Find(); err != nil && status == 0 {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}
