package crash

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/client"
)

// collect sends page visits as a tracking SDK does, one in a call of its own or
// several in a batch. What is answered with 200 must be kept.
func (w *writer) collect(ctx context.Context, s *server, p *person) error {
	var marks []string
	var messages []map[string]any
	for range w.IntN(6) + 1 {
		a := w.activity(p)
		marks, messages = append(marks, a.ID), append(messages, message(p, a))
	}
	path, body := "/v1/batch", any(map[string]any{"batch": messages})
	if len(messages) == 1 {
		path, body = "/v1/page", messages[0]
	}
	if err := s.collect(ctx, path, body); err != nil {
		return err
	}
	for _, mark := range marks {
		p.acknowledge(mark)
		w.answers++
	}
	return nil
}

// message is an activity as SDKs send it.
func message(p *person, a client.ActivityInput) map[string]any {
	m := map[string]any{"type": "page", "messageId": a.ID, "properties": map[string]any{"path": a.Attributes["page"]}}
	if p.external != "" {
		m["userId"] = p.external
	} else {
		m["anonymousId"] = p.visitor
	}
	if a.OccurredAt != nil {
		m["timestamp"] = *a.OccurredAt
	}
	return m
}

// collect makes a call of the collection API. Only an answer that says no is a
// *muster.Error.
func (s *server) collect(ctx context.Context, path string, body any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+path, bytes.NewReader(encoded))
	if err != nil {
		return err
	}
	request.SetBasicAuth(adminKey, "")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	var said struct {
		Success bool
		Refused []any
	}
	if err := json.Unmarshal(text, &said); answer.StatusCode != http.StatusOK || err != nil || !said.Success || said.Refused != nil {
		code := muster.CodeInternal
		if answer.StatusCode == http.StatusServiceUnavailable {
			code = muster.CodeUnavailable
		}
		return muster.Errorf(code, "%s %s: %s %s", path, encoded, answer.Status, text)
	}
	return nil
}
