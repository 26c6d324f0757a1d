package httpapi

import (
	"context"
	"errors"
	"net/http"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
)

// definition is the five operations of a kind of definition.
type definition[T any] struct {
	path, noun, nouns string
	list              func() app.Page[T]
	get               func(code string) (T, error)
	put               func(context.Context, T) (T, error)
	remove            func(ctx context.Context, code string) error
	usage             func(ctx context.Context, code string) (app.Usage, error)
	code              func(*T) *string
}

func registerDefinition[T any](s *Server, d definition[T]) {
	type CodeInput struct {
		Code string `path:"code"`
	}
	register(s, operation("GET", d.path, "list-"+d.path[1:], "Definitions", "List the "+d.nouns),
		func(context.Context, *struct{}) (*output[app.Page[T]], error) { return answer(d.list(), nil) })
	register(s, operation("GET", d.path+"/{code}", "get-"+d.path[1:], "Definitions", "Show "+d.noun),
		func(_ context.Context, in *CodeInput) (*output[T], error) { return answer(d.get(in.Code)) })
	register(s, operation("GET", d.path+"/{code}/usage", "get-usage-of-"+d.path[1:], "Definitions", "Show what becomes of "+d.noun),
		func(ctx context.Context, in *CodeInput) (*output[app.Usage], error) {
			return answer(d.usage(ctx, in.Code))
		})
	create := operation("POST", d.path, "create-"+d.path[1:], "Definitions", "Define "+d.noun)
	create.DefaultStatus = http.StatusCreated
	create.Description = "A code that is taken answers 409."
	register(s, create, func(ctx context.Context, in *struct{ Body T }) (*output[T], error) {
		code := *d.code(&in.Body)
		if _, err := d.get(code); err == nil {
			message := "there is already " + d.noun + " " + code
			return nil, &muster.Error{Code: muster.CodeConflict, Message: message, Problems: []muster.Problem{{Location: "/code", Code: "taken", Message: message}}}
		}
		return answer(d.put(ctx, in.Body))
	})
	register(s, operation("PUT", d.path+"/{code}", "put-"+d.path[1:], "Definitions", "Define or redefine "+d.noun),
		func(ctx context.Context, in *struct {
			CodeInput
			Body T
		}) (*output[T], error) {
			code := d.code(&in.Body)
			if *code != in.Code {
				return nil, wrongParameter("code", errors.New("expected "+in.Code+", the code of the path"))
			}
			return answer(d.put(ctx, in.Body))
		})
	remove := operation("DELETE", d.path+"/{code}", "delete-"+d.path[1:], "Definitions", "Delete "+d.noun)
	remove.DefaultStatus = http.StatusNoContent
	remove.Description = "What a condition uses is kept (409)."
	register(s, remove, func(ctx context.Context, in *CodeInput) (*struct{}, error) {
		return nil, d.remove(ctx, in.Code)
	})
}

func (s *Server) registerDefinitions() {
	registerDefinition(s, definition[muster.Field]{
		path: "/fields", noun: "a field", nouns: "contact fields", list: s.app.Fields, get: s.app.Field, put: s.app.PutField,
		remove: s.app.DeleteField, usage: s.app.FieldUsage, code: func(f *muster.Field) *string { return &f.Code },
	})
	registerDefinition(s, definition[muster.ActivityType]{
		path: "/activity-types", noun: "an activity type", nouns: "activity types", list: s.app.ActivityTypes, get: s.app.ActivityType,
		put: s.app.PutActivityType, remove: s.app.DeleteActivityType, usage: s.app.ActivityTypeUsage, code: func(t *muster.ActivityType) *string { return &t.Code },
	})
	s.registerNamed("/consents", "a consent", "consents", app.Consents())
	s.registerNamed("/lists", "a recipient list", "recipient lists", app.Lists())
	s.registerNamed("/channels", "a channel", "channels", app.Channels())
}

func (s *Server) registerNamed(path, noun, nouns string, kind app.NamedKind) {
	registerDefinition(s, definition[muster.Named]{
		path: path, noun: noun, nouns: nouns,
		list: func() app.Page[muster.Named] { return s.app.Named(kind) },
		get:  func(code string) (muster.Named, error) { return s.app.OneNamed(kind, code) },
		put: func(ctx context.Context, n muster.Named) (muster.Named, error) {
			return s.app.PutNamed(ctx, kind, n)
		},
		remove: func(ctx context.Context, code string) error { return s.app.DeleteNamed(ctx, kind, code) },
		usage: func(ctx context.Context, code string) (app.Usage, error) {
			return s.app.NamedUsage(ctx, kind, code)
		},
		code: func(n *muster.Named) *string { return &n.Code },
	})
}
