package delivery_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/muster-groups/muster/test/program"
)

// patience is how long a test waits for what will certainly come. It only
// bounds a hanging test, on the slowest and busiest machine.
const patience = 8 * time.Minute

// binary is the program that all tests run.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "muster-delivery-")
	if err == nil {
		defer os.RemoveAll(dir)
		binary, err = program.Build(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}
