package script

import (
	"maps"
	"slices"

	"github.com/muster-groups/muster"
)

// tolerance is how far in the future an instant may lie and still mean now.
const tolerance = 5 * 60

// item applies one element of a batch.
func (m *Model) item(c *commit, item muster.Item, authority muster.Authority) (muster.ItemResult, error) {
	switch {
	case item.Contact != nil:
		return m.contact(c, item.Contact, authority)
	case item.Activity != nil:
		return m.activity(c, item.Activity, authority)
	case item.Merge != nil:
		p, err := m.mergeExplicitly(c, item.Merge)
		if err != nil {
			return muster.ItemResult{}, err
		}
		return muster.ItemResult{Status: muster.Accepted, Contact: p.ID}, nil
	}
	p, err := m.erase(c, *item.Erase)
	if err != nil {
		return muster.ItemResult{}, err
	}
	return muster.ItemResult{Status: muster.Accepted, Contact: p.ID}, nil
}

func (m *Model) contact(c *commit, in *muster.ContactChange, authority muster.Authority) (muster.ItemResult, error) {
	bad := &muster.Error{Code: muster.CodeInvalid, Message: "the contact was not changed"}
	if !emailLike(in.Who.Email) {
		bad.Problems = append(bad.Problems, muster.Problem{Location: "/email"})
	}
	for _, code := range slices.Sorted(maps.Keys(in.Fields)) {
		if f, known := m.schema.Fields[code]; !known || f.System {
			bad.Problems = append(bad.Problems, muster.Problem{Location: "/fields/" + code})
		}
	}
	for _, d := range in.Decisions {
		known, at := true, "/all_mail"
		switch d.Kind {
		case muster.OnConsent:
			_, known = m.schema.Consents[d.Code]
			at = "/consents/" + d.Code
		case muster.OnList:
			_, known = m.schema.Lists[d.Code]
			at = "/lists/" + d.Code
		}
		if !known {
			bad.Problems = append(bad.Problems, muster.Problem{Location: at})
		}
		if d.At > c.at+tolerance {
			bad.Problems = append(bad.Problems, muster.Problem{Location: at + "/at"})
		}
	}
	if in.CreatedAt != 0 && (authority != muster.Edit || in.CreatedAt > c.at+tolerance) {
		bad.Problems = append(bad.Problems, muster.Problem{Location: "/created_at"})
	}
	if len(bad.Problems) > 0 {
		return muster.ItemResult{}, bad
	}
	createdAt := c.at
	if in.CreatedAt != 0 {
		createdAt = min(in.CreatedAt, c.at)
	}
	p, created, ignored, err := m.resolve(c, in.Who, authority, createdAt)
	if err != nil {
		return muster.ItemResult{}, err
	}
	c.name(p)
	if in.CreatedAt != 0 && !created {
		ignored = append(ignored, "created_at")
	}
	for _, code := range slices.Sorted(maps.Keys(in.Fields)) {
		p.Fields[code] = in.Fields[code]
		c.touch(p, touch{cause: muster.Cause{Kind: muster.CauseField, Code: code}})
	}
	for _, d := range in.Decisions {
		at := min(d.At, c.at)
		if d.At == 0 {
			at = c.at
		}
		m.decide(c, p, muster.Decision{Kind: d.Kind, Code: d.Code, State: d.State, At: at, Version: d.Version})
	}
	return muster.ItemResult{Status: muster.Accepted, Contact: p.ID, Created: created, Ignored: ignored}, nil
}

// decide keeps a decision.
func (m *Model) decide(c *commit, p *person, d muster.Decision) {
	p.Decisions = append(p.Decisions, d)
	cause := muster.Cause{Kind: muster.CauseList, Code: d.Code}
	if d.Kind == muster.OnConsent {
		cause.Kind = muster.CauseConsent
	}
	c.touch(p, touch{cause: cause})
}

// activity records what a contact did.
func (m *Model) activity(c *commit, in *muster.ActivityInput, authority muster.Authority) (muster.ItemResult, error) {
	definition, known := m.schema.ActivityTypes[in.Type]
	if !known {
		return muster.ItemResult{}, refuse("/type")
	}
	if _, known := m.schema.Channels[in.Channel]; in.Channel != "" && !known {
		return muster.ItemResult{}, refuse("/channel")
	}
	if !emailLike(in.Who.Email) {
		return muster.ItemResult{}, refuse("/contact/email")
	}
	a := in.Activity
	if !in.HasAt {
		a.At = c.at
	}
	if a.At > c.at+tolerance {
		return muster.ItemResult{}, refuse("/occurred_at")
	}
	a.At = min(a.At, c.at)
	if m.Enabled && definition.RetentionDays > 0 && a.At < c.at-muster.Instant(definition.RetentionDays)*86400 {
		return muster.ItemResult{Status: muster.Expired}, nil
	}
	if a.ID != "" && m.repeats(c, in, a) {
		p, err := m.named(in.Who)
		if err != nil {
			return muster.ItemResult{Status: muster.Duplicate}, nil
		}
		return muster.ItemResult{Status: muster.Duplicate, Contact: p.ID}, nil
	}
	p, created, ignored, err := m.resolve(c, in.Who, authority, c.at)
	if err != nil {
		return muster.ItemResult{}, err
	}
	p.Activities = append(p.Activities, a)
	if a.ID != "" {
		m.seen[a.ID] = c.at
	}
	c.touch(p, touch{cause: muster.Cause{Kind: muster.CauseActivity, Code: a.Type}})
	m.follow(c, p, a)
	return muster.ItemResult{Status: muster.Accepted, Contact: p.ID, Created: created, Ignored: ignored}, nil
}

func refuse(at string) *muster.Error {
	return &muster.Error{Code: muster.CodeInvalid, Message: "the activity was not stored", Problems: []muster.Problem{{Location: at}}}
}

// repeats reports whether the sender's id arrived within a day, or this very
// activity of this contact is stored.
func (m *Model) repeats(c *commit, in *muster.ActivityInput, a muster.Activity) bool {
	if seen, known := m.seen[a.ID]; known && c.at-seen < 24*3600 {
		return true
	}
	p, err := m.named(in.Who)
	return err == nil && in.HasAt && slices.ContainsFunc(p.Activities, func(old muster.Activity) bool {
		return old.ID == a.ID && old.Type == a.Type && old.At == a.At
	})
}

// follow draws the decisions that follow from an activity.
func (m *Model) follow(c *commit, p *person, a muster.Activity) {
	list := trim(a.Attribute("list").Text)
	_, known := m.schema.Lists[list]
	switch {
	case a.Type == "email_unsubscribe" && list == "":
		m.decide(c, p, muster.Decision{Kind: muster.OnAllMail, State: muster.Unsubscribed, At: a.At})
	case a.Type == "email_unsubscribe" && known:
		m.decide(c, p, muster.Decision{Kind: muster.OnList, Code: list, State: muster.Unsubscribed, At: a.At})
	case a.Type == "email_bounce" && known && a.Attribute("hard").Text == "true":
		m.decide(c, p, muster.Decision{Kind: muster.OnList, Code: list, State: muster.Bounced, At: a.At})
	}
}
