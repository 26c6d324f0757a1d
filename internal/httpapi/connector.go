package httpapi

import (
	"context"
	"net/http"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/delivery/mirror"
)

// connectorPath names a connector.
type connectorPath struct {
	ID string `path:"id"`
}

// The bodies go by these names in the OpenAPI document.
type (
	ConnectorInput mirror.Input
	ConnectorPatch mirror.Patch
)

// connectorTest is how a test of a connector went.
type connectorTest struct {
	Works bool   `json:"works"`
	Error string `json:"error" doc:"Why it does not."`
}

// connected makes a handler of what is asked of the connectors.
func connected[I, O any](s *Server, ask func(context.Context, *mirror.Service, *I) (O, error)) func(context.Context, *I) (*output[O], error) {
	return func(ctx context.Context, in *I) (*output[O], error) {
		if s.connectors == nil {
			return nil, muster.Errorf(muster.CodeUnavailable, "this server has no connectors")
		}
		return answer(ask(ctx, s.connectors, in))
	}
}

func (s *Server) registerConnectors() {
	register(s, operation("GET", "/connectors", "list-connectors", "Connectors", "List the connectors"),
		connected(s, func(ctx context.Context, c *mirror.Service, _ *struct{}) (app.Page[mirror.Connector], error) {
			list, err := c.List(ctx)
			return app.PageOf(list, ""), err
		}))
	create := operation("POST", "/connectors", "create-connector", "Connectors", "Make a connector")
	create.DefaultStatus = http.StatusCreated
	create.Description = "It keeps a list in another system equal to a group: who is on the list and not in the group is taken off it."
	register(s, create, connected(s, func(ctx context.Context, c *mirror.Service, in *struct{ Body ConnectorInput }) (mirror.Connector, error) {
		return c.Create(ctx, mirror.Input(in.Body))
	}))
	register(s, operation("GET", "/connectors/{id}", "get-connector", "Connectors", "Show a connector and how far it is"),
		connected(s, func(ctx context.Context, c *mirror.Service, in *connectorPath) (mirror.Connector, error) {
			return c.Get(ctx, in.ID)
		}))
	register(s, operation("PATCH", "/connectors/{id}", "change-connector", "Connectors", "Change a connector"),
		connected(s, func(ctx context.Context, c *mirror.Service, in *struct {
			ID   string `path:"id"`
			Body ConnectorPatch
		}) (mirror.Connector, error) {
			return c.Change(ctx, in.ID, mirror.Patch(in.Body))
		}))
	remove := operation("DELETE", "/connectors/{id}", "delete-connector", "Connectors", "Delete a connector")
	remove.DefaultStatus = http.StatusNoContent
	remove.Description = "The list in the other system stays as it is."
	register(s, remove, func(ctx context.Context, in *connectorPath) (*struct{}, error) {
		if s.connectors == nil {
			return nil, muster.Errorf(muster.CodeUnavailable, "this server has no connectors")
		}
		return nil, s.connectors.Delete(ctx, in.ID)
	})
	act := func(name, id, summary string, do func(context.Context, *mirror.Service, string) (mirror.Connector, error)) {
		register(s, operation("POST", "/connectors/{id}/"+name, id, "Connectors", summary),
			connected(s, func(ctx context.Context, c *mirror.Service, in *connectorPath) (mirror.Connector, error) {
				return do(ctx, c, in.ID)
			}))
	}
	act("pause", "pause-connector", "Pause a connector", func(ctx context.Context, c *mirror.Service, id string) (mirror.Connector, error) {
		return c.Pause(ctx, id)
	})
	act("resume", "resume-connector", "Resume a connector, or try at once what failed", func(ctx context.Context, c *mirror.Service, id string) (mirror.Connector, error) {
		return c.Resume(ctx, id)
	})
	act("compare", "compare-connector", "Compare the whole list with the group now", func(ctx context.Context, c *mirror.Service, id string) (mirror.Connector, error) {
		return c.Compare(ctx, id)
	})
	register(s, operation("POST", "/connectors/{id}/test", "test-connector", "Connectors", "Ask whether the list is there"),
		connected(s, func(ctx context.Context, c *mirror.Service, in *connectorPath) (connectorTest, error) {
			if _, err := c.Get(ctx, in.ID); err != nil {
				return connectorTest{}, err
			}
			if err := c.Test(ctx, in.ID); err != nil {
				return connectorTest{Error: err.Error()}, nil
			}
			return connectorTest{Works: true}, nil
		}))
}
