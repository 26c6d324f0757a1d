package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"

	"github.com/muster-groups/muster"
)

// Recipients asks who may be written to: everybody who receives the list, is in
// one of the groups to include and in none to exclude.
type Recipients struct {
	List    string   `json:"list,omitempty"`
	Include []string `json:"include,omitempty"`
	Exclude []string `json:"exclude,omitempty"`
}

// RecipientCount is how many they are, and the state of the groups asked about.
type RecipientCount struct {
	Count  uint64         `json:"count"`
	AsOf   muster.Instant `json:"as_of"`
	Groups []struct {
		Code    string             `json:"code"`
		Use     string             `json:"use"`
		Status  muster.GroupStatus `json:"status"`
		Members uint64             `json:"members"`
	} `json:"groups"`
}

// CountRecipients answers how many may be written to.
func (c *Client) CountRecipients(ctx context.Context, who Recipients) (RecipientCount, error) {
	return post[RecipientCount](ctx, c, "/recipients", who)
}

// StreamRecipients answers how many may be written to and then each of them, as
// they are read: all of one instant, each once. The sequence ends early with an
// error when the stream breaks off, so a half list does not look like a whole
// one. It has to be ranged over once, to the end or not.
func (c *Client) StreamRecipients(ctx context.Context, who Recipients) (RecipientCount, iter.Seq2[Contact, error], error) {
	var count RecipientCount
	body, err := json.Marshal(who)
	if err != nil {
		return count, nil, err
	}
	response, err := c.send(ctx, http.MethodPost, "/api/v1/recipients?as=ndjson", body)
	if err != nil {
		return count, nil, err
	}
	if err := json.Unmarshal([]byte(response.Header.Get("Muster-Recipients")), &count); err != nil {
		return count, nil, errors.Join(fmt.Errorf("the server's answer does not say how many recipients there are: %w", err), response.Body.Close())
	}
	return count, func(yield func(Contact, error) bool) {
		defer response.Body.Close()
		lines := json.NewDecoder(response.Body)
		for n := uint64(0); ; n++ {
			var contact Contact
			err := lines.Decode(&contact)
			if errors.Is(err, io.EOF) && n == count.Count {
				return
			}
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				yield(Contact{}, fmt.Errorf("the recipients ended after %d of %d: %w", n, count.Count, err))
				return
			}
			if !yield(contact, nil) {
				return
			}
		}
	}, nil
}
