package importer

import (
	"encoding/json"
	"strings"
)

// put writes a cell's value into its place of the record.
func (b *Builder) put(r *Record, t Target, cell Cell) (err error) {
	text := strings.TrimSpace(cell.Text)
	switch t.Part {
	case partIdentifier:
		who := b.who(r)
		switch t.Code {
		case "id":
			who.ID = text
		case "external_id":
			who.ExternalID = text
		case "email":
			who.Email = text
		case "visitor_id":
			who.VisitorID = text
		}
	case partField:
		if r.Contact.Fields == nil {
			r.Contact.Fields = map[string]any{}
		}
		r.Contact.Fields[t.Code], err = b.convert.field(t.field, cell)
	case partConsent:
		err = b.decide(decision(&r.Contact.Consents, t.Code), t, text)
	case partList:
		err = b.decide(decision(&r.Contact.Lists, t.Code), t, text)
	case partAllMail:
		if r.Contact.AllMail == nil {
			r.Contact.AllMail = &Decision{}
		}
		err = b.decide(r.Contact.AllMail, t, text)
	case partCreated:
		r.Contact.CreatedAt, err = b.convert.instant(text)
	case partType:
		r.Activity.Type = text
	case partAt:
		r.Activity.OccurredAt, err = b.convert.instant(text)
	case partChannel:
		r.Activity.Channel = text
	case partValue:
		r.Activity.Value = raw(cell)
	case partActivityID:
		r.Activity.ID = text
	case partAttribute:
		if r.Activity.Attributes == nil {
			r.Activity.Attributes = map[string]any{}
		}
		r.Activity.Attributes[t.Code] = b.attribute(t.Code, cell)
	}
	return err
}

func decision(all *map[string]*Decision, code string) *Decision {
	if *all == nil {
		*all = map[string]*Decision{}
	}
	if (*all)[code] == nil {
		(*all)[code] = &Decision{}
	}
	return (*all)[code]
}

func (b *Builder) decide(d *Decision, t Target, text string) (err error) {
	switch t.Aspect {
	case "at":
		d.At, err = b.convert.instant(text)
	case "version":
		d.Version = text
	default:
		d.State, err = state(t.Part, text)
	}
	return err
}

// attribute keeps a value as it was written, except that a declared number in
// the file's own spelling becomes one that conditions can read.
func (b *Builder) attribute(name string, cell Cell) any {
	if cell.Kind == 0 && b.convert.DecimalComma && b.mapping.schema.isNumber(name) {
		if plain, err := b.convert.number(cell.Text); err == nil {
			return json.Number(plain)
		}
	}
	return raw(cell)
}

// raw is a cell's value as the file wrote it. A list, which an activity cannot
// have, becomes a text.
func raw(cell Cell) any {
	switch cell.Kind {
	case '0':
		return json.Number(cell.Text)
	case 't':
		return cell.Text == "true"
	}
	return strings.TrimSpace(cell.Text)
}

// isNumber reports whether any activity type declares the attribute a number.
func (s Schema) isNumber(attribute string) bool {
	for _, t := range s.ActivityTypes {
		for _, a := range t.Attributes {
			if a.Code == attribute && a.Type == "number" {
				return true
			}
		}
	}
	return false
}
