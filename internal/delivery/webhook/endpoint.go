package webhook

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"time"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/delivery/crew"
)

// endpoint is the document of a webhook: what people decide about it. Secrets
// are kept readable, because every request is signed with them.
type endpoint struct {
	URL          string         `json:"url"`
	Description  string         `json:"description,omitempty"`
	Groups       []string       `json:"groups,omitempty"`
	Direction    string         `json:"direction,omitempty"`
	Causes       []string       `json:"causes,omitempty"`
	Identifiers  bool           `json:"identifiers,omitempty"`
	BatchSize    int            `json:"batch_size"`
	BatchSeconds int            `json:"batch_seconds"`
	PerSecond    int            `json:"per_second"`
	Secret       string         `json:"secret"`
	OldSecret    string         `json:"old_secret,omitempty"` // signs too, until OldUntil
	OldUntil     muster.Instant `json:"old_until,omitempty"`
	CreatedAt    muster.Instant `json:"created_at"`
	Orders       crew.Orders    `json:"orders,omitempty"`
}

// secretOverlap is how long requests carry the signature of a secret that was
// replaced, too.
const secretOverlap = 24 * time.Hour

func newEndpoint(in Input) endpoint {
	e := endpoint{URL: in.URL, Description: in.Description, Groups: in.Groups, Direction: in.Direction, Causes: in.Causes, Identifiers: in.Identifiers,
		BatchSize: 500, BatchSeconds: 1, PerSecond: 10, Secret: newSecret(), CreatedAt: muster.InstantOf(time.Now())}
	if in.BatchSize != 0 {
		e.BatchSize = in.BatchSize
	}
	if in.BatchSeconds != nil {
		e.BatchSeconds = *in.BatchSeconds
	}
	if in.PerSecond != 0 {
		e.PerSecond = in.PerSecond
	}
	return e
}

func (e endpoint) patched(p Patch) endpoint {
	set(&e.URL, p.URL)
	set(&e.Description, p.Description)
	set(&e.Groups, p.Groups)
	set(&e.Direction, p.Direction)
	if e.Direction == "both" {
		e.Direction = ""
	}
	set(&e.Causes, p.Causes)
	set(&e.Identifiers, p.Identifiers)
	set(&e.BatchSize, p.BatchSize)
	set(&e.BatchSeconds, p.BatchSeconds)
	set(&e.PerSecond, p.PerSecond)
	return e
}

func set[T any](member, to *T) {
	if to != nil {
		*member = *to
	}
}

// check judges what people gave.
func (e endpoint) check(feed Feed) error {
	if err := CheckURL("/url", e.URL); err != nil {
		return err
	}
	return feed.CheckChangeFilter("", e.filter())
}

// CheckURL refuses what is no address to send requests to.
func CheckURL(at, text string) error {
	u, err := url.Parse(text)
	problem := ""
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		problem = "expected a URL such as https://shop.example/hooks/muster"
	case u.User != nil:
		problem = "expected a URL without a user name and password; requests are signed instead"
	case u.Fragment != "":
		problem = "expected a URL without a fragment (" + "#" + u.Fragment + ")"
	default:
		return nil
	}
	return &muster.Error{Code: muster.CodeInvalid, Message: problem, Problems: []muster.Problem{{Location: at, Code: "invalid", Message: problem}}}
}

func (e endpoint) filter() app.ChangeFilter {
	return app.ChangeFilter{Groups: e.Groups, Direction: e.Direction, Causes: e.Causes}
}

func newID() string {
	var random [8]byte
	rand.Read(random[:]) // never fails
	return "wh_" + hex.EncodeToString(random[:])
}

func newSecret() string {
	var random [32]byte
	rand.Read(random[:]) // never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(random[:])
}

const secretPrefix = "whsec_"

// host is what of the address may stand in a log: paths may carry secrets.
func (e endpoint) host() string {
	u, err := url.Parse(e.URL)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}
