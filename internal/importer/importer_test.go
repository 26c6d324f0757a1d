package importer_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/importer"
)

func schema() importer.Schema {
	return importer.Schema{
		Fields: append(muster.BuiltInFields(),
			muster.Field{Code: "points", Name: "Loyalty points", Type: muster.NumberField},
			muster.Field{Code: "joined", Name: "Club member since", Type: muster.DateField},
			muster.Field{Code: "vip", Name: "VIP", Type: muster.BooleanField},
			muster.Field{Code: "interests", Name: "Interests", Type: muster.ChoicesField, Choices: []muster.Choice{{Code: "ski", Name: "Skiing"}, {Code: "run", Name: "Running"}}},
		),
		ActivityTypes: muster.BuiltInActivityTypes(),
		Consents:      []muster.Named{{Code: "tracking", Name: "Tracking"}},
		Lists:         []muster.Named{{Code: "newsletter", Name: "Trail mail"}},
	}
}

// read imports a text and answers the records and the rejected rows as text.
func read(t *testing.T, kind importer.Kind, text string, o importer.Options, r importer.Reading, asked ...string) (records, rejects []string) {
	t.Helper()
	var maps, sets []string
	for _, a := range asked {
		if rest, ok := strings.CutPrefix(a, "set:"); ok {
			sets = append(sets, rest)
		} else {
			maps = append(maps, a)
		}
	}
	m, err := importer.NewMapping(kind, schema(), maps, sets)
	if err != nil {
		t.Fatal(err)
	}
	source, err := importer.Open("", strings.NewReader(text), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range source.Header() {
		m.Resolve(h)
	}
	b := importer.NewBuilder(m, r)
	for {
		row, err := source.Next()
		if errors.Is(err, io.EOF) {
			return records, rejects
		}
		var record importer.Record
		if err == nil {
			record, err = b.Build(row)
		}
		if err != nil {
			rejects = append(rejects, err.Error())
			continue
		}
		var out []byte
		if kind == importer.Contacts {
			out, err = json.Marshal(record.Contact)
		} else {
			if strings.HasPrefix(record.Activity.ID, "row-") {
				record.Activity.ID = "row"
			}
			out, err = json.Marshal(record.Activity)
		}
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, string(out))
	}
}

func TestContactFilesOfAllKindsAreRead(t *testing.T) {
	cases := []struct {
		name    string
		text    string
		options importer.Options
		reading importer.Reading
		asked   []string
		want    []string
		rejects []string
	}{
		{
			name: "plain commas",
			text: "Email,First Name,Last Name\nada@x.example,Ada,Lovelace\n",
			want: []string{`{"email":"ada@x.example","fields":{"first_name":"Ada","last_name":"Lovelace"}}`},
		},
		{
			name: "a spreadsheet's semicolons, mark and carriage returns",
			text: "\ufeffE-Mail-Adresse;Vorname;Nachname;Firma\r\nada@x.example;Ada;Müller;Müller & Söhne GmbH\r\n",
			want: []string{`{"email":"ada@x.example","fields":{"company":"Müller \u0026 Söhne GmbH","first_name":"Ada","last_name":"Müller"}}`},
		},
		{
			name: "a sep line",
			text: "sep=;\r\nEmail;City\r\na@x.example;Graz, Styria\r\n",
			want: []string{`{"email":"a@x.example","fields":{"city":"Graz, Styria"}}`},
		},
		{
			name: "tabs",
			text: "email\tcity\na@x.example\tGraz\n",
			want: []string{`{"email":"a@x.example","fields":{"city":"Graz"}}`},
		},
		{
			name: "quotes, line breaks and delimiters inside values",
			text: "Email,Notes\n\"a@x.example\",\"says \"\"hello, you\"\"\nand goes\"\nb@x.example,plain\n",
			want: []string{`{"email":"a@x.example","fields":{"notes":"says \"hello, you\"\nand goes"}}`, `{"email":"b@x.example","fields":{"notes":"plain"}}`},
		},
		{
			name: "a delimiter that only the quoted heading has",
			text: "\"Name, first; given\";Email\nx;a@x.example\n",
			want: []string{`{"email":"a@x.example"}`},
		},
		{
			name:    "Windows-1252",
			text:    "Email;Stadt\na@x.example;K\xf6ln\n",
			options: importer.Options{Encoding: "latin-1"},
			want:    []string{`{"email":"a@x.example","fields":{"city":"Köln"}}`},
		},
		{
			name: "UTF-16 with a mark",
			text: "\xff\xfee\x00m\x00a\x00i\x00l\x00\n\x00a\x00@\x00b\x00\n\x00",
			want: []string{`{"email":"a@b"}`},
		},
		{
			name: "HubSpot",
			text: "Record ID,First Name,Email,Associated Company,Country/Region,Lead Status,Create Date\n77,Ada,a@x.example,ACME,Germany,New,2024-05-13 10:22\n",
			want: []string{`{"external_id":"77","email":"a@x.example","created_at":"2024-05-13T10:22:00Z","fields":{"company":"ACME","country":"DE","first_name":"Ada","status":"New"}}`},
		},
		{
			name:  "Mailchimp with a list",
			text:  "Email Address,First Name,EUID,Status\na@x.example,Ada,abc123,subscribed\nb@x.example,Bo,abc124,cleaned\n",
			asked: []string{"Status=lists.newsletter"},
			want: []string{
				`{"external_id":"abc123","email":"a@x.example","fields":{"first_name":"Ada"},"lists":{"newsletter":{"state":"receiving"}}}`,
				`{"external_id":"abc124","email":"b@x.example","fields":{"first_name":"Bo"},"lists":{"newsletter":{"state":"bounced"}}}`,
			},
		},
		{
			name:    "typed fields in local spelling",
			text:    "email;Loyalty points;Club member since;VIP;Interests;Geschlecht;Land\na@x.example;1.234,50;31.12.2025;ja;Skiing, run;Frau;Österreich\n",
			reading: importer.Reading{DecimalComma: true},
			want:    []string{`{"email":"a@x.example","fields":{"country":"AT","gender":"female","interests":["ski","run"],"joined":"2025-12-31","points":"1234.5","vip":true}}`},
		},
		{
			name:  "consents with a date, and a constant",
			text:  "email,Tracking,Since\na@x.example,yes,2025-02-01\nb@x.example,,2025-02-01\n",
			asked: []string{"Tracking=consents.tracking", "Since=consents.tracking.at", "set:consents.tracking.version=v2"},
			want: []string{
				`{"email":"a@x.example","consents":{"tracking":{"state":"agreed","at":"2025-02-01T00:00:00Z","version":"v2"}}}`,
				`{"email":"b@x.example"}`,
			},
		},
		{
			name: "bad rows do not stop the good ones",
			text: "email,city,points\na@x.example,Graz,1\nb@x.example,Graz\nc\"x,Graz,1\n,Graz,1\nd@x.example,Graz,many\ne@x.example,K\xf6ln,1\nf@x.example,Graz,3\n",
			want: []string{
				`{"email":"a@x.example","fields":{"city":"Graz","points":"1"}}`,
				`{"email":"f@x.example","fields":{"city":"Graz","points":"3"}}`,
			},
			rejects: []string{
				"line 3: the row has 2 values, the header has 3",
				`line 4: a quotation mark stands inside a value without quotes (line 4, column 2); values with quotation marks are written "like ""this"""`,
				"line 5: the row names nobody: no email, external id or visitor id",
				`line 6: points: "many" is not a number: expected digits with at most six after the point and a magnitude below 9.2e12`,
				"line 7: the text \"K\\xf6ln\" is not UTF-8; if the file comes from a spreadsheet, try the encoding windows-1252",
			},
		},
		{
			name:    "slashed dates are never guessed",
			text:    "email,birthday\na@x.example,03/04/1990\n",
			rejects: []string{`line 2: birthday: "03/04/1990" can be read two ways; say whether the day comes first (dmy) or the month (mdy)`},
		},
		{
			name:    "slashed dates as told",
			text:    "email,birthday\na@x.example,03/04/1990\n",
			reading: importer.Reading{Dates: "mdy"},
			want:    []string{`{"email":"a@x.example","fields":{"birthday":"1990-03-04"}}`},
		},
		{
			name: "NDJSON as the API writes it",
			text: `{"email":"a@x.example","fields":{"city":"Graz","vip":true,"interests":["ski"]},"consents":{"tracking":{"state":"agreed","at":"2025-01-01T00:00:00Z"}}}` + "\n\n" + `{"external_id":12,"city":null}` + "\n",
			want: []string{
				`{"email":"a@x.example","fields":{"city":"Graz","interests":["ski"],"vip":true},"consents":{"tracking":{"state":"agreed","at":"2025-01-01T00:00:00Z"}}}`,
				`{"external_id":"12"}`,
			},
		},
		{
			name:    "NDJSON with bad lines",
			text:    "{\"email\":\"a@x.example\"}\nnonsense\n{\"email\":\"b@x.example\",\"interests\":[{}]}\n[1]\n",
			options: importer.Options{Format: "ndjson"},
			want:    []string{`{"email":"a@x.example"}`},
			rejects: []string{"line 2: expected one JSON object", "line 3: interests is a list of objects or lists; expected a list of single values", "line 4: expected one JSON object"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			records, rejects := read(t, importer.Contacts, c.text, c.options, c.reading, c.asked...)
			if diff := cmp.Diff(c.want, records); diff != "" {
				t.Errorf("records of\n%s(-want +got)\n%s", c.text, diff)
			}
			if diff := cmp.Diff(c.rejects, rejects); diff != "" {
				t.Errorf("rejects of\n%s(-want +got)\n%s", c.text, diff)
			}
		})
	}
}

func TestActivityFilesAreRead(t *testing.T) {
	cases := []struct {
		name    string
		text    string
		reading importer.Reading
		asked   []string
		want    []string
		rejects []string
	}{
		{
			name: "recognised columns and declared attributes",
			text: "Customer ID,Event,Timestamp,URL,utm_source,Colour\n7,page_visit,2026-01-02 10:00:00,https://x.example/,mail,red\n",
			want: []string{`{"contact":{"external_id":"7"},"type":"page_visit","occurred_at":"2026-01-02T10:00:00Z","id":"row","attributes":{"url":"https://x.example/","utm_source":"mail"}}`},
		},
		{
			name:    "orders of one type with amounts in local spelling",
			text:    "Kundennummer;Bestellnummer;Betrag;Datum\n7;B1;1.099,90;2.1.2026 09:30\n",
			reading: importer.Reading{DecimalComma: true},
			asked:   []string{"set:type=purchase", "set:attributes.currency=EUR"},
			want:    []string{`{"contact":{"external_id":"7"},"type":"purchase","occurred_at":"2026-01-02T09:30:00Z","id":"row","attributes":{"amount":1099.9,"currency":"EUR","order":"B1"}}`},
		},
		{
			name: "NDJSON as the API writes it keeps kinds and ids",
			text: `{"contact":{"email":"a@x.example"},"type":"purchase","occurred_at":"2026-01-02T09:30:00+01:00","id":"e1","attributes":{"amount":12.50,"gift":true}}` + "\n",
			want: []string{`{"contact":{"email":"a@x.example"},"type":"purchase","occurred_at":"2026-01-02T08:30:00Z","id":"e1","attributes":{"amount":12.50,"gift":true}}`},
		},
		{
			name:    "milliseconds",
			text:    "email,type,time\na@x.example,login,1767348000123\nb@x.example,login,soon\n",
			reading: importer.Reading{Dates: "unixms"},
			want:    []string{`{"contact":{"email":"a@x.example"},"type":"login","occurred_at":"2026-01-02T10:00:00Z","id":"row"}`},
			rejects: []string{`line 3: time: "soon" is not a count of seconds since 1970`},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			records, rejects := read(t, importer.Activities, c.text, importer.Options{}, c.reading, c.asked...)
			if diff := cmp.Diff(c.want, records); diff != "" {
				t.Errorf("records of\n%s(-want +got)\n%s", c.text, diff)
			}
			if diff := cmp.Diff(c.rejects, rejects); diff != "" {
				t.Errorf("rejects of\n%s(-want +got)\n%s", c.text, diff)
			}
		})
	}
}

func TestRowsWithoutIdsGetTheSameIdsEveryTime(t *testing.T) {
	ids := func(text string) (ids []string) {
		m, err := importer.NewMapping(importer.Activities, schema(), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		source, err := importer.Open("a.csv", strings.NewReader(text), importer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		b := importer.NewBuilder(m, importer.Reading{})
		for {
			row, err := source.Next()
			if errors.Is(err, io.EOF) {
				return ids
			}
			if err != nil {
				t.Fatal(err)
			}
			record, err := b.Build(row)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, record.Activity.ID)
		}
	}
	const header = "email,type,time\n"
	const a, b = "a@x.example,login,2026-01-01\n", "b@x.example,login,2026-01-01\n"
	first, again := ids(header+a+b+a), ids(header+a+b+a)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the ids differ between two imports (-first +second)\n%s", diff)
	}
	if first[0] == first[2] || first[0] == first[1] {
		t.Errorf("got ids %q, want three different ones", first)
	}
	longer := ids("_line,_reason," + header + "2,late," + b + "9,late," + a)
	if longer[0] != first[1] || longer[1] != first[0] {
		t.Errorf("got ids %q from the rows in another order and with rejects' columns, want those of %q", longer, first)
	}
}

func TestMappingsExplainWhatIsWrong(t *testing.T) {
	cases := []struct {
		kind  importer.Kind
		asked string
		want  string
	}{
		{importer.Contacts, "Firma", "expected HEADING=TARGET"},
		{importer.Contacts, "Firma=firm", "is nothing a contact has"},
		{importer.Contacts, "Firma=fields.firm", "create it first"},
		{importer.Contacts, "X=consents.ads", `there is no consent "ads"`},
		{importer.Contacts, "X=lists.newsletter.version", "expected one of state, at"},
		{importer.Contacts, "X=last_activity_at", "cannot be imported"},
		{importer.Activities, "X=company", "is nothing an activity has"},
	}
	for _, c := range cases {
		_, err := importer.NewMapping(c.kind, schema(), []string{c.asked}, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("--map %q: got error %v, want one with %q", c.asked, err, c.want)
		}
	}
}

func TestMappingsThatCannotWorkAreRefusedAtOnce(t *testing.T) {
	cases := []struct {
		kind   importer.Kind
		header []string
		want   string
	}{
		{importer.Contacts, []string{"First name"}, "whose row"},
		{importer.Activities, []string{"Email", "Time"}, "activity type"},
		{importer.Activities, []string{"Email", "Event"}, "when it happened"},
		{importer.Activities, []string{"Email", "Event", "Time"}, ""},
	}
	for _, c := range cases {
		m, err := importer.NewMapping(c.kind, schema(), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range c.header {
			m.Resolve(h)
		}
		err = m.Check()
		if got := err != nil; got != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("columns %q: got error %v, want %q", c.header, err, c.want)
		}
	}
}

func TestTheFirstOfTwoEqualColumnsWins(t *testing.T) {
	m, err := importer.NewMapping(importer.Contacts, schema(), []string{"Work email=email"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range []string{"Email", "E-Mail", "Work email", "City", "Ort", "Nonsense"} {
		m.Resolve(h)
	}
	var got []string
	for _, c := range m.Columns() {
		got = append(got, c.Name+" -> "+c.Target.String())
	}
	want := []string{"Email -> ", "E-Mail -> ", "Work email -> email", "City -> fields.city", "Ort -> ", "Nonsense -> "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestRejectsCanBeImportedAgain(t *testing.T) {
	var out strings.Builder
	r := importer.NewRejects(&out, []string{"email", "city"})
	row := &importer.RowError{Line: 3, Reason: "no, really", Cells: []importer.Cell{{Name: "email", Text: "a@x.example"}, {Name: "city", Text: "Graz"}}}
	if err := errors.Join(r.Add(row), r.Flush()); err != nil {
		t.Fatal(err)
	}
	if want := "_line,_reason,email,city\n3,\"no, really\",a@x.example,Graz\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
	records, rejects := read(t, importer.Contacts, out.String(), importer.Options{}, importer.Reading{})
	if len(records) != 1 || len(rejects) != 0 {
		t.Errorf("got %d records and rejects %q, want 1 and none", len(records), rejects)
	}
}
