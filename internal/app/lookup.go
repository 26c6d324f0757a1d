package app

import (
	"context"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/store"
)

// LookupAnswer is which groups somebody is in. For somebody unknown, the
// contact id is null and there are no groups: a new visitor is the normal case.
type LookupAnswer struct {
	ContactID *muster.ContactID `json:"contact_id" nullable:"true" doc:"Null when nobody has the identifier."`
	Groups    []string          `json:"groups" nullable:"false" doc:"The codes of the groups the contact is in."`
}

// Lookup answers the groups of the contact that the identifiers name:
//
//	{external_id or email or visitor_id or id}
//
// With several, the strongest one that somebody owns decides. A collect key
// looks up visitor ids only and sees only groups shown to websites.
func (a *App) Lookup(ctx context.Context, by Principal, body []byte) (LookupAnswer, error) {
	r := newReader(nil, a.limits)
	document, ok := r.parse(body)
	if !ok {
		return LookupAnswer{}, r.failed()
	}
	who := r.who("", document)
	if err := r.failed(); err != nil {
		return LookupAnswer{}, err
	}
	collect := by.Role == RoleCollect
	if collect && (who.VisitorID == "" || who.Email != "" || who.ExternalID != "" || !who.ID.IsZero()) {
		return LookupAnswer{}, muster.Errorf(muster.CodeForbidden, "a collect key looks up visitor ids only")
	}
	answer := LookupAnswer{Groups: []string{}}
	err := a.view(ctx, func(v store.View) error {
		no, err := ownerOf(v, who)
		if err != nil || no == 0 {
			return located("", err)
		}
		if !collect {
			id := v.Owner(no).ID
			answer.ContactID = &id
		}
		answer.Groups, err = a.groupCodes(v, no, collect)
		return err
	})
	return answer, err
}

// ownerOf answers the owner of the strongest identifier that has one, 0 when
// none has. An unknown contact id is nobody, too; an erased one is CodeGone.
func ownerOf(v store.View, who muster.Identifiers) (muster.ContactNo, error) {
	if !who.ID.IsZero() {
		no, err := v.ByID(who.ID)
		if err == nil || !isCode(err, muster.CodeNotFound) {
			return no, err
		}
	}
	if who.ExternalID != "" {
		if no := v.ByExternalID(who.ExternalID); no != 0 {
			return no, nil
		}
	}
	if who.Email != "" {
		if no := v.ByEmail(who.Email); no != 0 {
			return no, nil
		}
	}
	if who.VisitorID != "" {
		return v.ByVisitor(who.VisitorID), nil
	}
	return 0, nil
}
