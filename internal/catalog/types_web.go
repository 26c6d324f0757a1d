package catalog

import "github.com/muster-groups/muster"

// webTypes are the conditions on what contacts did on websites.
func webTypes() []conditionType {
	page, landing := []string{"page_visit"}, []string{"landing_page"}
	return []conditionType{
		{
			code: "visited-page", category: WebActivity, label: "Visited page", synonyms: []string{"viewed", "seen", "page view"},
			params: []param{pagesParam()}, common: commonAll, reads: page,
			sentence: "Contact [has|has not] visited {pages}",
		},
		{
			code: "visited-url", category: WebActivity, label: "Visited URL", synonyms: []string{"address", "link", "page view"},
			params: []param{compares("URL", comparison{kinds: []valueKind{textKind}, values: "urls"})}, common: commonAll, reads: page,
			sentence: "Contact [has|has not] visited a page whose URL {op}",
		},
		{
			code: "visited-channel", category: WebActivity, label: "Visited website", synonyms: []string{"site", "channel", "domain"},
			params: []param{channelsParam()}, common: takesWithin | takesTimes | takesWhere, reads: page,
			sentence: "Contact [has|has not] visited {channels}",
		},
		{
			code: "landed-on-page", category: WebActivity, label: "Landed on page", synonyms: []string{"landing page", "entry page"},
			params: []param{pagesParam()}, common: commonAll, reads: landing,
			sentence: "Contact [has|has not] landed on {pages}",
		},
		{
			code: "landed-on-url", category: WebActivity, label: "Landed on URL", synonyms: []string{"landing page", "entry page"},
			params: []param{compares("URL", comparison{kinds: []valueKind{textKind}, values: "urls"})}, common: commonAll, reads: landing,
			sentence: "Contact [has|has not] landed on a page whose URL {op}",
		},
		{
			code: "came-from", category: WebActivity, label: "Came from", synonyms: []string{"UTM", "referrer", "campaign", "source", "medium"},
			params: []param{
				word("parameter", "Parameter", true, []Option{
					{"utm_source", "UTM source"}, {"utm_medium", "UTM medium"}, {"utm_campaign", "UTM campaign"},
					{"utm_content", "UTM content"}, {"utm_term", "UTM term"}, {"referrer", "referrer"},
				}, func(a *Args) string { return a.Parameter }, func(a *Args, s string) { a.Parameter = s }),
				compares("Comparison", comparison{kinds: []valueKind{textKind}, values: "attribute:{parameter}"}),
			},
			common: commonAll, reads: []string{"page_visit", "landing_page"},
			sentence: "Contact [has|has not] come with a visit whose {parameter} {op}",
		},
		{
			code: "submitted-form", category: WebActivity, label: "Submitted form", synonyms: []string{"filled in", "sent"},
			params: []param{formParam()}, common: commonAll, reads: []string{"form_submit"},
			sentence: "Contact [has|has not] submitted the form {form}",
		},
		{
			code: "submitted-form-value", category: WebActivity, label: "Submitted form with value", synonyms: []string{"filled in", "form field", "answer"},
			params: []param{
				formParam(), free("form_field", "Form field", "form-fields", func(a *Args) *string { return &a.FormField }),
				compares("Comparison", comparison{kinds: []valueKind{textKind, numberKind}, values: "attribute:field.{form_field}"}),
			},
			common: commonAll, reads: []string{"form_submit"},
			sentence: "Contact [has|has not] submitted the form {form} with a field {form_field} that {op}",
		},
		{
			code: "entered-data", category: WebActivity, label: "Entered data", synonyms: []string{"data input", "source", "label"},
			params: []param{compares("Source label", comparison{kinds: []valueKind{textKind}, key: "source", values: "attribute:value"})}, common: commonAll, reads: []string{"data_input"},
			sentence: "Contact [has|has not] entered data whose source label {op}",
		},
		{
			code: "performed", category: WebActivity, label: "Performed activity", synonyms: []string{"did", "event", "action"},
			params: []param{mode(), typesParam()}, common: commonAll,
			sentence: "Contact [has|has not] performed {types}",
		},
		{
			code: "performed-any", category: WebActivity, label: "Performed any activity", synonyms: []string{"active", "event", "action"},
			common: commonAll, sentence: "Contact [has|has not] performed any activity",
		},
		{
			code: "performed-with-value", category: WebActivity, label: "Performed activity with value", synonyms: []string{"event", "action", "value"},
			params: []param{activityTypeParam(), compares("Value", comparison{kinds: []valueKind{textKind, numberKind}, values: "attribute:value"})}, common: commonAll,
			sentence: "Contact [has|has not] performed {activity_type} with a value that {op}",
		},
		{
			code: "inactive", category: WebActivity, label: "Inactive", synonyms: []string{"no activity", "dormant", "sleeping", "lapsed"},
			params: []param{lastParam()}, common: takesChannels | takesWhere,
			sentence: "Contact [has been|has not been] inactive for the last {last}",
		},
		{
			code: "logged-in", category: WebActivity, label: "Logged in", synonyms: []string{"login", "signed in"},
			common: commonAll, reads: []string{"login"}, sentence: "Contact [has|has not] logged in",
		},
		{
			code: "searched", category: WebActivity, label: "Searched", synonyms: []string{"search", "looked for", "keywords"},
			params: []param{mode(), keywordsParam()}, common: commonAll, reads: []string{"search"},
			sentence: "Contact [has|has not] searched for {keywords}",
		},
	}
}

func pagesParam() param {
	return freeList("pages", "Pages", "pages", "the page", "any of the pages", func(a *Args) *[]string { return &a.Codes })
}

func formParam() param {
	return free("form", "Form", "forms", func(a *Args) *string { return &a.Code })
}

func keywordsParam() param {
	p := freeList("keywords", "Keywords", "keywords", "", "", func(a *Args) *[]string { return &a.Keywords })
	p.say = func(s *speech, a *Args) string { return s.modal("", "", quoteAll(a.Keywords)) }
	return p
}

func activityTypes(s *muster.Schema) map[string]muster.ActivityType { return s.ActivityTypes }

func typesParam() param {
	return definedList("types", "Activity types", "activity-types", "activity type", activityTypes,
		func(s *speech, codes []string) string {
			return s.modal("the activity", "the activities", s.names(codes, s.activityType))
		},
		func(a *Args) *[]string { return &a.Types })
}

func activityTypeParam() param {
	p := defined("activity_type", "Activity type", "activity-types", "activity type", activityTypes,
		func(s *speech, code string) string { return "the activity " + s.activityType(code) },
		func(a *Args) *string {
			if len(a.Types) == 0 {
				a.Types = []string{""}
			}
			return &a.Types[0]
		})
	return p
}

func lastParam() param {
	return param{
		ParamInfo: ParamInfo{Name: "last", Kind: "duration", Label: "For the last", Required: true},
		read: func(r *reader, o *object, a *Args) {
			if raw, ok := r.need(o, "last", "a duration such as 30d"); ok {
				a.Length, _ = r.duration(o.place("last"), raw)
			}
		},
		print: func(a *Args, out map[string]any) { out["last"] = a.Length.String() },
		say:   func(_ *speech, a *Args) string { return sayDuration(a.Length) },
	}
}
