package egress_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/muster-groups/muster/internal/delivery/egress"
)

func TestOnlyPublicAddressesAreCalledUnlessTheSettingNamesThem(t *testing.T) {
	for _, tt := range []struct {
		allow, address string
		want           bool
	}{
		{"", "93.184.216.34", true},
		{"", "2606:2800:220:1::1", true},
		{"", "127.0.0.1", false},
		{"", "::1", false},
		{"", "10.1.2.3", false},
		{"", "172.16.0.1", false},
		{"", "172.32.0.1", true},
		{"", "192.168.1.1", false},
		{"", "169.254.169.254", false}, // where clouds keep credentials
		{"", "100.64.0.1", false},
		{"", "0.0.0.0", false},
		{"", "255.255.255.255", false},
		{"", "224.0.0.1", false},
		{"", "::ffff:127.0.0.1", false},
		{"", "::ffff:93.184.216.34", true},
		{"", "64:ff9b::7f00:1", false},
		{"", "2002:7f00:1::", false},
		{"", "fd00::1", false},
		{"", "fe80::1%eth0", false},
		{"10.0.0.0/8", "10.1.2.3", true},
		{"10.0.0.0/8", "::ffff:10.1.2.3", true},
		{"10.0.0.0/8", "192.168.1.1", false},
		{"127.0.0.1, fd00::/8", "fd12::1", true},
		{"127.0.0.1, fd00::/8", "127.0.0.2", false},
		{"private", "169.254.169.254", true},
		{"private", "::1", true},
	} {
		policy, err := egress.ParsePolicy(tt.allow)
		if err != nil {
			t.Fatalf("%q: %v", tt.allow, err)
		}
		if got := policy.Permits(netip.MustParseAddr(tt.address)); got != tt.want {
			t.Errorf("%s with %q allowed: got %v, want %v", tt.address, tt.allow, got, tt.want)
		}
	}
}

func TestASettingThatNamesNoAddressIsRefused(t *testing.T) {
	for _, text := range []string{"localhost", "10.0.0.0/33", "10.0.0.0/8;::1"} {
		if _, err := egress.ParsePolicy(text); err == nil || !strings.Contains(err.Error(), "10.0.0.0/8") {
			t.Errorf("%q: got %v, want an error that shows what is expected", text, err)
		}
	}
}

// The server stands at a name that resolves to a loopback address: what counts
// is where the connection goes.
func TestAPrivateAddressBehindANameIsRefusedWhenItIsDialled(t *testing.T) {
	called := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { called <- r.URL.Path }))
	defer server.Close()
	address := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	client := egress.NewClient(egress.Policy{}, time.Minute)
	defer client.CloseIdleConnections()
	response, err := client.Get(address + "/secret")
	if err == nil {
		response.Body.Close()
		t.Fatalf("GET %s: got %s, want it refused", address, response.Status)
	}
	if !strings.Contains(err.Error(), "delivery_allow") {
		t.Errorf("GET %s: got %v, want an error that names the setting", address, err)
	}
	if len(called) != 0 {
		t.Errorf("the server was asked for %s, want no request", <-called)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	paths := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		paths <- r.URL.Path
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	policy, err := egress.ParsePolicy("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	client := egress.NewClient(policy, time.Minute)
	defer client.CloseIdleConnections()
	response, err := client.Post(server.URL+"/hook", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	response.Body.Close()
	if response.StatusCode != http.StatusTemporaryRedirect || len(paths) != 1 {
		t.Errorf("POST to a redirect: got %s after %d requests, want the redirect itself after one", response.Status, len(paths))
	}
}
