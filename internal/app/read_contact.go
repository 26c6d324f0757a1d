package app

import (
	"slices"
	"strconv"
	"strings"

	"github.com/valyala/fastjson"

	"github.com/muster-groups/muster"
)

// maxIdentifier bounds identifiers, in characters.
const maxIdentifier = 320

func itoa(n int) string { return strconv.Itoa(n) }

// The members that the objects of a contact have, for messages.
const (
	identifierMembers = "external_id, email, visitor_id or id"
	contactMembers    = "id, external_id, email, visitor_id, fields, consents, lists, all_mail or created_at"
	agreementMembers  = "state, at or version"
	decisionMembers   = "state or at"
)

// contact reads the body of POST /contacts:
//
//	{id?, external_id?, email?, visitor_id?, fields: {}, consents: {}, lists: {}, all_mail?, created_at?}
//
// A contact must be named by one of its identifiers unless known tells whom
// the change is for.
func (r *reader) contact(at string, v *fastjson.Value, known muster.ContactID) muster.ContactChange {
	change := muster.ContactChange{Who: muster.Identifiers{ID: known}}
	r.object(at, v, contactMembers, func(key []byte, v *fastjson.Value) bool {
		switch string(key) {
		case "id":
			if !known.IsZero() {
				r.report(at+"/id", problemReadOnly, "expected no id: it is told already whom this is about, and ids do not change")
				return true
			}
			r.identifier(at, "id", v, &change.Who)
		case "external_id", "email", "visitor_id":
			if v.Type() == fastjson.TypeNull && !known.IsZero() {
				r.report(pointer(at, string(key)), problemInvalid, "expected a text: an identifier can be given or replaced, but not taken away")
				return true
			}
			r.identifier(at, string(key), v, &change.Who)
		case "fields":
			r.fields(at+"/fields", v, &change)
		case "consents":
			r.decisions(at+"/consents", v, muster.OnConsent, r.schema.Consents, &change)
		case "lists":
			r.decisions(at+"/lists", v, muster.OnList, r.schema.Lists, &change)
		case "all_mail":
			if v.Type() != fastjson.TypeNull {
				r.decision(at+"/all_mail", v, muster.OnAllMail, "", &change)
			}
		case "created_at":
			if !known.IsZero() {
				r.report(at+"/created_at", problemReadOnly, "created_at is set only when a contact is created")
			} else if v.Type() != fastjson.TypeNull {
				change.CreatedAt, _ = r.instant(at, "created_at", v)
			}
		default:
			return false
		}
		return true
	})
	if change.Who.IsZero() && len(r.problems) == 0 {
		r.nobody(at)
	}
	return change
}

func (r *reader) nobody(at string) {
	r.report(at, problemMissing, "expected at least one of external_id, email, visitor_id or id, to know whom this is about")
}

// identifier reads one identifier. Null and the empty text are no identifier.
func (r *reader) identifier(at, key string, v *fastjson.Value, who *muster.Identifiers) {
	text := strings.TrimSpace(r.text(at, key, v, maxIdentifier))
	if text == "" {
		return
	}
	switch key {
	case "id":
		id, err := muster.ParseContactID(text)
		if err != nil {
			r.report(pointer(at, key), problemInvalid, err.Error())
			return
		}
		who.ID = id
	case "external_id":
		who.ExternalID = text
	case "email":
		if who.Email != "" && !strings.EqualFold(who.Email, text) {
			r.report(pointer(at, key), problemInvalid, "expected one email, found two different ones")
		}
		if err := muster.CheckEmail(text); err != nil {
			r.report(pointer(at, key), problemInvalid, err.Error())
			return
		}
		who.Email = text
	case "visitor_id":
		who.VisitorID = text
	}
}

// who reads the identifiers in an activity.
func (r *reader) who(at string, v *fastjson.Value) muster.Identifiers {
	var who muster.Identifiers
	before := len(r.problems)
	r.object(at, v, identifierMembers, func(key []byte, v *fastjson.Value) bool {
		switch string(key) {
		case "id":
			r.identifier(at, "id", v, &who)
		case "external_id":
			r.identifier(at, "external_id", v, &who)
		case "email":
			r.identifier(at, "email", v, &who)
		case "visitor_id":
			r.identifier(at, "visitor_id", v, &who)
		default:
			return false
		}
		return true
	})
	if who.IsZero() && len(r.problems) == before {
		r.nobody(at)
	}
	return who
}

// fields reads field values by their types. The email is an identifier.
func (r *reader) fields(at string, v *fastjson.Value, change *muster.ContactChange) {
	r.object(at, v, "codes of fields", func(key []byte, v *fastjson.Value) bool {
		code := r.word(key)
		field, ok := r.schema.Fields[code]
		switch {
		case !ok:
			r.report(pointer(at, code), problemUnknownRef, "there is no field "+quoted(code))
		case code == "email":
			if v.Type() == fastjson.TypeNull {
				r.report(at+"/email", problemInvalid, "the email can be given or replaced, but not taken away")
				return true
			}
			r.identifier(at, "email", v, &change.Who)
		case field.System:
			r.report(pointer(at, code), problemReadOnly, "the field "+code+" is kept by Muster and cannot be written")
		default:
			value, err := r.fieldValue(field, v)
			if err != nil {
				r.report(pointer(at, code), problemInvalid, err.Error())
				return true
			}
			if change.Fields == nil {
				change.Fields = map[string]muster.Value{}
			}
			change.Fields[code] = value
		}
		return true
	})
}

func (r *reader) fieldValue(field muster.Field, v *fastjson.Value) (muster.Value, error) {
	if v.Type() == fastjson.TypeString && field.Type != muster.ChoicesField && field.Type != muster.BooleanField {
		// For these types the two readings of a text agree, and this one does
		// not print and parse the value again.
		b, _ := v.StringBytes()
		return field.ParseText(string(b))
	}
	return field.ParseJSON(v.MarshalTo(nil))
}

// decisions reads {code: {state, at?, version?}}.
func (r *reader) decisions(at string, v *fastjson.Value, kind muster.DecisionKind, known map[string]muster.Named, change *muster.ContactChange) {
	first := len(change.Decisions)
	r.object(at, v, "codes", func(key []byte, v *fastjson.Value) bool {
		code := r.word(key)
		if _, ok := known[code]; !ok {
			noun := map[muster.DecisionKind]string{muster.OnConsent: "consent", muster.OnList: "list"}[kind]
			r.report(pointer(at, code), problemUnknownRef, "there is no "+noun+" "+quoted(code))
			return true
		}
		r.decision(pointer(at, code), v, kind, code, change)
		return true
	})
	// The order of members has no meaning in JSON, so it gets one here.
	slices.SortFunc(change.Decisions[first:], func(a, b muster.DecisionInput) int { return strings.Compare(a.Code, b.Code) })
}

func (r *reader) decision(at string, v *fastjson.Value, kind muster.DecisionKind, code string, change *muster.ContactChange) {
	d := muster.DecisionInput{Kind: kind, Code: code}
	before := len(r.problems)
	members := decisionMembers
	if kind == muster.OnConsent {
		members = agreementMembers
	}
	r.object(at, v, members, func(key []byte, v *fastjson.Value) bool {
		switch string(key) {
		case "state":
			state, ok := muster.ParseDecisionState(kind, r.code(at, "state", v))
			if !ok {
				r.report(at+"/state", problemInvalid, "expected "+statesOf(kind))
			}
			d.State = state
		case "at":
			if v.Type() != fastjson.TypeNull {
				d.At, _ = r.instant(at, "at", v)
			}
		case "version":
			if kind != muster.OnConsent {
				return false
			}
			d.Version = r.text(at, "version", v, 200)
		default:
			return false
		}
		return true
	})
	if d.State == muster.Undecided && len(r.problems) == before {
		r.report(at+"/state", problemMissing, "expected "+statesOf(kind))
	}
	change.Decisions = append(change.Decisions, d)
}

func statesOf(kind muster.DecisionKind) string {
	switch kind {
	case muster.OnConsent:
		return `"agreed" or "revoked"`
	case muster.OnList:
		return `"receiving", "unsubscribed" or "bounced"`
	}
	return `"receiving" or "unsubscribed"`
}
