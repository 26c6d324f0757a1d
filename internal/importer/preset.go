package importer

import "strings"

// preset is what the columns of one system's export of contacts mean, where
// the general table would read them otherwise or not at all.
type preset struct {
	name string
	// signs are headings that together no other system writes.
	signs []string
	// columns are targets by the letters of headings; "-" leaves one out.
	columns map[string]string
}

// presets are the systems that are recognised, the most particular first.
func presets() []preset {
	return []preset{
		{name: "Kentico Xperience", signs: []string{"ContactEmail"}, columns: meanings(`
			ContactEmail=email  ContactGUID=external_id  ContactID=-  ContactFirstName=first_name  ContactMiddleName=middle_name
			ContactLastName=last_name  ContactTitleBefore=title  ContactSalutation=title  ContactJobTitle=job_title  ContactAddress1=address  ContactCity=city
			ContactZIP=zip  ContactState=state  ContactCountry=country  ContactMobilePhone=mobile  ContactBusinessPhone=phone
			ContactBirthday=birthday  ContactGender=gender  ContactNotes=notes  ContactCompanyName=company  ContactCreated=created_at
			ContactLastModified=-  ContactStatus=status  ContactPersona=persona  ContactCampaign=campaign`)},
		{name: "Mailchimp", signs: []string{"Email Address", "OPTIN_TIME"}, columns: meanings(`
			EmailAddress=email  EUID=external_id  LEID=-  FNAME=first_name  LNAME=last_name  OPTIN_TIME=created_at  CONFIRM_TIME=-
			OPTIN_IP=-  CONFIRM_IP=-  LATITUDE=-  LONGITUDE=-  GMTOFF=-  DSTOFF=-  MEMBER_RATING=-  LAST_CHANGED=-  CC=country  REGION=state
			NOTES=notes  TAGS=-  UNSUB_TIME=all_mail.at  UNSUB_CAMPAIGN_TITLE=-  UNSUB_CAMPAIGN_ID=-  UNSUB_REASON=-`)},
		{name: "HubSpot", signs: []string{"Record ID", "Lifecycle Stage"}, columns: hubspot()},
		{name: "HubSpot", signs: []string{"Record ID - Contact"}, columns: hubspot()},
		{name: "HubSpot", signs: []string{"Record ID", "Contact owner"}, columns: hubspot()},
		{name: "Mautic", signs: []string{"firstname", "lastname", "date_identified"}, columns: mautic()},
		{name: "Mautic", signs: []string{"firstname", "lastname", "dateAdded"}, columns: mautic()},
		{name: "Mautic", signs: []string{"firstname", "lastname", "points", "last_active"}, columns: mautic()},
		{name: "listmonk", signs: []string{"uuid", "email", "attributes", "status"}, columns: meanings(`
			uuid=external_id  email=email  attributes=-  status=all_mail  created_at=created_at  updated_at=-`)},
	}
}

func hubspot() map[string]string {
	return meanings(`
		RecordID=external_id  RecordIDContact=external_id  Email=email  FirstName=first_name  LastName=last_name  Salutation=title
		JobTitle=job_title  CompanyName=company  AssociatedCompany=company  PhoneNumber=phone  MobilePhoneNumber=mobile
		StreetAddress=address  City=city  PostalCode=zip  StateRegion=state  CountryRegion=country  CreateDate=created_at
		ContactOwner=owner  LifecycleStage=status  LeadStatus=-  Persona=persona  DateOfBirth=birthday  PreferredLanguage=language
		LastActivityDate=-  LastModifiedDate=-`)
}

func mautic() map[string]string {
	return meanings(`
		id=external_id  email=email  firstname=first_name  lastname=last_name  title=title  position=job_title  company=company
		phone=phone  mobile=mobile  address1=address  address2=-  city=city  zipcode=zip  state=state  country=country
		preferred_locale=language  timezone=timezone  date_added=created_at  dateAdded=created_at  date_identified=-
		dateIdentified=-  last_active=-  lastActive=-  points=-  stage=status  owner=owner  ownedBy=-`)
}

// meanings reads "Heading=target" entries between blanks.
func meanings(text string) map[string]string {
	out := map[string]string{}
	for _, entry := range strings.Fields(text) {
		heading, target, _ := strings.Cut(entry, "=")
		out[letters(heading)] = target
	}
	return out
}

// presetOf answers the first preset all of whose signs are among the headings;
// the zero one when there is none.
func presetOf(header []string) preset {
	has := map[string]bool{}
	for _, h := range header {
		has[letters(h)] = true
	}
next:
	for _, p := range presets() {
		for _, sign := range p.signs {
			if !has[letters(sign)] {
				continue next
			}
		}
		return p
	}
	return preset{}
}
