package importer

import (
	"strings"

	"github.com/muster-groups/muster"
)

// headings are the columns of other systems' exports, by what they become;
// spelling, spaces and punctuation do not matter. HubSpot, Mailchimp, Mautic,
// Salesforce, Pipedrive and spreadsheets in English and German are covered.
var headings = map[string]string{
	"email":       "email, e-mail, emailaddress, e-mail address, e-mail-adresse, emailadresse, mail, mailadresse, primary email, email 1, courriel, work email, person - email",
	"external_id": "external id, externalid, external_id, user id, userid, customer id, customerid, customer number, kundennummer, kunden-nr, kundennr, record id, recordid, contact id, contactid, kontakt-id, euid, crm id",
	"visitor_id":  "visitor id, anonymous id, anonymousid, cookie id, client id, device id, besucher-id",
	"first_name":  "first name, firstname, fname, given name, vorname, prénom, prenom, person - first name",
	"middle_name": "middle name, second name, zweiter vorname",
	"last_name":   "last name, lastname, lname, surname, family name, nachname, familienname, nom, nom de famille, person - last name",
	"title":       "salutation, anrede, name prefix",
	"gender":      "gender, sex, geschlecht, sexe",
	"birthday":    "birthday, date of birth, birth date, birthdate, dob, geburtstag, geburtsdatum, date de naissance",
	"phone":       "phone, phone number, telephone, telefon, telefonnummer, tel, business phone, work phone, téléphone",
	"mobile":      "mobile, mobile phone, mobile phone number, mobile number, cell, cell phone, handy, handynummer, mobil, mobiltelefon",
	"company":     "company, company name, associated company, organisation, organization, organization name, firma, firmenname, unternehmen, account name, entreprise, société",
	"job_title":   "job title, jobtitle, position, role, funktion, beruf, stelle",
	"address":     "address, street address, street, address 1, address1, mailing street, adresse, straße, strasse, anschrift",
	"city":        "city, town, mailing city, ort, stadt, wohnort, ville",
	"zip":         "zip, zip code, zipcode, postal code, postcode, mailing zip/postal code, plz, postleitzahl, code postal",
	"state":       "state, state/region, region, province, mailing state/province, bundesland, kanton",
	"country":     "country, country/region, country code, mailing country, land, pays",
	"language":    "language, preferred language, locale, sprache, langue",
	"timezone":    "timezone, time zone, zeitzone",
	"notes":       "notes, note, notizen, bemerkung, bemerkungen, description",
	"owner":       "owner, contact owner, account owner, betreuer",
	"status":      "status, lead status, lifecycle stage, stage, kontaktstatus",
	"persona":     "persona, hubspot persona",
	"campaign":    "original campaign",
	"created_at":  "created at, created, created date, create date, creation date, date created, date added, dateadded, erstellt, erstellt am, angelegt am, anlagedatum",
}

// activityHeadings are those of files of activities.
var activityHeadings = map[string]string{
	"email":               headings["email"],
	"external_id":         headings["external_id"] + ", customer, kunde",
	"visitor_id":          headings["visitor_id"],
	"contact.id":          "muster id",
	"type":                "type, activity type, activity, event, event name, event type, ereignis, aktivität",
	"occurred_at":         "occurred at, order date, purchase date, bestelldatum, occurredat, timestamp, time, date, datetime, event time, event date, zeitpunkt, datum, zeit, received at, sent at, created at",
	"channel":             "channel, kanal",
	"value":               "value, wert",
	"id":                  "id, event id, activity id, message id, messageid",
	"attributes.page":     "page, page path, path, seite",
	"attributes.url":      "url, page url, page location, link",
	"attributes.title":    "title, page title, seitentitel",
	"attributes.product":  "product, product id, sku, item, artikel, produkt",
	"attributes.quantity": "quantity, qty, menge, anzahl",
	"attributes.amount":   "amount, total, revenue, order total, betrag, umsatz, summe",
	"attributes.order":    "order, order id, order number, bestellnummer, bestellung",
	"attributes.currency": "currency, währung",
	"attributes.campaign": "campaign, kampagne",
	"attributes.form":     "form, form name, formular",
}

// letters keeps the letters and digits of a heading, folded: "E-Mail-Adresse"
// and "email adresse" are the same.
func letters(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r == 'ä':
			b.WriteString("ae")
		case r == 'ö':
			b.WriteString("oe")
		case r == 'ü':
			b.WriteString("ue")
		case r == 'ß':
			b.WriteString("ss")
		case r == 'é' || r == 'è':
			b.WriteByte('e')
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r > 127:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// guesses are all headings that can be recognised, by their letters.
type guesses map[string]string

func newGuesses(kind Kind, schema Schema) guesses {
	g := guesses{}
	add := func(heading, target string) {
		if key := letters(heading); key != "" && g[key] == "" {
			g[key] = target
		}
	}
	table := headings
	if kind == Activities {
		table = activityHeadings
	}
	for target, names := range table {
		if !strings.Contains(target, ".") { // dotted ones are spelt out, not guessed
			add(target, target)
		}
		for _, name := range strings.Split(names, ",") {
			add(name, target)
		}
	}
	if kind == Activities {
		for _, t := range schema.ActivityTypes {
			for _, a := range t.Attributes {
				add(a.Code, "attributes."+a.Code)
				add(a.Name, "attributes."+a.Code)
			}
		}
		return g
	}
	// The server's own words come after the table, so that "Email" stays the
	// identifier; custom fields are found by code and by name.
	for _, f := range schema.Fields {
		if !f.System {
			add(f.Code, f.Code)
			add(f.Name, f.Code)
		}
	}
	named := func(part string, all []muster.Named) {
		for _, n := range all {
			add(part+"."+n.Code, part+"s."+n.Code)
			add(part+" "+n.Name, part+"s."+n.Code)
		}
	}
	named("consent", schema.Consents)
	named("list", schema.Lists)
	return g
}
