package embedded

import (
	"context"

	"github.com/muster-groups/muster/internal/store/embedded/file"
)

// Backup copies the store in a directory to a new file, as of one commit. The
// store may be open, also in another process, and go on writing.
func Backup(ctx context.Context, dir, to string) error {
	err := file.Backup(ctx, dir, to)
	if file.Damaged(err) {
		return unusable(dir, err)
	}
	return err
}

// Restore makes the store in a directory, which must be missing or empty, from
// a file that Backup has made.
func Restore(ctx context.Context, from, dir string) error { return file.Restore(ctx, from, dir) }
