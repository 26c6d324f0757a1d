package app

import (
	"context"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/roster"
)

// Definitions are what conditions and changes may name. Every kind has the
// same five calls; Put creates or replaces.

// Fields lists the contact fields, the built-in ones first.
func (a *App) Fields() Page[muster.Field] { return PageOf(a.schema().SortedFields(), "") }

// Field answers a field's definition.
func (a *App) Field(code string) (muster.Field, error) {
	return defined(a.schema().Fields, "field", code)
}

// PutField defines or redefines a custom field.
func (a *App) PutField(ctx context.Context, f muster.Field) (muster.Field, error) {
	if err := a.roster.PutField(ctx, f); err != nil {
		return f, err
	}
	return a.Field(f.Code)
}

// DeleteField removes a custom field that no condition uses.
func (a *App) DeleteField(ctx context.Context, code string) error {
	return a.roster.DeleteField(ctx, code)
}

// ActivityTypes lists the activity types, the built-in ones first.
func (a *App) ActivityTypes() Page[muster.ActivityType] {
	return PageOf(a.schema().SortedActivityTypes(), "")
}

// ActivityType answers an activity type's definition.
func (a *App) ActivityType(code string) (muster.ActivityType, error) {
	return defined(a.schema().ActivityTypes, "activity type", code)
}

// PutActivityType defines or redefines an activity type.
func (a *App) PutActivityType(ctx context.Context, t muster.ActivityType) (muster.ActivityType, error) {
	if err := a.roster.PutActivityType(ctx, t); err != nil {
		return t, err
	}
	return a.ActivityType(t.Code)
}

// DeleteActivityType removes a custom activity type that no condition uses.
func (a *App) DeleteActivityType(ctx context.Context, code string) error {
	return a.roster.DeleteActivityType(ctx, code)
}

// NamedKind is a kind of definition that has only a code and a name.
type NamedKind struct {
	roster roster.Kind
	noun   string
	of     func(*muster.Schema) map[string]muster.Named
}

// Consents, Lists and Channels are the kinds of named definition.
func Consents() NamedKind {
	return NamedKind{roster.KindConsent, "consent", func(s *muster.Schema) map[string]muster.Named { return s.Consents }}
}

// Lists are the recipient lists.
func Lists() NamedKind {
	return NamedKind{roster.KindList, "list", func(s *muster.Schema) map[string]muster.Named { return s.Lists }}
}

// Channels are where things happen.
func Channels() NamedKind {
	return NamedKind{roster.KindChannel, "channel", func(s *muster.Schema) map[string]muster.Named { return s.Channels }}
}

// Named lists the definitions of a kind by code.
func (a *App) Named(kind NamedKind) Page[muster.Named] {
	return PageOf(sortedByCode(kind.of(a.schema())), "")
}

// OneNamed answers one definition of a kind.
func (a *App) OneNamed(kind NamedKind, code string) (muster.Named, error) {
	return defined(kind.of(a.schema()), kind.noun, code)
}

// PutNamed defines or redefines one of a kind.
func (a *App) PutNamed(ctx context.Context, kind NamedKind, n muster.Named) (muster.Named, error) {
	if err := a.roster.PutNamed(ctx, kind.roster, n); err != nil {
		return n, err
	}
	return a.OneNamed(kind, n.Code)
}

// DeleteNamed removes one of a kind that no condition uses.
func (a *App) DeleteNamed(ctx context.Context, kind NamedKind, code string) error {
	return a.roster.DeleteNamed(ctx, kind.roster, code)
}

func defined[V any](definitions map[string]V, noun, code string) (V, error) {
	if d, ok := definitions[code]; ok {
		return d, nil
	}
	var none V
	return none, muster.Errorf(muster.CodeNotFound, "there is no %s %s", noun, code)
}

// Settings are the project's settings.
type Settings struct {
	TimeZone    string `json:"time_zone" doc:"The IANA name of the time zone in which calendar words are read."`
	HistoryDays int    `json:"history_days" doc:"For how many days history is kept: members at a past instant, sizes over time, entered and left records. 0 is for ever."`
}

// Settings answers the project's settings.
func (a *App) Settings() Settings {
	zone := a.roster.State().Settings.Zone
	if zone == "" {
		zone = "UTC"
	}
	return Settings{TimeZone: zone, HistoryDays: a.roster.State().Settings.HistoryDays}
}

// SettingsInput are settings to change; nil stays.
type SettingsInput struct {
	TimeZone    *string `json:"time_zone,omitempty" doc:"An IANA time zone. Groups that depend on it are recalculated."`
	HistoryDays *int    `json:"history_days,omitempty" doc:"For how many days history is kept, up to 36500; 0 is for ever. What is older is given up at once and for good."`
}

// SaveSettings changes the settings whose members are set. A new time zone
// recalculates the groups that depend on it.
func (a *App) SaveSettings(ctx context.Context, in SettingsInput) (Settings, error) {
	if in.TimeZone != nil && *in.TimeZone != a.Settings().TimeZone {
		if err := a.roster.SetZone(ctx, *in.TimeZone); err != nil {
			return Settings{}, err
		}
	}
	if in.HistoryDays != nil && *in.HistoryDays != a.Settings().HistoryDays {
		if err := a.roster.SetHistoryDays(ctx, *in.HistoryDays); err != nil {
			return Settings{}, err
		}
	}
	return a.Settings(), nil
}
