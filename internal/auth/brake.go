package auth

import (
	"net/netip"
	"sync"
	"time"
)

// Brake slows down guessing. Each key, such as an account or an address, has a
// level that rises by one with an attempt and sinks steadily. At its limit
// nothing is attempted until the level has sunk by one, so a lockout ends by
// itself and nobody can be locked out for good.
type Brake struct {
	limit  float64
	leak   time.Duration // in which the level sinks by one
	mu     sync.Mutex
	levels map[string]level
}

type level struct {
	height float64
	at     time.Time
}

// mostLevels bounds what a flood of made-up keys may take.
const mostLevels = 20_000

// NewBrake makes a Brake that permits limit attempts at once and one more in
// each leak.
func NewBrake(limit int, leak time.Duration) *Brake {
	return &Brake{limit: float64(limit), leak: leak, levels: map[string]level{}}
}

// Attempt counts an attempt and answers 0, or answers how long to wait. It
// counts before the attempt is made, so that many at once gain nothing.
func (b *Brake) Attempt(key string, now time.Time) (wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	height := b.height(key, now)
	if over := height + 1 - b.limit; over > 0 {
		return max(time.Duration(over*float64(b.leak)), time.Second)
	}
	if len(b.levels) >= mostLevels {
		b.forget(now)
	}
	b.levels[key] = level{height + 1, now}
	return 0
}

// Relieve takes attempts back: all with 0.
func (b *Brake) Relieve(key string, attempts int, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	height := b.height(key, now) - float64(attempts)
	if attempts == 0 || height <= 0 {
		delete(b.levels, key)
		return
	}
	b.levels[key] = level{height, now}
}

func (b *Brake) height(key string, now time.Time) float64 {
	l := b.levels[key]
	return max(0, l.height-max(0, float64(now.Sub(l.at)))/float64(b.leak))
}

// forget drops the levels that have sunk to nothing, and the lowest ones when
// there are none, so that those who are being braked stay so.
func (b *Brake) forget(now time.Time) {
	for bound := 0.0; len(b.levels) >= mostLevels; bound++ {
		for key := range b.levels {
			if b.height(key, now) <= bound {
				delete(b.levels, key)
			}
		}
	}
}

// AddressKey is what counts as one address: an IPv4 address, or the /64 network
// of an IPv6 address, of which a single machine has all.
func AddressKey(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap().WithZone(""); ip.Is6() {
		return netip.PrefixFrom(ip, 64).Masked().String()
	}
	return ip.String()
}
