package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/muster-groups/muster/internal/config"
)

func variables(all map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := all[name]; return v, ok }
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "muster.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFlagsBeatVariablesBeatTheFileBeatsDefaults(t *testing.T) {
	file := write(t, "data: from-file\nlisten: 127.0.0.1:1\nlog_level: warn\n")
	env := map[string]string{"MUSTER_DATA": "from-env", "MUSTER_LISTEN": "127.0.0.1:2"}
	cases := []struct {
		name  string
		flags map[string]string
		env   map[string]string
		file  string
		want  string
		from  string
	}{
		{"nothing set", nil, nil, "", "127.0.0.1:8080", "default"},
		{"file", nil, nil, file, "127.0.0.1:1", file},
		{"variable and file", nil, env, file, "127.0.0.1:2", "MUSTER_LISTEN"},
		{"empty variable and file", nil, map[string]string{"MUSTER_LISTEN": ""}, file, "127.0.0.1:1", file},
		{"all three", map[string]string{"listen": "127.0.0.1:3"}, env, file, "127.0.0.1:3", "--listen"},
		{"file named by a variable", nil, map[string]string{"MUSTER_CONFIG": file}, "", "127.0.0.1:1", file},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, err := config.Load(config.Sources{Flags: c.flags, Lookup: variables(c.env), File: c.file})
			if err != nil {
				t.Fatal(err)
			}
			if s.Listen != c.want {
				t.Errorf("listen: got %q, want %q", s.Listen, c.want)
			}
			if got := s.Show()[0].Origin; got != c.from {
				t.Errorf("origin: got %q, want %q", got, c.from)
			}
		})
	}
}

func TestWrongSettingsSayWhereAndWhatWasExpected(t *testing.T) {
	cases := []struct {
		name string
		env  map[string]string
		file string
		want []string
	}{
		{"address", map[string]string{"MUSTER_LISTEN": "8080"}, "", []string{"listen", "MUSTER_LISTEN", "host:port"}},
		{"zone", map[string]string{"MUSTER_SERVER_TIME_ZONE": "Mars/Base"}, "", []string{"server_time_zone", "IANA"}},
		{"clock", map[string]string{"MUSTER_MANUAL_CLOCK": "noon"}, "", []string{"manual_clock", "RFC 3339"}},
		{"public manual clock", map[string]string{"MUSTER_MANUAL_CLOCK": "2026-01-01T00:00:00Z", "MUSTER_LISTEN": "0.0.0.0:80"}, "", []string{"manual_clock", "loopback"}},
		{"misspelt name", nil, "data: x\nlistn: 127.0.0.1:1\n", []string{"line 2", `"listn"`, "listen"}},
		{"a list", nil, "data: [a, b]\n", []string{"line 1", "one value"}},
		{"not YAML", nil, "data: [\n", []string{"settings file"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			from := config.Sources{Lookup: variables(c.env)}
			if c.file != "" {
				from.File = write(t, c.file)
			}
			_, err := config.Load(from)
			if err == nil {
				t.Fatal("got no error")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got error %q, want it to contain %q", err, want)
				}
			}
		})
	}
}

func TestSecretsAreNeverShown(t *testing.T) {
	const secret = "correct-horse-battery"
	s, err := config.Load(config.Sources{Lookup: variables(map[string]string{"MUSTER_ADMIN_KEY": secret, "MUSTER_KEY": secret})})
	if err != nil {
		t.Fatal(err)
	}
	hidden := 0
	for _, shown := range s.Show() {
		if strings.Contains(shown.Value, secret) {
			t.Errorf("%s shows %q", shown.Name, shown.Value)
		}
		if shown.Value == "(hidden)" {
			hidden++
		}
	}
	if hidden != 2 {
		t.Errorf("got %d hidden settings, want 2", hidden)
	}
	_, err = config.Load(config.Sources{Lookup: variables(map[string]string{"MUSTER_ADMIN_KEY": "short-one"})})
	if err == nil || strings.Contains(err.Error(), "short-one") {
		t.Errorf("got error %v, want one that does not quote the key", err)
	}
}

func TestOnlyWrittenFlagsCount(t *testing.T) {
	flags := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	config.Register(flags, "listen", "data", "accept_clock")
	if err := flags.Parse([]string{"--data", "here", "--accept-clock"}); err != nil {
		t.Fatal(err)
	}
	got := config.Given(flags)
	if len(got) != 2 || got["data"] != "here" || got["accept_clock"] != "true" {
		t.Errorf("got %v, want data and accept_clock", got)
	}
}
