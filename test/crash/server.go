// Package crash kills the real program with SIGKILL at random moments of random
// work and looks at what it makes of its directory when it is started again.
//
// It speaks to the program over HTTP only and keeps its own account of what was
// acknowledged; it must not know how anything is stored or evaluated.
package crash

import (
	"context"
	"fmt"
	"os/exec"
	"strings"

	"github.com/muster-groups/muster/client"
	"github.com/muster-groups/muster/test/program"
)

const adminKey = "crash-test-admin-key-0123456789"

// server is a running process of the program.
type server struct {
	*client.Client
	*program.Process
}

// at is how a command names a place: a directory, or the URL of a database.
func at(place string) []string {
	if strings.HasPrefix(place, "postgres://") {
		return []string{"--database", place}
	}
	return []string{"--data", place}
}

// start runs the program on a place; it need not be ready yet.
func start(binary, place string) (*server, error) {
	p, err := program.Serve(binary, adminKey, nil, at(place)...)
	if err != nil {
		return nil, err
	}
	return &server{Process: p}, nil
}

// await waits until the server is ready and connects to it.
func (s *server) await() (err error) {
	if err = s.Process.Ready(); err == nil {
		s.Client, err = client.New(s.URL, adminKey, client.WithRetries(0))
	}
	return err
}

// verify runs the program's own check on a place that no server uses.
func verify(ctx context.Context, binary, place string) error {
	out, err := exec.CommandContext(ctx, binary, append([]string{"verify"}, at(place)...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("muster verify: %w\n%s", err, out)
	}
	return nil
}
