//go:build unix

package file

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/muster-groups/muster"
)

// lockDirectory makes this process the only one that uses the directory. The
// kernel releases the lock when the process ends, however it ends. SQLite's own
// locks would not do: they let two writers take turns, and the memory of each
// would miss what the other wrote.
func lockDirectory(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil {
		return f, nil
	}
	_ = f.Close() // nothing was written
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, muster.Errorf(muster.CodeUnavailable, "The data directory %s is in use by another Muster process: stop it first, or use another directory.", dir)
	}
	return nil, fmt.Errorf("lock the data directory %s: %w", dir, err)
}
