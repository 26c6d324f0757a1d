// Package egress is the HTTP client by which Muster calls systems that people
// name: it refuses addresses within private networks unless the operator allows
// them, and follows no redirects. Whoever may add a webhook must not be able to
// make the server look around in the network it stands in.
//
// The address is judged when the connection is made, after the name was
// resolved, so a name that changes its mind between check and use gains
// nothing. It must not know what is sent, or why.
package egress

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"github.com/muster-groups/muster"
)

// Policy says which addresses may be called besides public ones. The zero
// Policy allows public addresses only.
type Policy struct {
	allowed []netip.Prefix
}

// ParsePolicy reads what the operator allows: prefixes such as 10.0.0.0/8 and
// single addresses, separated by commas or spaces; "private" is every address
// that is not public.
func ParsePolicy(text string) (Policy, error) {
	var p Policy
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		if word == "private" {
			p.allowed = append(p.allowed, netip.PrefixFrom(netip.IPv4Unspecified(), 0), netip.PrefixFrom(netip.IPv6Unspecified(), 0))
			continue
		}
		prefix, err := netip.ParsePrefix(word)
		if err != nil {
			var single netip.Addr
			if single, err = netip.ParseAddr(word); err != nil {
				return Policy{}, fmt.Errorf("%q is no address: expected prefixes such as 10.0.0.0/8, single addresses, or private", word)
			}
			single = single.Unmap()
			prefix = netip.PrefixFrom(single, single.BitLen())
		}
		p.allowed = append(p.allowed, prefix.Masked())
	}
	return p, nil
}

// Permits reports whether an address may be called.
func (p Policy) Permits(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for _, prefix := range p.allowed {
		if prefix.Contains(a) {
			return true
		}
	}
	return public(a)
}

// public reports whether an address is reached through the internet and stands
// for itself only.
func public(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, special := range specials() {
		if special.Contains(a) {
			return false
		}
	}
	return true
}

// specials are the prefixes of the IANA registries of special purpose that
// netip does not know: shared, test and reserved networks, and those of IPv6
// that carry an IPv4 address within.
func specials() []netip.Prefix {
	texts := []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "240.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10"}
	out := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		out[i] = netip.MustParsePrefix(text)
	}
	return out
}

// control refuses a connection to an address that the policy does not permit.
func (p Policy) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if !p.Permits(to.Addr()) {
		return muster.Errorf(muster.CodeForbidden, "the address %s is within a private network; the setting delivery_allow has to name it", to.Addr())
	}
	return nil
}

// NewClient makes a client under a policy. It uses no proxy, because a proxy
// would resolve names by itself, and answers redirects as they are.
func NewClient(p Policy, timeout time.Duration) *http.Client {
	dialer := &net.Dialer{Timeout: timeout, Control: p.control}
	return &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			DialContext:           dialer.DialContext,
			ForceAttemptHTTP2:     true,
			MaxIdleConnsPerHost:   2,
			IdleConnTimeout:       90 * time.Second,
			TLSHandshakeTimeout:   timeout,
			ExpectContinueTimeout: time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
