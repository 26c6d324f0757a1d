package client

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Import is a file that the server imports, and how far it is.
type Import struct {
	ID       string         `json:"id"`
	Kind     string         `json:"kind"` // "contacts" or "activities"
	Name     string         `json:"name"`
	Bytes    int64          `json:"bytes"`
	Format   string         `json:"format"`
	System   *string        `json:"system"`
	State    string         `json:"state"` // uploaded, running, checked, finished, cancelled or failed
	DryRun   bool           `json:"dry_run"`
	Settings ImportSettings `json:"settings"`
	Missing  []string       `json:"missing"`
	Progress ImportProgress `json:"progress"`
	Rejects  []ImportReject `json:"rejects"` // the first
	Error    string         `json:"error"`
	EndedAt  *time.Time     `json:"ended_at"`
}

// ImportSettings say how a file is to be read. The zero value finds out.
type ImportSettings struct {
	Map          map[string]string `json:"map,omitempty"` // what columns become, by heading
	Set          map[string]string `json:"set,omitempty"` // values for rows that have none, by what they become
	Dates        string            `json:"dates,omitempty"`
	TimeZone     string            `json:"time_zone,omitempty"`
	DecimalComma bool              `json:"decimal_comma,omitempty"`
	Encoding     string            `json:"encoding,omitempty"`
	Format       string            `json:"format,omitempty"`
}

// ImportProgress counts rows: read, and what became of them.
type ImportProgress struct {
	Bytes     int64 `json:"bytes"`
	Rows      int   `json:"rows"`
	Accepted  int   `json:"accepted"`
	Duplicate int   `json:"duplicate"`
	Expired   int   `json:"expired"`
	Rejected  int   `json:"rejected"`
	Ignored   int   `json:"ignored"`
}

// ImportReject is a row that was not taken.
type ImportReject struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// NewImport hands a file of contacts or activities over, CSV or NDJSON. Nothing
// of it is taken before RunImport. It is not tried again: the file is read once.
func (c *Client) NewImport(ctx context.Context, kind, name string, file io.Reader) (made Import, err error) {
	path := "/api/v1/imports?kind=" + url.QueryEscape(kind) + "&name=" + url.QueryEscape(name)
	response, err := c.once(ctx, http.MethodPost, path, "application/octet-stream", struct{ io.Reader }{file})
	if err != nil {
		return made, err
	}
	if response.StatusCode >= 300 {
		return made, readProblem(response)
	}
	defer response.Body.Close()
	return made, decode(response, &made)
}

// Import answers how far an import is.
func (c *Client) Import(ctx context.Context, id string) (Import, error) {
	return get[Import](ctx, c, "/imports/"+url.PathEscape(id))
}

// ConfigureImport says how a file is to be read.
func (c *Client) ConfigureImport(ctx context.Context, id string, s ImportSettings) (out Import, err error) {
	err = c.Call(ctx, http.MethodPut, "/imports/"+url.PathEscape(id)+"/settings", s, &out)
	return out, err
}

// RunImport begins an import and answers at once; it goes on without the caller
// and after a restart of the server. With wait it answers when it has ended.
func (c *Client) RunImport(ctx context.Context, id string, wait bool) (Import, error) {
	path := "/imports/" + url.PathEscape(id) + "/run"
	if wait {
		path += "?wait=true"
	}
	return post[Import](ctx, c, path, nil)
}

// ImportRejects opens the rows that were not taken, in a form that can be put
// right and imported again; CodeNotFound when there are none. The caller closes it.
func (c *Client) ImportRejects(ctx context.Context, id string) (io.ReadCloser, error) {
	response, err := c.send(ctx, http.MethodGet, "/api/v1/imports/"+url.PathEscape(id)+"/rejects", nil)
	if err != nil {
		return nil, err
	}
	return response.Body, nil
}
