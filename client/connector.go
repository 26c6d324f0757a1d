package client

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/muster-groups/muster"
)

// Connector keeps a list in another system equal to a group.
type Connector struct {
	ID            string          `json:"id"`
	Kind          string          `json:"kind"` // "listmonk"
	Name          string          `json:"name"`
	Group         string          `json:"group"`
	Settings      json.RawMessage `json:"settings"`
	CompareHours  int             `json:"compare_hours"`
	CreatedAt     muster.Instant  `json:"created_at"`
	Status        string          `json:"status"` // "comparing", "following", "retrying" or "paused"
	Cursor        muster.Seq      `json:"cursor"`
	Behind        uint64          `json:"behind"` // of its group
	BehindMore    bool            `json:"behind_more"`
	BehindSince   *muster.Instant `json:"behind_since"`
	ComparedAt    *muster.Instant `json:"compared_at"`
	Added         int64           `json:"added"`
	Removed       int64           `json:"removed"`
	KeptOut       int64           `json:"kept_out"`
	Failures      int             `json:"failures"`
	NextAttemptAt *muster.Instant `json:"next_attempt_at"`
	LastError     string          `json:"last_error"`
}

// ConnectorInput makes a connector. Settings are those of its kind.
type ConnectorInput struct {
	Kind         string `json:"kind"`
	Name         string `json:"name,omitempty"`
	Group        string `json:"group"`
	Settings     any    `json:"settings"`
	CompareHours int    `json:"compare_hours,omitempty"`
	Paused       bool   `json:"paused,omitempty"`
}

// ListmonkSettings are the settings of a connector of the kind listmonk.
type ListmonkSettings struct {
	URL       string `json:"url"`
	Username  string `json:"username"`
	Token     string `json:"token,omitempty"`
	ListID    int    `json:"list_id"`
	Confirmed bool   `json:"confirmed,omitempty"`
}

// Connectors lists the connectors.
func (c *Client) Connectors(ctx context.Context) ([]Connector, error) {
	page, err := get[Page[Connector]](ctx, c, "/connectors")
	return page.Items, err
}

// Connector answers a connector.
func (c *Client) Connector(ctx context.Context, id string) (Connector, error) {
	return get[Connector](ctx, c, connectorPath(id))
}

// CreateConnector makes a connector.
func (c *Client) CreateConnector(ctx context.Context, in ConnectorInput) (Connector, error) {
	return post[Connector](ctx, c, "/connectors", in)
}

// CompareConnector compares the whole list with the group now.
func (c *Client) CompareConnector(ctx context.Context, id string) (Connector, error) {
	return post[Connector](ctx, c, connectorPath(id)+"/compare", nil)
}

// PauseConnector leaves the list alone until the connector is resumed.
func (c *Client) PauseConnector(ctx context.Context, id string) (Connector, error) {
	return post[Connector](ctx, c, connectorPath(id)+"/pause", nil)
}

// ResumeConnector goes on, or tries at once what failed.
func (c *Client) ResumeConnector(ctx context.Context, id string) (Connector, error) {
	return post[Connector](ctx, c, connectorPath(id)+"/resume", nil)
}

// DeleteConnector deletes a connector; the list stays as it is.
func (c *Client) DeleteConnector(ctx context.Context, id string) error {
	return c.Call(ctx, http.MethodDelete, connectorPath(id), nil, nil)
}

func connectorPath(id string) string { return "/connectors/" + escaped(id) }

// ConnectorTest is whether a connector's list is there, or why not.
type ConnectorTest struct {
	Works bool   `json:"works"`
	Error string `json:"error"`
}

// TestConnector asks whether a connector's list is there.
func (c *Client) TestConnector(ctx context.Context, id string) (ConnectorTest, error) {
	return post[ConnectorTest](ctx, c, connectorPath(id)+"/test", nil)
}
