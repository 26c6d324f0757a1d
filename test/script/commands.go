package script

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cockroachdb/datadriven"

	"github.com/muster-groups/muster"
)

// define reads one definition per line.
func (r *runner) define(input string) (string, error) {
	var out []string
	for _, line := range lines(input) {
		d, err := parseDefinition(strings.Fields(line))
		if err != nil {
			return "", err
		}
		err = r.system.Define(d)
		if err != nil {
			out = append(out, refused(err))
			continue
		}
		d.addTo(r.schema)
	}
	return strings.Join(out, "\n"), nil
}

// parseDefinition reads: field CODE TYPE [CHOICE...] · activity CODE
// [ATTRIBUTE:TYPE...] [retention=DAYS] · consent, list or channel CODE ·
// retention on|off [hour=N] [anonymous=DAYS] [known=DAYS].
func parseDefinition(f []string) (Definition, error) {
	if len(f) < 2 {
		return Definition{}, fmt.Errorf("%q is not a definition", strings.Join(f, " "))
	}
	kind, code, rest := f[0], f[1], f[2:]
	named := &muster.Named{Code: code, Name: code}
	switch {
	case kind == "consent":
		return Definition{Consent: named}, nil
	case kind == "list":
		return Definition{List: named}, nil
	case kind == "channel":
		named.Kind = "website"
		return Definition{Channel: named}, nil
	case kind == "retention" && (code == "on" || code == "off"):
		return parseRetention(code == "on", rest)
	case kind == "field" && len(rest) > 0:
		field := &muster.Field{Code: code, Name: code, Type: muster.FieldType(rest[0])}
		for _, choice := range rest[1:] {
			field.Choices = append(field.Choices, muster.Choice{Code: choice, Name: choice})
		}
		return Definition{Field: field}, nil
	case kind == "activity":
		activity := &muster.ActivityType{Code: code, Name: code}
		for _, w := range rest {
			if days, ok := strings.CutPrefix(w, "retention="); ok {
				n, err := strconv.Atoi(days)
				if err != nil {
					return Definition{}, err
				}
				activity.RetentionDays = n
				continue
			}
			name, attributeType, _ := strings.Cut(w, ":")
			activity.Attributes = append(activity.Attributes, muster.AttributeDef{Code: name, Name: name, Type: muster.AttributeType(attributeType)})
		}
		return Definition{Activity: activity}, nil
	}
	return Definition{}, fmt.Errorf("%q is not a definition", strings.Join(f, " "))
}

func parseRetention(enabled bool, rest []string) (Definition, error) {
	r := &Retention{Enabled: enabled, Hour: 3}
	members := map[string]*int{"hour": &r.Hour, "anonymous": &r.AnonymousDays, "known": &r.KnownDays}
	for _, w := range rest {
		name, number, _ := strings.Cut(w, "=")
		n, err := strconv.Atoi(number)
		if err != nil || members[name] == nil {
			return Definition{}, fmt.Errorf("%q is none of hour=N, anonymous=DAYS, known=DAYS", w)
		}
		*members[name] = n
	}
	return Definition{Retention: r}, nil
}

// addTo puts the definition into a schema.
func (d Definition) addTo(s *muster.Schema) {
	switch {
	case d.Field != nil:
		s.Fields[d.Field.Code] = *d.Field
	case d.Activity != nil:
		s.ActivityTypes[d.Activity.Code] = *d.Activity
	case d.Consent != nil:
		s.Consents[d.Consent.Code] = *d.Consent
	case d.List != nil:
		s.Lists[d.List.Code] = *d.List
	case d.Channel != nil:
		s.Channels[d.Channel.Code] = *d.Channel
	}
}

// batch applies the lines of a contact, activity or mixed command as one batch.
func (r *runner) batch(d *datadriven.TestData) (string, error) {
	batch := muster.Batch{Authority: muster.Edit}
	if option(d, "key") == "collect" {
		batch.Authority = muster.Collect
	}
	for _, line := range lines(d.Input) {
		kind := d.Cmd
		if kind == "mixed" {
			kind, line, _ = strings.Cut(strings.TrimSpace(line), " ")
		}
		list, err := words(line)
		if err != nil {
			return "", err
		}
		item, err := r.item(kind, list)
		if err != nil {
			return "", fmt.Errorf("%q: %w", line, err)
		}
		batch.Items = append(batch.Items, item)
	}
	return r.apply(batch, has(d, "moves"))
}

func (r *runner) item(kind string, line []word) (muster.Item, error) {
	who, rest, err := r.identifiers(line)
	if err != nil {
		return muster.Item{}, err
	}
	switch kind {
	case "contact":
		return r.contactItem(who, rest)
	case "activity":
		return activityItem(who, rest)
	}
	return muster.Item{}, fmt.Errorf("%q is neither contact nor activity", kind)
}

func (r *runner) contactItem(who muster.Identifiers, rest []word) (muster.Item, error) {
	change := &muster.ContactChange{Who: who, Fields: map[string]muster.Value{}}
	for _, w := range rest {
		kind, code, dotted := strings.Cut(w.key, ".")
		switch {
		case !w.hasKey:
			return muster.Item{}, fmt.Errorf("%q is not key=value", w.value)
		case w.key == "created_at":
			t, ok := parseInstant(w.value)
			if !ok {
				return muster.Item{}, fmt.Errorf("%q is not an instant", w.value)
			}
			change.CreatedAt = t
		case dotted && kind == "consent":
			if err := decision(change, muster.OnConsent, code, w.value); err != nil {
				return muster.Item{}, err
			}
		case dotted && kind == "list":
			if err := decision(change, muster.OnList, code, w.value); err != nil {
				return muster.Item{}, err
			}
		case w.key == "all_mail":
			if err := decision(change, muster.OnAllMail, "", w.value); err != nil {
				return muster.Item{}, err
			}
		default:
			field, known := r.schema.Fields[w.key]
			if !known {
				change.Fields[w.key] = muster.Value{Kind: muster.KindText, Text: w.value}
				continue
			}
			v, err := field.ParseText(w.value)
			if err != nil {
				return muster.Item{}, err
			}
			change.Fields[w.key] = v
		}
	}
	return muster.Item{Contact: change}, nil
}

// decision reads STATE or STATE@INSTANT.
func decision(change *muster.ContactChange, kind muster.DecisionKind, code, written string) error {
	name, when, dated := strings.Cut(written, "@")
	state, ok := muster.ParseDecisionState(kind, name)
	if !ok {
		return fmt.Errorf("%q is not a state", name)
	}
	d := muster.DecisionInput{Kind: kind, Code: code, State: state}
	if dated {
		if d.At, ok = parseInstant(when); !ok {
			return fmt.Errorf("%q is not an instant", when)
		}
	}
	change.Decisions = append(change.Decisions, d)
	return nil
}

// activityItem reads: TYPE [INSTANT] [channel=CODE] [id=ID] [ATTRIBUTE=VALUE...].
// Unquoted, a number is a number and true and false are booleans.
func activityItem(who muster.Identifiers, rest []word) (muster.Item, error) {
	if len(rest) == 0 || rest[0].hasKey {
		return muster.Item{}, fmt.Errorf("the activity type is missing")
	}
	in := &muster.ActivityInput{Who: who, Activity: muster.Activity{Type: rest[0].value}}
	for i, w := range rest[1:] {
		switch {
		case !w.hasKey && i == 0:
			t, ok := parseInstant(w.value)
			if !ok {
				return muster.Item{}, fmt.Errorf("%q is not an instant", w.value)
			}
			in.At, in.HasAt = t, true
		case !w.hasKey:
			return muster.Item{}, fmt.Errorf("%q is not key=value", w.value)
		case w.key == "channel":
			in.Channel = w.value
		case w.key == "id":
			in.ID = w.value
		default:
			v, err := scalar(w)
			if err != nil {
				return muster.Item{}, err
			}
			in.Attributes = append(in.Attributes, muster.Attribute{Name: w.key, Value: v})
		}
	}
	return muster.Item{Activity: in}, nil
}

func scalar(w word) (muster.Scalar, error) {
	if _, err := strconv.ParseFloat(w.value, 64); !w.quoted && (err == nil && strings.Trim(w.value, "+-.0123456789eE") == "" || w.value == "true" || w.value == "false") {
		return muster.ScalarOf([]byte(w.value))
	}
	return muster.TextScalar(w.value)
}

// apply applies a batch and prints what is not plainly accepted; with moves,
// also what the commit did to the memberships of the contacts it named.
func (r *runner) apply(batch muster.Batch, moves bool) (string, error) {
	result, err := r.system.Apply(batch)
	if err != nil {
		return refused(err), nil
	}
	if len(result.Items) != len(batch.Items) {
		return "", fmt.Errorf("%d items got %d results", len(batch.Items), len(result.Items))
	}
	var out strings.Builder
	for i, res := range result.Items {
		if res.Created {
			r.christen(batch.Items[i], res.Contact)
		}
		prefix := ""
		if len(batch.Items) > 1 {
			prefix = fmt.Sprintf("%d: ", i+1)
		}
		switch {
		case res.Status == muster.Rejected:
			fmt.Fprintf(&out, "%s%s\n", prefix, refused(res.Err))
		case res.Status != muster.Accepted:
			fmt.Fprintf(&out, "%s%s\n", prefix, res.Status)
		}
		if len(res.Ignored) > 0 {
			fmt.Fprintf(&out, "%signored: %s\n", prefix, strings.Join(slices.Sorted(slices.Values(res.Ignored)), " "))
		}
	}
	if moves {
		out.WriteString(r.moves("entered", result.Entered) + r.moves("left", result.Left))
	}
	return out.String(), nil
}

func (r *runner) moves(direction string, list []muster.GroupMove) string {
	var out []string
	for _, m := range list {
		out = append(out, fmt.Sprintf("%s %s %s\n", r.name(m.Contact), direction, m.Group))
	}
	slices.Sort(out)
	return strings.Join(out, "")
}

// christen gives a new contact its name: the strongest identifier that the
// item named it by, with a number when another contact has the name already.
func (r *runner) christen(item muster.Item, id muster.ContactID) {
	var who muster.Identifiers
	switch {
	case item.Contact != nil:
		who = item.Contact.Who
	case item.Activity != nil:
		who = item.Activity.Who
	}
	first := who.ExternalID
	if first == "" {
		first = who.Email
	}
	if first == "" {
		first = who.VisitorID
	}
	first = strings.TrimSpace(first)
	name := first
	for n := 2; r.ids[name] != (muster.ContactID{}); n++ {
		name = fmt.Sprintf("%s#%d", first, n)
	}
	r.ids[name], r.names[id] = id, name
}

// merge merges: CONTACT INTO [keep=contact|into].
func (r *runner) merge(d *datadriven.TestData) (string, error) {
	from, into := r.ids[argument(d, 0)], r.ids[argument(d, 1)]
	if from.IsZero() || into.IsZero() {
		return "", fmt.Errorf("no contact is called %q or %q", argument(d, 0), argument(d, 1))
	}
	item := muster.Item{Merge: &muster.MergeChange{Contact: from, Into: into, Keep: option(d, "keep")}}
	return r.apply(muster.Batch{Authority: muster.Edit, Items: []muster.Item{item}}, has(d, "moves"))
}

// erase erases a contact by its name. From then on records name it "erased".
func (r *runner) erase(d *datadriven.TestData) (string, error) {
	id := r.ids[argument(d, 0)]
	if id.IsZero() {
		return "", fmt.Errorf("no contact is called %q", argument(d, 0))
	}
	item := muster.Item{Erase: &id}
	batch := muster.Batch{Authority: muster.Edit, Items: []muster.Item{item}}
	result, err := r.system.Apply(batch)
	if err != nil {
		return refused(err), nil
	}
	if res := result.Items[0]; res.Status == muster.Rejected {
		return refused(res.Err), nil
	}
	r.names[id] = "erased"
	if parent := result.Items[0].Contact; !parent.IsZero() {
		r.names[parent] = "erased"
	}
	return "", nil
}

// show prints a contact: what its parent is called, its identifiers, fields,
// standing decisions and times.
func (r *runner) show(d *datadriven.TestData) (string, error) {
	list, err := words(argument(d, 0))
	if err != nil {
		return "", err
	}
	who, _, err := r.identifiers(list)
	if err != nil {
		return "", err
	}
	c, err := r.system.Contact(who)
	if err != nil {
		return refused(err), nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "contact %s\n", r.name(c.ID))
	if c.ExternalID != "" {
		fmt.Fprintf(&b, "external id %s\n", c.ExternalID)
	}
	if c.Email != "" {
		fmt.Fprintf(&b, "email %s\n", c.Email)
	}
	if len(c.VisitorIDs) > 0 {
		fmt.Fprintf(&b, "visitor ids %s\n", strings.Join(slices.Sorted(slices.Values(c.VisitorIDs)), " "))
	}
	for _, code := range slices.Sorted(maps.Keys(c.Fields)) {
		if v := c.Fields[code]; !v.IsMissing() {
			fmt.Fprintf(&b, "%s %s\n", code, r.schema.Fields[code].FormatText(v))
		}
	}
	for _, dec := range c.Decisions {
		subject := map[muster.DecisionKind]string{muster.OnConsent: "consent " + dec.Code, muster.OnList: "list " + dec.Code, muster.OnAllMail: "all mail"}[dec.Kind]
		fmt.Fprintf(&b, "%s %s at %s\n", subject, dec.State, dec.At)
	}
	fmt.Fprintf(&b, "created %s\n", c.CreatedAt)
	if c.LastActivityAt != muster.Beginning {
		fmt.Fprintf(&b, "last activity %s\n", c.LastActivityAt)
	}
	if len(c.MergedIDs) > 0 {
		fmt.Fprintf(&b, "merged %s\n", r.list(c.MergedIDs))
	}
	return b.String(), nil
}

// group saves a group: CODE [pending] [zone=NAME] [match=any] with the
// condition below. Without pending it is calculated at once.
func (r *runner) group(d *datadriven.TestData) (string, error) {
	condition, err := parseCondition(d.Input, option(d, "match"))
	if err != nil {
		if muster.CodeOf(err) == muster.CodeInternal {
			return "", err
		}
		return refused(err), nil
	}
	save := Save{Code: argument(d, 0), Condition: condition, Zone: option(d, "zone"), Recalculate: !has(d, "pending")}
	return refused(r.system.SaveGroup(save)), nil
}
