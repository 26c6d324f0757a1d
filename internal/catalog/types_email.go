package catalog

// emailTypes are the conditions on what happened with emails.
func emailTypes() []conditionType {
	email := func(code, label, activity, sentence string, synonyms ...string) conditionType {
		return conditionType{
			code: code, category: EmailActivity, label: label, synonyms: synonyms,
			params: []param{emailsParam(), campaignsParam()}, common: commonAll, reads: []string{activity},
			sentence: sentence,
		}
	}
	clickedURL := email("email-clicked-url", "Clicked link in email", "email_click", "Contact [has|has not] clicked, in {emails}{campaigns}, a link whose URL {op}", "link", "URL")
	clickedURL.params = append([]param{compares("URL", comparison{kinds: []valueKind{textKind}, values: "urls"})}, clickedURL.params...)
	return []conditionType{
		email("email-sent", "Was sent email", "email_sent", "Contact [has|has not] been sent {emails}{campaigns}", "newsletter", "mailing", "received"),
		email("email-opened", "Opened email", "email_open", "Contact [has|has not] opened {emails}{campaigns}", "newsletter", "mailing", "read"),
		email("email-clicked", "Clicked in email", "email_click", "Contact [has|has not] clicked a link in {emails}{campaigns}", "newsletter", "mailing", "link"),
		clickedURL,
		email("email-bounced", "Email bounced", "email_bounce", "Contact [has|has not] bounced {emails}{campaigns}", "undeliverable", "returned"),
	}
}

func emailsParam() param {
	p := optional(freeList("emails", "Emails", "emails", "the email", "any of the emails", func(a *Args) *[]string { return &a.Emails }))
	say := p.say
	p.say = func(s *speech, a *Args) string {
		if len(a.Emails) == 0 {
			return "any email"
		}
		return say(s, a)
	}
	return p
}

func campaignsParam() param {
	p := optional(freeList("campaigns", "Campaigns", "campaigns", " of the campaign", " of any of the campaigns", func(a *Args) *[]string { return &a.Campaigns }))
	say := p.say
	p.say = func(s *speech, a *Args) string {
		if len(a.Campaigns) == 0 {
			return ""
		}
		return say(s, a)
	}
	return p
}
