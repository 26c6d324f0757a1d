package postgres

import (
	"context"
	"strconv"
	"sync"
	"time"
)

// channel is the name under which commits are made known: one per schema.
const channel = `'muster_' || hashtext(current_schema())`

// news is what was heard of commits. It only shortens waiting: nobody may miss
// anything by not hearing it.
type news struct {
	once   sync.Once
	mu     sync.Mutex
	latest int64
	came   chan struct{} // closed and replaced by whatever is heard
}

func newNews() *news { return &news{came: make(chan struct{})} }

// hear takes something in; commit is 0 when it is no commit.
func (n *news) hear(commit int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.latest = max(n.latest, commit)
	close(n.came)
	n.came = make(chan struct{})
}

// next answers what will be closed by news of a commit after one.
func (n *news) next(after int64) <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.latest > after {
		known := make(chan struct{})
		close(known)
		return known
	}
	return n.came
}

// Await returns when somebody may have committed after a commit.
func (s *Store) Await(ctx context.Context, after int64) {
	s.news.once.Do(func() { s.running.Go(s.listen) })
	timer := time.NewTimer(pulse)
	defer timer.Stop()
	select {
	case <-s.news.next(after):
	case <-ctx.Done():
	case <-timer.C:
	case <-s.alive.Done():
	}
}

// listen hears the news, on a connection of its own, until the store ends.
func (s *Store) listen() {
	for s.alive.Err() == nil {
		if err := s.listenOnce(); err != nil && s.alive.Err() == nil {
			s.log.Warn("commits of other nodes are not heard of at once", "error", err)
		}
		select {
		case <-time.After(pulse):
		case <-s.alive.Done():
		}
	}
}

func (s *Store) listenOnce() error {
	conn, err := connect(s.alive, s.url)
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_ = conn.Close(ctx) // it may be gone already
	}()
	var name string
	if err := conn.QueryRow(s.alive, `select `+channel).Scan(&name); err != nil {
		return err
	}
	if _, err := conn.Exec(s.alive, `listen "`+name+`"`); err != nil {
		return err
	}
	s.news.hear(0) // what came before is not known
	for {
		said, err := conn.WaitForNotification(s.alive)
		if err != nil {
			return err
		}
		commit, err := strconv.ParseInt(said.Payload, 10, 64)
		if err != nil {
			return err
		}
		s.news.hear(commit)
	}
}
