// Package listmonk is a list of a listmonk server as the destination of a
// connector, by listmonk's public API (subscribers and lists). It respects what
// people decided there: whoever unsubscribed from the list or is blocklisted is
// never added again. It must not know how a group becomes a list.
package listmonk

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/delivery/mirror"
)

// Settings are what people decide about a listmonk connector.
type Settings struct {
	URL      string `json:"url"`
	Username string `json:"username"` // of an API user
	Token    string `json:"token,omitempty"`
	ListID   int    `json:"list_id"`
	// Confirmed puts people on lists with double opt-in as confirmed: for those
	// who agreed elsewhere.
	Confirmed bool `json:"confirmed,omitempty"`
}

// Kind makes destinations. Client is what calls are made with.
type Kind struct {
	Client Doer
	Agent  string
	// Check refuses a URL, given at a place of some input, that the client would
	// never call. Nil refuses none.
	Check func(ctx context.Context, at, url string) error
}

// Read checks settings; a token left out stays as it was, for the same server.
func (k Kind) Read(ctx context.Context, given, before json.RawMessage) (json.RawMessage, error) {
	var s, old Settings
	decoder := json.NewDecoder(bytes.NewReader(given))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return nil, invalidAt("/settings", "expected {url, username, token, list_id, confirmed}: "+err.Error())
	}
	if before != nil {
		if err := json.Unmarshal(before, &old); err != nil {
			return nil, err
		}
	}
	s.URL = strings.TrimRight(s.URL, "/")
	if s.Token == "" && s.URL == old.URL {
		s.Token = old.Token
	}
	u, err := url.Parse(s.URL)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, invalidAt("/settings/url", "expected the URL of a listmonk server such as https://listmonk.example")
	case s.Username == "":
		return nil, invalidAt("/settings/username", "expected the name of an API user of listmonk")
	case s.Token == "":
		return nil, invalidAt("/settings/token", "expected the token of the API user")
	case s.ListID < 1:
		return nil, invalidAt("/settings/list_id", "expected the number of a list, as listmonk shows it")
	}
	if k.Check != nil {
		if err := k.Check(ctx, "/settings/url", s.URL); err != nil {
			return nil, err
		}
	}
	return json.Marshal(s)
}

// Shown leaves the token out.
func (k Kind) Shown(kept json.RawMessage) json.RawMessage {
	var s Settings
	if json.Unmarshal(kept, &s) != nil {
		return json.RawMessage("{}")
	}
	s.Token = ""
	shown, err := json.Marshal(s)
	if err != nil {
		return json.RawMessage("{}")
	}
	return shown
}

// Open makes the destination.
func (k Kind) Open(kept json.RawMessage) (mirror.Destination, error) {
	var s Settings
	if err := json.Unmarshal(kept, &s); err != nil {
		return nil, err
	}
	return &list{settings: s, calls: calls{client: k.Client, agent: k.Agent, settings: s}}, nil
}

func invalidAt(location, message string) error {
	return &muster.Error{Code: muster.CodeInvalid, Message: message, Problems: []muster.Problem{{Location: location, Code: "invalid", Message: message}}}
}
