package sample

import (
	"strings"
	"time"

	"github.com/muster-groups/muster"
)

// country is where a person of the sample lives, with what people are called there.
type country struct {
	code, language, dial string
	share                float64
	women, men, last     []string
	cities               []string
}

// person is who somebody is, before anything they do.
type person struct {
	country     *country
	first, last string
	gender      string
	birthday    muster.Date
	city        string
	company     string
	job         string
}

// people draws persons from the tables below.
type people struct{ share weights }

func newPeople() *people {
	var parts []float64
	for i := range countries {
		parts = append(parts, countries[i].share)
	}
	return &people{newWeights(parts...)}
}

func (p *people) draw(c chance) person {
	where := &countries[p.share.pick(c)]
	who := person{country: where, last: pick(c, where.last), city: pick(c, where.cities)}
	if c.yes(.52) {
		who.gender, who.first = "female", pick(c, where.women)
	} else {
		who.gender, who.first = "male", pick(c, where.men)
	}
	age := 18 + int(14*(c.ExpFloat64()+c.ExpFloat64()*.6))%60
	who.birthday = muster.NewDate(2025-age, time.January, 1+c.IntN(365))
	who.company = pick(c, companyNames) + " " + companyForm(c, where.code)
	who.job = pick(c, jobs)
	return who
}

func companyForm(c chance, country string) string {
	switch country {
	case "DE", "AT":
		return pick(c, []string{"GmbH", "GmbH", "GmbH & Co. KG", "AG", "e.K."})
	case "CH":
		return pick(c, []string{"AG", "GmbH"})
	case "FR", "BE":
		return pick(c, []string{"SARL", "SA"})
	case "NL":
		return "B.V."
	case "IT":
		return pick(c, []string{"S.r.l.", "S.p.A."})
	case "CZ":
		return "s.r.o."
	}
	return pick(c, []string{"Ltd", "Inc.", "LLC"})
}

// mailName is a name as mail addresses spell it.
func mailName(name string) string { return mailLetters.Replace(strings.ToLower(name)) }

var mailLetters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "é", "e", "è", "e", "ë", "e", "ï", "i", "ç", "c",
	"á", "a", "í", "i", "ý", "y", "č", "c", "ř", "r", "š", "s", "ž", "z", "ě", "e", "ů", "u", "ň", "n", "ò", "o", "ó", "o", "à", "a", " ", "", "'", "")

var countries = []country{
	{
		code: "DE", language: "de", dial: "+49", share: 44,
		women:  strings.Fields("Anna Lena Julia Katharina Sabine Petra Nicole Stefanie Claudia Lea Marie Sophie Hannah Emma Mia Birgit Heike Jana Kerstin Ayşe"),
		men:    strings.Fields("Thomas Michael Andreas Stefan Christian Jonas Lukas Leon Felix Paul Maximilian Jürgen Klaus Sebastian Florian Tobias Mehmet Jan Uwe Matthias"),
		last:   strings.Fields("Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hartmann Lange Yılmaz Krause Lehmann Köhler Maier Walter"),
		cities: []string{"Berlin", "Hamburg", "München", "Köln", "Frankfurt am Main", "Stuttgart", "Leipzig", "Dresden", "Bremen", "Nürnberg", "Freiburg", "Kassel"},
	},
	{
		code: "AT", language: "de", dial: "+43", share: 12,
		women:  strings.Fields("Anna Eva Maria Elisabeth Johanna Magdalena Theresa Verena Barbara Lisa"),
		men:    strings.Fields("Lukas Tobias David Florian Alexander Martin Johannes Georg Wolfgang Markus"),
		last:   strings.Fields("Gruber Huber Bauer Wagner Pichler Steiner Moser Mayer Hofer Leitner Berger Fuchs Eder Fischer Schmid"),
		cities: []string{"Wien", "Graz", "Linz", "Salzburg", "Innsbruck", "Klagenfurt", "Bregenz"},
	},
	{
		code: "CH", language: "de", dial: "+41", share: 10,
		women:  strings.Fields("Laura Sara Nina Chiara Céline Martina Sandra Andrea Regula Ursina"),
		men:    strings.Fields("Luca Noah Marco Daniel Reto Urs Beat Simon Pascal Adrian"),
		last:   strings.Fields("Müller Meier Schmid Keller Weber Huber Schneider Meyer Steiner Fischer Gerber Brunner Baumann Frei Zimmermann"),
		cities: []string{"Zürich", "Bern", "Basel", "Luzern", "St. Gallen", "Winterthur", "Chur"},
	},
	{
		code: "NL", language: "nl", dial: "+31", share: 8,
		women:  strings.Fields("Emma Sanne Lotte Fleur Anouk Femke Iris Maaike Roos Eva"),
		men:    strings.Fields("Daan Sem Bram Thijs Lars Ruben Jeroen Pieter Koen Willem"),
		last:   []string{"de Jong", "Jansen", "de Vries", "van den Berg", "Bakker", "Visser", "Smit", "Meijer", "Mulder", "Bos"},
		cities: []string{"Amsterdam", "Utrecht", "Rotterdam", "Eindhoven", "Groningen", "Den Haag"},
	},
	{
		code: "FR", language: "fr", dial: "+33", share: 7,
		women:  strings.Fields("Camille Léa Chloé Manon Inès Sophie Nathalie Aurélie Claire Élodie"),
		men:    strings.Fields("Lucas Hugo Louis Gabriel Nicolas Julien Thomas Antoine Pierre Mathieu"),
		last:   strings.Fields("Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent"),
		cities: []string{"Paris", "Lyon", "Grenoble", "Strasbourg", "Annecy", "Toulouse", "Nantes"},
	},
	{
		code: "IT", language: "it", dial: "+39", share: 6,
		women:  strings.Fields("Giulia Sofia Aurora Martina Chiara Francesca Elena Valentina Alessia Sara"),
		men:    strings.Fields("Francesco Alessandro Lorenzo Matteo Andrea Marco Luca Davide Simone Paolo"),
		last:   strings.Fields("Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo"),
		cities: []string{"Milano", "Torino", "Bolzano", "Trento", "Verona", "Bologna"},
	},
	{
		code: "GB", language: "en", dial: "+44", share: 6,
		women:  strings.Fields("Olivia Amelia Isla Emily Charlotte Sophie Hannah Priya Grace Lucy"),
		men:    strings.Fields("Oliver George Harry Jack James Thomas William Daniel Callum Imran"),
		last:   strings.Fields("Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Wright Walker Hughes"),
		cities: []string{"London", "Manchester", "Edinburgh", "Bristol", "Leeds", "Sheffield"},
	},
	{
		code: "CZ", language: "cs", dial: "+420", share: 4,
		women:  strings.Fields("Jana Eva Tereza Kateřina Lucie Petra Veronika Lenka"),
		men:    strings.Fields("Jan Petr Jakub Tomáš Ondřej Martin Lukáš Pavel"),
		last:   strings.Fields("Novák Svoboda Novotný Dvořák Černý Procházka Kučera Veselý"),
		cities: []string{"Praha", "Brno", "Ostrava", "Plzeň", "Liberec"},
	},
	{
		code: "US", language: "en", dial: "+1", share: 3,
		women:  strings.Fields("Emma Olivia Ava Sophia Mia Abigail Maria Jennifer"),
		men:    strings.Fields("Liam Noah James Logan Michael David Carlos Kevin"),
		last:   strings.Fields("Smith Johnson Williams Garcia Miller Davis Rodriguez Nguyen Anderson Lee"),
		cities: []string{"New York", "Denver", "Portland", "Seattle", "Boston", "Salt Lake City"},
	},
}

var companyNames = []string{
	"Alpin", "Nordwind", "Bergblick", "Hanse", "Talwerk", "Rheinland", "Silberbach", "Kranich", "Morgenrot", "Steinadler",
	"Lindgren", "Waldgut", "Isar", "Elbtal", "Klarwasser", "Feldmann", "Hochland", "Sternwarte", "Blaufuchs", "Kompass",
	"Northgate", "Greenfield", "Riverstone", "Oakbridge", "Summit", "Lakeside", "Brightwell", "Ironwood", "Harbour", "Copperfield",
	"Vega", "Orion", "Delta", "Nova", "Terra", "Aqua", "Solaris", "Ventus", "Lumen", "Quanta",
	"Müller & Sohn", "Weber Technik", "Huber Bau", "Fischer Medien", "Keller Logistik", "Bauer Systeme", "Wagner Holz", "Richter Design",
}

var jobs = []string{
	"Managing Director", "Marketing Manager", "Head of Sales", "Purchasing Manager", "Office Manager", "Software Developer",
	"Project Manager", "HR Manager", "Accountant", "Consultant", "Team Lead", "Engineer", "Designer", "Event Manager", "Teacher",
}
