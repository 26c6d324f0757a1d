package webhook

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// delays is how long to wait after the first, second ... failure of a request:
// a little more than three days in all. After the last one the endpoint is
// paused. Nothing is lost: when it is resumed it goes on where it stood.
func delays() []time.Duration {
	return []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour,
		2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour}
}

// jitter is the share by which a wait is shortened or lengthened, so that the
// endpoints of a receiver that was down do not all come back at once.
const jitter = 0.2

// delay answers how long to wait after so many failures; false when it was
// tried often enough. at least is what the receiver asked for.
func delay(failures int, atLeast time.Duration) (time.Duration, bool) {
	all := delays()
	if failures > len(all) {
		return 0, false
	}
	d := float64(all[failures-1])
	d *= 1 - jitter + 2*jitter*rand.Float64()
	return max(time.Duration(d), atLeast), true
}

// longestAsked bounds how long a receiver can make the next attempt wait.
const longestAsked = 24 * time.Hour

// retryAfter is how long a receiver asks to be left alone.
func retryAfter(r *http.Response) time.Duration {
	header := r.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(header); err == nil && seconds > 0 {
		return min(time.Duration(seconds)*time.Second, longestAsked)
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(time.Until(at), 0), longestAsked)
	}
	return 0
}
