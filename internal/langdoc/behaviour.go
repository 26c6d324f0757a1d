package langdoc

// clockwork is how the clock alone moves a condition type.
type clockwork int

const (
	still     clockwork = iota // the clock alone changes nothing
	windowed                   // only where a window or a relative operator moves
	daily                      // at local midnight
	always                     // whatever its parameters
	following                  // as the groups it refers to
)

// words says it to a reader.
func (c clockwork) words() string {
	switch c {
	case still:
		return "The clock alone never changes the answer."
	case windowed:
		return "Without a moving bound the clock alone changes nothing. With `last`, `older_than`, a `period` or a relative operator contacts enter and leave in the second in which the bound passes what it is compared with, without anything else happening."
	case daily:
		return "The answer may change at each local midnight of the group's time zone, and at no other instant by time alone."
	case following:
		return "The clock moves it as it moves the groups referred to, in the same commit."
	case always:
		return "The answer follows the clock: contacts enter and leave in the second in which it turns."
	}
	return ""
}

// A behaviour is what the catalogue cannot say of a type.
type behaviour struct {
	missing string
	time    clockwork
}

const (
	noSuchActivity = "There is nothing to be missing: the condition asks whether such activities exist. In `where`, a negative operator also matches an activity without the attribute."
	oneActivity    = "Each activity is looked at for itself; one without the value matches negative operators only, unless `missing` is false. Contacts without any such activity never match, but match the negation."
	restricts      = "Contacts without a value do not match, and so match the negation; `\"missing\": false` restricts the result, after `not`, to contacts with a value."
	undecided      = "Contacts who never decided are in no state; they match the negation."
	noValue        = "There is always a value."
)

func behaviours() map[string]behaviour {
	return map[string]behaviour{
		"age":                   {restricts, daily},
		"age-between":           {restricts, daily},
		"birthday":              {restricts, daily},
		"gender":                {restricts, still},
		"country":               {restricts, still},
		"state":                 {restricts, still},
		"field":                 {"Contacts without a value match negative operators only, unless `missing` is false. `not` is always the plain complement.", windowed},
		"field-empty":           {"This is the condition on missing values: empty text is missing, too.", still},
		"consent":               {undecided, windowed},
		"in-groups":             {"A group that was never calculated has no members.", following},
		"recipient-list":        {undecided, windowed},
		"unsubscribed-from-all": {undecided, windowed},
		"created":               {noValue, windowed},
		"identified":            {noValue, still},
		"registered":            {"Without a value of `member_enabled` a member is enabled.", still},

		"visited-page":         {noSuchActivity, windowed},
		"visited-url":          {oneActivity, windowed},
		"visited-channel":      {noSuchActivity, windowed},
		"landed-on-page":       {noSuchActivity, windowed},
		"landed-on-url":        {oneActivity, windowed},
		"came-from":            {oneActivity, windowed},
		"submitted-form":       {noSuchActivity, windowed},
		"submitted-form-value": {oneActivity, windowed},
		"entered-data":         {oneActivity, windowed},
		"performed":            {noSuchActivity, windowed},
		"performed-any":        {noSuchActivity, windowed},
		"performed-with-value": {oneActivity, windowed},
		"inactive":             {noSuchActivity, always},
		"logged-in":            {noSuchActivity, windowed},
		"searched":             {noSuchActivity, windowed},

		"email-sent":        {noSuchActivity, windowed},
		"email-opened":      {noSuchActivity, windowed},
		"email-clicked":     {noSuchActivity, windowed},
		"email-clicked-url": {oneActivity, windowed},
		"email-bounced":     {noSuchActivity, windowed},

		"purchased-product":  {noSuchActivity, windowed},
		"products-purchased": {"Without a purchase the sum is 0. A purchase whose quantity is missing or no number adds nothing.", windowed},
		"spent":              {"Without an order the sum is 0. An order whose amount is missing or no number adds nothing.", windowed},
		"orders":             {noSuchActivity, windowed},
		"wishlist":           {"An activity without a product is on nobody's wishlist.", still},

		"activity-count":   {noSuchActivity, windowed},
		"activity-measure": {"Activities without the attribute are passed over. Without any, `sum` and `distinct` are 0; the average, the smallest and the largest are missing, and then only negative operators match, unless `missing` is false.", windowed},
		"first-activity":   {noSuchActivity, windowed},
		"last-activity":    {noSuchActivity, windowed},
		"sequence":         {noSuchActivity, windowed},
		"sample":           {noValue, still},

		"weekday":     {noValue, always},
		"month":       {noValue, always},
		"time-of-day": {noValue, always},
	}
}

// notes are what else a reader of a type has to know.
func notes() map[string]string {
	return map[string]string{
		"field": "`last_activity_at` takes every operator of datetimes but `anniversary_in_next`: the last activity is found as a span of time that has an activity and is followed by none, and the anniversaries of all years are no span. It is refused when the condition is saved. `activity-count` with `anniversary_in_next` in `where` asks for the anniversary of a datetime that an activity carries.",
	}
}
