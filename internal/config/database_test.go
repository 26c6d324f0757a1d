package config_test

import (
	"strings"
	"testing"

	"github.com/muster-groups/muster/internal/config"
)

func TestWhereEverythingIsKeptIsWhatWasNamedMoreDeliberately(t *testing.T) {
	const url = "postgres://muster@db.example/muster"
	file := write(t, "database: "+url+"\n")
	cases := []struct {
		name  string
		flags map[string]string
		env   map[string]string
		file  string
		want  string
	}{
		{"nothing", nil, nil, "", "muster-data"},
		{"a database in the file", nil, nil, file, url},
		{"a database in the environment", nil, map[string]string{"MUSTER_DATABASE": url}, "", url},
		{"a flag for a directory beats both", map[string]string{"data": "here"}, map[string]string{"MUSTER_DATABASE": url}, file, "here"},
		{"the environment's directory beats the file", nil, map[string]string{"MUSTER_DATA": "there"}, file, "there"},
		{"a flag for a database beats the environment's directory", map[string]string{"database": url}, map[string]string{"MUSTER_DATA": "there"}, "", url},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, err := config.Load(config.Sources{Flags: c.flags, Lookup: variables(c.env), File: c.file})
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Place(); got != c.want {
				t.Errorf("place: got %q, want %q", got, c.want)
			}
		})
	}
	_, err := config.Load(config.Sources{Flags: map[string]string{"data": "here", "database": url}, Lookup: variables(nil)})
	if err == nil || !strings.Contains(err.Error(), "--data and --database are both given") {
		t.Errorf("both flags: got error %v, want one that names both", err)
	}
}

func TestPasswordsOfDatabasesAreNeverShown(t *testing.T) {
	for _, url := range []string{"postgres://muster:the-secret@db.example/muster", "postgres://db.example/muster?user=muster&password=the-secret"} {
		s, err := config.Load(config.Sources{Lookup: variables(map[string]string{"MUSTER_DATABASE": url})})
		if err != nil {
			t.Fatal(err)
		}
		if s.Database != url {
			t.Errorf("database: got %q, want %q", s.Database, url)
		}
		shown := s.Place()
		for _, line := range s.Show() {
			shown += "\n" + line.Value
		}
		if strings.Contains(shown, "the-secret") || strings.Count(shown, "db.example/muster") != 2 {
			t.Errorf("%s: got %s, want the address twice and never the password", url, shown)
		}
	}
	for _, wrong := range []string{"mysql://u:the-secret@db.example/muster", "postgres://u:the-secret@db.example", "://u:the-secret@", "postgres://u:the-secret%@x/y"} {
		_, err := config.Load(config.Sources{Lookup: variables(map[string]string{"MUSTER_DATABASE": wrong})})
		if err == nil || !strings.Contains(err.Error(), "postgres://muster@db.example") || strings.Contains(err.Error(), "the-secret") {
			t.Errorf("%s: got error %v, want one that shows what is expected and not the password", wrong, err)
		}
	}
}

func TestWrongSettingsOfDatabasesNameThemselves(t *testing.T) {
	for name, value := range map[string]string{"database_connections": "1", "database_timeout": "5", "drain": "-1s", "migrate": "perhaps"} {
		_, err := config.Load(config.Sources{Lookup: variables(map[string]string{config.Environment(name): value})})
		if err == nil || !strings.Contains(err.Error(), "setting "+name+":") {
			t.Errorf("%s=%s: got error %v, want one of that setting", name, value, err)
		}
	}
}
