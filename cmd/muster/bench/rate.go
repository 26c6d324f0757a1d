package bench

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// rateLanes is how many requests of a fixed rate are under way at most.
const rateLanes = 256

// atRate sends n requests at a fixed rate a second, whether the earlier ones
// have been answered or not, and answers their latencies: each counts from the
// moment at which the request was due, so that one that had to wait for its turn
// is not made to look better. open makes the sender of one lane, which sends
// one request at a time, and closes it.
func atRate(n, rate int, open func() (send func(i int) error, closing func(), err error)) ([]time.Duration, error) {
	times := make([]time.Duration, n)
	failures := make([]error, rateLanes)
	var next atomic.Int64
	var work sync.WaitGroup
	started := time.Now()
	for lane := range failures {
		work.Go(func() {
			send, closing, err := open()
			if err != nil {
				failures[lane] = err
				return
			}
			defer closing()
			for failures[lane] == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				due := started.Add(time.Duration(i) * time.Second / time.Duration(rate))
				time.Sleep(time.Until(due))
				failures[lane] = send(i)
				times[i] = time.Since(due)
			}
		})
	}
	work.Wait()
	return times, errors.Join(failures...)
}
