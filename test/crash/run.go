package crash

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/test/scratch"
)

// Options say how long to go on.
type Options struct {
	Seed  uint64
	Kills int
	// Budget is when to stop with fewer kills, but at least one.
	Budget time.Duration
	// Place makes an empty place for one life: the URL of a database. Nil makes directories.
	Place func(testing.TB) string
	// Database is the server of these, which crashes now and then with the program.
	Database Database
}

// Database is a database server.
type Database interface {
	Kill() error // it ends as by a crash of its machine
	Run() error  // and is there again
}

const (
	writers   = 4
	lifetime  = 25 // kills of one place
	longest   = 700 * time.Millisecond
	atStart   = 150 * time.Millisecond
	oneInKill = 6 // one in so many kills comes while the program starts
	alone     = 30 * time.Millisecond
	oneInLoss = 3 // one in so many kills of the program comes with the loss of its database
)

// Run kills the program again and again, and fails the test at the first thing
// that is not as it must be.
func Run(t *testing.T, program string, o Options) {
	began := time.Now()
	total := &tally{}
	for life := 0; total.kills < o.Kills && (total.kills == 0 || time.Since(began) < o.Budget); life++ {
		place := t.TempDir()
		if o.Place != nil {
			place = o.Place(t)
		}
		l := newLife(place, program, scratch.Chance(o.Seed, fmt.Sprint("life ", life)))
		l.database = o.Database
		for l.kills < lifetime && total.kills+l.kills < o.Kills && (l.kills == 0 || time.Since(began) < o.Budget) {
			if err := l.round(t.Context()); err != nil {
				t.Fatalf("life %d, after %d kills: %v\n\nThe server said:\n%s", life, l.kills, err, l.said())
			}
		}
		if err := l.end(t.Context()); err != nil {
			t.Fatalf("life %d, at its end after %d kills: %v\n\nThe server said:\n%s", life, l.kills, err, l.said())
		}
		total.add(l)
	}
	t.Logf("%d kills, %d of them while starting, %d with the database; %d acknowledged changes, %d of groups, %d change records; %s",
		total.kills, total.early, total.losses, total.answers, total.edits, total.records, time.Since(began).Round(time.Second))
}

type tally struct{ kills, early, losses, answers, edits, records int }

func (t *tally) add(l *life) {
	t.losses += l.losses
	t.kills, t.early, t.edits, t.records = t.kills+l.kills, t.early+l.early, t.edits+l.editor.answers, t.records+len(l.feed.seen)
	for _, w := range l.writers {
		t.answers += w.answers
	}
}

// life is one place, a directory or a database, and everybody who uses it.
type life struct {
	*rand.Rand
	place, program       string
	database             Database // nil when it never crashes
	server               *server
	writers              []*writer
	editor               *editor
	feed                 *feed
	kills, early, losses int
}

func newLife(place, program string, random *rand.Rand) *life {
	l := &life{Rand: random, place: place, program: program, editor: newEditor(child(random)), feed: &feed{}}
	for i := range writers {
		l.writers = append(l.writers, newWriter(fmt.Sprint("w", i), child(random)))
	}
	return l
}

// child is chance of its own for whoever runs beside others.
func child(random *rand.Rand) *rand.Rand {
	return rand.New(rand.NewPCG(random.Uint64(), random.Uint64()))
}

func (l *life) said() string {
	if l.server == nil {
		return ""
	}
	return l.server.Output()
}

// round starts the program, checks what it kept, puts it under load and kills
// it. Now and then it is killed while it starts.
func (l *life) round(ctx context.Context) error {
	fresh := l.server == nil
	if !fresh && l.IntN(oneInKill) == 0 {
		return l.nip()
	}
	if err := l.start(); err != nil {
		return err
	}
	defer l.server.Kill()
	if fresh {
		if err := l.editor.prepare(ctx, l.server); err != nil {
			return err
		}
	} else if err := l.check(ctx, false); err != nil {
		return err
	}
	return l.load(ctx)
}

func (l *life) start() (err error) {
	if l.server, err = start(l.program, l.place); err != nil {
		return err
	}
	if err = l.server.await(); err != nil {
		l.server.Kill()
	}
	return err
}

// nip kills the program while it starts.
func (l *life) nip() error {
	s, err := start(l.program, l.place)
	if err != nil {
		return err
	}
	select {
	case <-time.After(time.Duration(l.Int64N(int64(atStart)))):
	case <-s.Gone():
		return fmt.Errorf("the program ended by itself while it started:\n%s", s.Output())
	}
	s.Kill()
	l.kills++
	l.early++
	return nil
}

// load lets everybody work and kills the program at a random moment.
func (l *life) load(ctx context.Context) error {
	acts := []func(context.Context, *server) error{l.editor.run, l.feed.run}
	for _, w := range l.writers {
		acts = append(acts, w.run)
	}
	ended := make(chan error, len(acts))
	var running sync.WaitGroup
	for _, act := range acts {
		running.Go(func() { ended <- act(ctx, l.server) })
	}
	var early error
	select {
	case <-time.After(time.Duration(l.Int64N(int64(longest)))):
	case early = <-ended:
		early = fmt.Errorf("a request failed before the kill: %w", early)
	}
	lost, err := l.crash()
	running.Wait()
	close(ended)
	for err := range ended {
		// The others broke off in the middle; only an answer that says no is wrong,
		// unless it is for want of the database.
		var refused *muster.Error
		if early == nil && errors.As(err, &refused) && !(lost && refused.Code == muster.CodeUnavailable) {
			early = err
		}
	}
	if lost {
		err = errors.Join(err, l.database.Run())
	}
	return errors.Join(early, err)
}

// crash kills the program, and now and then its database just before.
func (l *life) crash() (lost bool, err error) {
	if lost = l.database != nil && l.IntN(oneInLoss) == 0; lost {
		err = l.database.Kill()
		l.losses++
		<-time.After(time.Duration(l.Int64N(int64(alone))))
	}
	l.server.Kill()
	l.kills++
	return lost, err
}

// check compares what the restarted program has with what everybody knows.
func (l *life) check(ctx context.Context, all bool) error {
	for _, w := range l.writers {
		if err := w.check(ctx, l.server, all); err != nil {
			return err
		}
	}
	if err := l.editor.check(ctx, l.server); err != nil {
		return err
	}
	if err := l.feed.check(ctx, l.server); err != nil {
		return err
	}
	found, err := l.server.Verify(ctx, 0)
	if err != nil {
		return err
	}
	if found.Wrong > 0 || found.Groups != len(codes()) {
		return fmt.Errorf("verify: %+v", found)
	}
	return nil
}

// end checks everything once more, and has the program verify the directory
// that a last kill leaves.
func (l *life) end(ctx context.Context) error {
	if err := l.start(); err != nil {
		return err
	}
	defer l.server.Kill()
	if err := l.check(ctx, true); err != nil {
		return err
	}
	l.server.Kill()
	return verify(ctx, l.program, l.place)
}
