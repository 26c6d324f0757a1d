package httpapi

import (
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"
)

// examples are bodies to begin with, by operation. A test sends each one.
func examples() map[string]string {
	return map[string]string{
		"save-contact":      `{"external_id": "c-1001", "email": "ada@example.com", "fields": {"first_name": "Ada", "country": "AT"}, "consents": {"tracking": {"state": "agreed", "version": "3"}}, "lists": {"newsletter": {"state": "receiving"}}}`,
		"record-activities": `{"contact": {"visitor_id": "4f1c"}, "type": "page_visit", "channel": "shop", "attributes": {"page": "/pricing", "url": "https://example.com/pricing"}, "id": "evt-1"}`,
		"look-up-contact":   `{"visitor_id": "4f1c"}`,
		"create-group":      `{"code": "engaged", "name": "Engaged", "condition": {"match": "all", "groups": [{"match": "any", "conditions": [{"type": "visited-page", "params": {"pages": ["/pricing"], "times": {"at_least": 3}, "within": {"last": "30d"}}}]}]}, "recalculate": true}`,
		"preview-condition": `{"condition": {"match": "all", "groups": [{"match": "all", "conditions": [{"type": "identified"}]}]}}`,
		"compare-groups":    `{"groups": ["engaged", "customers"]}`,
		"create-webhook":    `{"url": "https://shop.example/hooks/muster", "groups": ["engaged"], "direction": "entered", "identifiers": true}`,
		"list-recipients":   `{"list": "newsletter", "include": ["engaged"], "exclude": ["customers"]}`,
	}
}

// addExamples puts the examples into the bodies of their operations.
func (s *Server) addExamples() {
	for _, item := range s.api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Post, item.Put, item.Patch} {
			if op == nil {
				continue
			}
			if body, known := examples()[op.OperationID]; known {
				op.RequestBody.Content["application/json"].Example = json.RawMessage(body)
			}
		}
	}
}
