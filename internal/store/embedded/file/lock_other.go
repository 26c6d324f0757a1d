//go:build !unix

package file

import (
	"os"

	"github.com/muster-groups/muster"
)

// lockDirectory refuses: without a lock that dies with its process, two
// processes could write the same file.
func lockDirectory(string) (*os.File, error) {
	return nil, muster.Errorf(muster.CodeUnavailable, "The embedded store needs a Unix system, for the lock on its data directory.")
}
