package egress_test

import (
	"errors"
	"testing"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/delivery/egress"
)

func TestAURLOfAPrivateAddressIsRefusedWhereItIsGiven(t *testing.T) {
	for _, tt := range []struct {
		allow, url string
		refused    bool
	}{
		{"", "https://93.184.216.34/hook", false},
		{"", "http://127.0.0.1:8080/hook", true},
		{"", "http://[::1]:8080/hook", true},
		{"", "http://169.254.169.254/latest", true},
		{"", "http://localhost:9000/hook", true},
		{"127.0.0.0/8,::1", "http://localhost:9000/hook", false},
		{"10.0.0.0/8", "http://10.1.2.3/hook", false},
		{"10.0.0.0/8", "http://192.168.1.1/hook", true},
		{"", "https://no-such-name.invalid/hook", false}, // it may be there later
	} {
		policy, err := egress.ParsePolicy(tt.allow)
		if err != nil {
			t.Fatalf("%q: %v", tt.allow, err)
		}
		err = policy.Check(t.Context(), "/url", tt.url)
		if (err != nil) != tt.refused {
			t.Errorf("%s, allowed %q: got %v, want refused %v", tt.url, tt.allow, err, tt.refused)
		}
		var said *muster.Error
		if err != nil && (!errors.As(err, &said) || len(said.Problems) != 1 || said.Problems[0].Location != "/url") {
			t.Errorf("%s: got %#v, want one problem at /url", tt.url, err)
		}
	}
}
