package roster

import (
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/identity"
	"github.com/muster-groups/muster/internal/store"
)

// tolerance is how far ahead of the commit a sender's clock may be: what is
// within it counts as now.
const tolerance = 5 * 60

// applyContact creates or updates a contact.
func (c *commit) applyContact(req *request, in *muster.ContactChange) (muster.ItemResult, error) {
	if err := c.checkContact(req.batch.Authority, in); err != nil {
		return muster.ItemResult{}, err
	}
	if c.r.heard.repeats(in.ID, c.at) {
		return muster.ItemResult{Status: muster.Duplicate, Contact: c.strongest(in.Who)}, nil
	}
	createdAt := c.at
	if in.CreatedAt != 0 {
		createdAt = min(in.CreatedAt, c.at)
	}
	no, result, err := c.resolve(req, in.Who, createdAt)
	if err != nil {
		return muster.ItemResult{}, err
	}
	if in.CreatedAt != 0 && !result.Created {
		result.Ignored = append(result.Ignored, "created_at")
	}
	for _, code := range slices.Sorted(maps.Keys(in.Fields)) {
		c.setField(no, code, in.Fields[code])
	}
	for _, d := range in.Decisions {
		at := min(d.At, c.at)
		if d.At == 0 {
			at = c.at
		}
		c.decide(no, muster.Decision{Kind: d.Kind, Code: d.Code, State: d.State, At: at, Version: d.Version})
	}
	c.r.heard.add(in.ID, c.at)
	return result, nil
}

// checkContact refuses what the schema does not know, before anything is written.
func (c *commit) checkContact(authority muster.Authority, in *muster.ContactChange) error {
	var problems []muster.Problem
	bad := func(location, message string) {
		problems = append(problems, muster.Problem{Location: location, Code: "invalid", Message: message})
	}
	if err := muster.CheckEmail(in.Who.Email); err != nil {
		bad("/email", err.Error())
	}
	for _, code := range slices.Sorted(maps.Keys(in.Fields)) {
		field, known := c.state.Schema.Fields[code]
		switch {
		case !known:
			bad("/fields/"+code, "there is no field "+code)
		case field.System:
			bad("/fields/"+code, "the field "+code+" is kept by Muster and cannot be written")
		case !in.Fields[code].IsMissing() && in.Fields[code].Kind != kindOf(field.Type):
			bad("/fields/"+code, "expected a value of type "+string(field.Type))
		}
	}
	for _, d := range in.Decisions {
		location, known := "/all_mail", true
		switch d.Kind {
		case muster.OnConsent:
			_, known = c.state.Schema.Consents[d.Code]
			location = "/consents/" + d.Code
		case muster.OnList:
			_, known = c.state.Schema.Lists[d.Code]
			location = "/lists/" + d.Code
		}
		if !known {
			bad(location, "there is no such definition")
		}
		if d.At > c.at+tolerance {
			bad(location+"/at", "expected an instant at most five minutes after now, "+c.at.String())
		}
	}
	if in.CreatedAt != 0 && authority != muster.Edit {
		bad("/created_at", "created_at needs an edit key")
	}
	if in.CreatedAt > c.at+tolerance {
		bad("/created_at", "expected an instant at most five minutes after now, "+c.at.String())
	}
	if problems != nil {
		return &muster.Error{Code: muster.CodeInvalid, Message: "the contact was not changed", Problems: problems}
	}
	return nil
}

func kindOf(t muster.FieldType) muster.ValueKind {
	switch t {
	case muster.NumberField:
		return muster.KindNumber
	case muster.BooleanField:
		return muster.KindBoolean
	case muster.DateField:
		return muster.KindDate
	case muster.DatetimeField:
		return muster.KindDatetime
	case muster.ChoiceField, muster.ChoicesField:
		return muster.KindChoices
	}
	return muster.KindText
}

// applyActivity records what a contact did.
func (c *commit) applyActivity(req *request, in *muster.ActivityInput) (muster.ItemResult, error) {
	kind, known := c.state.Schema.ActivityTypes[in.Type]
	if !known {
		return muster.ItemResult{}, located("/type", "there is no activity type "+in.Type)
	}
	if _, known := c.state.Schema.Channels[in.Channel]; in.Channel != "" && !known {
		return muster.ItemResult{}, located("/channel", "there is no channel "+in.Channel)
	}
	if err := muster.CheckEmail(in.Who.Email); err != nil {
		return muster.ItemResult{}, located("/contact/email", err.Error())
	}
	a := in.Activity
	if !in.HasAt {
		a.At = c.at
	}
	if a.At > c.at+tolerance {
		return muster.ItemResult{}, located("/occurred_at", "expected an instant at most five minutes after now, "+c.at.String())
	}
	a.At = min(a.At, c.at)
	if c.state.expires(kind, a.At, c.at) {
		return muster.ItemResult{Status: muster.Expired}, nil
	}
	if a.ID != "" && c.repeats(in, a) {
		return muster.ItemResult{Status: muster.Duplicate, Contact: c.strongest(in.Who)}, nil
	}
	no, result, err := c.resolve(req, in.Who, c.at)
	if err != nil {
		return muster.ItemResult{}, err
	}
	if !c.must(c.stamp()) { // the sender's id is remembered from this instant on
		return muster.ItemResult{}, c.failed
	}
	ordinal, err := c.tx.AddActivity(no, a)
	if !c.must(err) {
		return muster.ItemResult{}, err
	}
	c.activities = append(c.activities, a)
	c.touches = append(c.touches, touch{contact: no, cause: muster.Cause{Kind: muster.CauseActivity, Code: a.Type}, ordinal: int32(ordinal)})
	c.follow(no, a)
	return result, nil
}

// repeats reports whether the sender has delivered this activity before.
func (c *commit) repeats(in *muster.ActivityInput, a muster.Activity) bool {
	if c.tx.RememberedID(a.ID, c.at) {
		return true
	}
	if !in.HasAt {
		return false
	}
	for _, no := range c.owners(in.Who) {
		if no != 0 && c.tx.HasActivity(no, a.Type, a.At, a.ID) {
			return true
		}
	}
	return false
}

// strongest answers the id of the contact that the strongest identifier names.
func (c *commit) strongest(who muster.Identifiers) muster.ContactID {
	for _, no := range c.owners(who) {
		if no != 0 {
			return c.tx.Owner(no).ID
		}
	}
	return muster.ContactID{}
}

// follow draws the decisions that follow from an activity.
func (c *commit) follow(no muster.ContactNo, a muster.Activity) {
	list := a.Attribute("list").Text
	if _, known := c.state.Schema.Lists[list]; list != "" && !known {
		return
	}
	d := muster.Decision{Kind: muster.OnList, Code: list, At: a.At}
	switch {
	case a.Type == "email_unsubscribe":
		d.State = muster.Unsubscribed
		if list == "" {
			d.Kind = muster.OnAllMail
		}
	case a.Type == "email_bounce" && list != "" && a.Attribute("hard").Text == "true":
		d.State = muster.Bounced
	default:
		return
	}
	c.decide(no, d)
}

// applyMerge makes two contacts one because somebody said so.
func (c *commit) applyMerge(req *request, in *muster.MergeChange) (muster.ItemResult, error) {
	a, err := c.tx.ByID(in.Contact)
	if err != nil {
		return muster.ItemResult{}, err
	}
	b, err := c.tx.ByID(in.Into)
	if err != nil {
		return muster.ItemResult{}, err
	}
	merging, err := identity.Merge(ownerOf(c.tx, a), ownerOf(c.tx, b), in.Keep)
	if err != nil {
		return muster.ItemResult{}, err
	}
	parent := merging.Contact.No
	c.name(req, parent)
	for _, merged := range merging.Merge {
		c.merge(req, parent, merged.No)
	}
	c.giveIdentifiers(parent, merging)
	return muster.ItemResult{Status: muster.Accepted, Contact: merging.Contact.ID}, nil
}

// applyErase erases a person.
func (c *commit) applyErase(req *request, id muster.ContactID) (muster.ItemResult, error) {
	no, err := c.tx.ByID(id)
	if err != nil {
		return muster.ItemResult{}, err
	}
	parent := c.tx.Owner(no).ID
	c.name(req, no)
	if !c.must(c.erase([]muster.ContactNo{no}, muster.Cause{Kind: muster.CauseErasure})) {
		return muster.ItemResult{}, c.failed
	}
	return muster.ItemResult{Status: muster.Accepted, Contact: parent}, nil
}

// resolve finds or makes the contact that identifiers mean, merging and adding
// identifiers as the rules of identity say.
func (c *commit) resolve(req *request, who muster.Identifiers, createdAt muster.Instant) (muster.ContactNo, muster.ItemResult, error) {
	found, err := c.found(who)
	if err != nil {
		return 0, muster.ItemResult{}, err
	}
	d, err := identity.Resolve(who, found, req.batch.Authority)
	if err != nil {
		return 0, muster.ItemResult{}, err
	}
	result := muster.ItemResult{Status: muster.Accepted, Created: d.Create, Ignored: d.Ignored}
	var no muster.ContactNo
	if d.Create {
		id := c.r.opts.NewID(c.at)
		no, err = c.tx.CreateContact(id, createdAt)
		if !c.must(err) {
			return 0, muster.ItemResult{}, err
		}
		result.Contact = id
		if c.created == nil {
			c.created = roaring.New()
		}
		c.created.Add(uint32(no))
		c.touchFollowers(no, muster.Cause{Kind: muster.CauseIdentity}, c.live.index.sampled, c.live.index.fields["created_at"])
	} else {
		no, result.Contact = d.Contact.No, d.Contact.ID
	}
	c.nameAs(req, no, result.Contact)
	for _, merged := range d.Merge {
		c.merge(req, no, merged.No)
	}
	c.giveIdentifiers(no, d)
	return no, result, nil
}

func (c *commit) found(who muster.Identifiers) (identity.Found, error) {
	var f identity.Found
	if !who.ID.IsZero() {
		no, err := c.tx.ByID(who.ID)
		if err != nil {
			return f, err
		}
		f.ByID = ownerOf(c.tx, no)
	}
	if who.ExternalID != "" {
		f.ByExternalID = ownerOf(c.tx, c.tx.ByExternalID(who.ExternalID))
	}
	if who.Email != "" {
		f.ByEmail = ownerOf(c.tx, c.tx.ByEmail(who.Email))
	}
	if who.VisitorID != "" {
		f.ByVisitor = ownerOf(c.tx, c.tx.ByVisitor(who.VisitorID))
	}
	return f, nil
}

func ownerOf(v store.View, no muster.ContactNo) *identity.Owner {
	if no == 0 {
		return nil
	}
	o := identity.Owner(v.Owner(no))
	return &o
}

// merge makes one contact part of another; every follower looks at both.
func (c *commit) merge(req *request, parent, merged muster.ContactNo) {
	c.name(req, merged)
	if !c.must(c.tx.Merge(parent, merged)) {
		return
	}
	c.merged[parent] = append(append(c.merged[parent], merged), c.merged[merged]...)
	for _, no := range []muster.ContactNo{parent, merged} {
		c.touches = append(c.touches, touch{contact: no, cause: muster.Cause{Kind: muster.CauseMerge}, ordinal: -1, everywhere: true})
		for _, f := range c.live.followers {
			f.touchOne(no)
		}
	}
}

func (c *commit) giveIdentifiers(no muster.ContactNo, d identity.Decision) {
	if d.SetExternalID != "" {
		c.must(c.tx.SetExternalID(no, d.SetExternalID))
	}
	if d.SetEmail != "" {
		c.must(c.tx.SetEmail(no, d.SetEmail))
	}
	if d.AddVisitor != "" {
		c.must(c.tx.AddVisitor(no, d.AddVisitor))
	}
	if d.SetExternalID != "" || d.SetEmail != "" {
		c.touchFollowers(no, muster.Cause{Kind: muster.CauseIdentity}, c.live.index.identified, c.live.index.fields["email"])
	}
}

func (c *commit) setField(no muster.ContactNo, code string, v muster.Value) {
	if sameValue(c.tx.Field(no, code), v) || !c.must(c.tx.SetField(no, code, v)) {
		return
	}
	c.touchFollowers(no, muster.Cause{Kind: muster.CauseField, Code: code}, c.live.index.fields[code])
}

func (c *commit) decide(no muster.ContactNo, d muster.Decision) {
	stands, err := c.tx.Decide(no, d)
	if !c.must(err) || !stands {
		return
	}
	switch d.Kind {
	case muster.OnConsent:
		c.touchFollowers(no, muster.Cause{Kind: muster.CauseConsent, Code: d.Code}, c.live.index.consents[d.Code])
	case muster.OnList:
		c.touchFollowers(no, muster.Cause{Kind: muster.CauseList, Code: d.Code}, c.live.index.lists[d.Code])
	case muster.OnAllMail:
		c.touchFollowers(no, muster.Cause{Kind: muster.CauseList}, c.live.index.allMail)
	}
}

// touchFollowers notes what happened to a contact, for the followers that can notice it.
func (c *commit) touchFollowers(no muster.ContactNo, cause muster.Cause, lists ...[]*follower) {
	c.touches = append(c.touches, touch{contact: no, cause: cause, ordinal: -1})
	for _, list := range lists {
		for _, f := range list {
			f.touchOne(no)
		}
	}
}

func (c *commit) name(req *request, no muster.ContactNo) { c.nameAs(req, no, c.tx.Owner(no).ID) }

func (c *commit) nameAs(req *request, no muster.ContactNo, id muster.ContactID) {
	req.named.Add(uint32(no))
	c.ids[no] = id
}

func sameValue(a, b muster.Value) bool {
	return a.Kind == b.Kind && a.Text == b.Text && a.Number == b.Number && a.Boolean == b.Boolean &&
		a.Date == b.Date && a.Instant == b.Instant && slices.Equal(a.Choices, b.Choices)
}

func located(location, message string) *muster.Error {
	return &muster.Error{Code: muster.CodeInvalid, Message: message,
		Problems: []muster.Problem{{Location: location, Code: "invalid", Message: message}}}
}
