// Package task runs what goes on beside requests until it is told to halt. It
// must not know what that is.
package task

import (
	"context"
	"time"
)

// Task is something that runs or does not. Its methods are not safe for
// concurrent use; the zero Task does not run.
type Task struct {
	stop context.CancelFunc // nil while it does not run
	done chan struct{}
}

// Start lets run go on, until Halt or the end of life. It does nothing when the
// task was started and not halted.
func (t *Task) Start(life context.Context, run func(context.Context)) {
	if t.stop != nil {
		return
	}
	ctx, cancel := context.WithCancel(life)
	done := make(chan struct{})
	t.stop, t.done = cancel, done
	go func() {
		defer close(done)
		run(ctx)
	}()
}

// Halt ends what runs and waits for its end.
func (t *Task) Halt() {
	if t.stop != nil {
		t.stop()
		<-t.done
		t.stop = nil
	}
}

// Rest waits, or until the context ends.
func Rest(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
