package egress

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"time"

	"github.com/muster-groups/muster"
)

// resolveWithin is how long a name may take to be resolved when it is checked.
const resolveWithin = 2 * time.Second

// Check refuses a URL, given at a place of some input, whose host is a private
// address or a name that has only such. It spares people a webhook that could
// never work; what is refused for certain is refused when the connection is
// made. A name that cannot be resolved now may be later, and passes.
func (p Policy) Check(ctx context.Context, at, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return nil // whoever reads it says so
	}
	host := u.Hostname()
	if a, err := netip.ParseAddr(host); err == nil {
		if p.Permits(a) {
			return nil
		}
		return refused(at, "the address "+host+" is within a private network")
	}
	ctx, cancel := context.WithTimeout(ctx, resolveWithin)
	defer cancel()
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil || len(found) == 0 {
		return nil
	}
	for _, a := range found {
		if p.Permits(a) {
			return nil
		}
	}
	return refused(at, "the name "+host+" stands for "+found[0].Unmap().String()+", which is within a private network")
}

func refused(at, why string) error {
	message := why + "; the operator has to name it in the setting delivery_allow"
	return &muster.Error{Code: muster.CodeInvalid, Message: message, Problems: []muster.Problem{{Location: at, Code: "private_address", Message: message}}}
}
