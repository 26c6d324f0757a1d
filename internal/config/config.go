// Package config is what an operator can set: one documented value, read from
// flags, MUSTER_* environment variables and a YAML file, in that order of
// precedence, with its defaults. It only reads; what a setting does is the
// business of whoever is given it.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/muster-groups/muster"
)

// Settings is everything that can be set, after all sources were read.
type Settings struct {
	// Listen is the address to serve on, host:port. Port 0 takes a free one.
	Listen string
	// Data is the directory of the embedded store. Created when missing.
	Data string
	// Database is the URL of the PostgreSQL that keeps everything instead of
	// Data; "" is none. It can hold a password. Data is not used beside it.
	Database string
	// Imports is the directory of files that are being imported; "" is one in
	// Data. A Database keeps them itself.
	Imports string
	// DatabaseConnections is how many connections read at most; one more writes.
	DatabaseConnections int
	// DatabaseTimeout is how long one statement of an answer may take; 0 is no
	// limit. Changes and recalculations have none.
	DatabaseTimeout time.Duration
	// Drain is how long a server that is told to stop goes on answering, so that
	// load balancers notice.
	Drain time.Duration
	// Migrate permits a start to bring the database's schema up to date.
	Migrate bool
	// ManualClock, when not zero, is the instant at which time stands still
	// until POST /api/v1/clock moves it. For tests, on loopback addresses only.
	ManualClock muster.Instant
	// AcceptClock permits large forward jumps of the clock.
	AcceptClock bool
	// AdminKey is an API key with all rights that needs no set-up. Secret.
	AdminKey string
	// ServerTimeZone is where scheduled recalculations find the night. Nil is
	// the process's zone.
	ServerTimeZone *time.Location
	// LogLevel and LogFormat ("text" or "json") shape the log on standard error.
	LogLevel  slog.Level
	LogFormat string

	// PublicURL is the address under which people reach the server, without a
	// slash at the end; "" takes it from each request.
	PublicURL string
	// DeliveryAllow is which addresses in private networks may be called.
	DeliveryAllow string
	// OIDC is single sign-on by OpenID Connect; none when its Issuer is "".
	OIDC OIDC

	// UnknownTraits and UnknownEvents are what becomes of traits and events of
	// tracking SDKs that no definition knows: create, ignore or refuse.
	UnknownTraits, UnknownEvents string

	// Server and Key are how the other commands reach a running server. Key is secret.
	Server string
	Key    string

	values map[string]value
}

// OIDC is what is agreed with the provider of single sign-on.
type OIDC struct {
	Issuer, ClientID string
	ClientSecret     string // secret
	Name             string // of the button that leads to it
	RoleClaim        string
	DefaultRole      string // viewer, editor or admin; "" admits nobody new
	AllowedDomains   []string
	TrustEmail       bool
}

type value struct {
	text, origin string
	rank         int // how deliberately it was given: by default, a file, the environment, a flag
}

// setting describes one member of Settings.
type setting struct {
	name     string // as the file spells it; flags use - for _
	standard string // the default, as one would write it
	doc      string
	secret   bool
	shown    func(string) string // what may be seen of the value; nil is all of it
	boolean  bool
	set      func(*Settings, string) error
}

// settings is the whole table, in the order in which it is shown.
func settings() []setting {
	return []setting{
		{name: "listen", standard: "127.0.0.1:8080", doc: "address to serve on",
			set: func(s *Settings, v string) (err error) {
				s.Listen = v
				if _, _, err = net.SplitHostPort(v); err != nil {
					return fmt.Errorf("expected host:port such as 127.0.0.1:8080")
				}
				return nil
			}},
		{name: "data", standard: "muster-data", doc: "directory of the embedded store, created when missing",
			set: func(s *Settings, v string) (err error) {
				if v == "" {
					return fmt.Errorf("expected a directory")
				}
				s.Data = filepath.Clean(v)
				return nil
			}},
		{name: "database", doc: "URL of a PostgreSQL database to keep everything in, instead of a directory", shown: HidePassword,
			set: func(s *Settings, v string) (err error) { s.Database = v; return CheckDatabase(v) }},
		{name: "database_connections", standard: "16", doc: "connections to the database that read at most; one more writes",
			set: func(s *Settings, v string) (err error) {
				if s.DatabaseConnections, err = strconv.Atoi(v); err != nil || s.DatabaseConnections < 2 || s.DatabaseConnections > 1000 {
					return fmt.Errorf("expected a number from 2 to 1000")
				}
				return nil
			}},
		{name: "database_timeout", standard: "5m", doc: "longest time of one statement that answers a request, such as 30s; 0 is no limit; recalculations have none",
			set: func(s *Settings, v string) (err error) {
				if s.DatabaseTimeout, err = time.ParseDuration(v); err != nil || s.DatabaseTimeout < 0 || s.DatabaseTimeout%time.Millisecond != 0 {
					return fmt.Errorf("expected a length of time such as 30s or 5m, or 0")
				}
				return nil
			}},
		{name: "drain", standard: "0", doc: "how long a server that is told to stop goes on answering, with /readyz 503, so that a load balancer notices, such as 5s",
			set: func(s *Settings, v string) (err error) {
				if s.Drain, err = time.ParseDuration(v); err != nil || s.Drain < 0 {
					return fmt.Errorf("expected a length of time such as 5s, or 0")
				}
				return nil
			}},
		{name: "migrate", standard: "false", doc: "let a start bring the database's schema up to date, as muster migrate does", boolean: true,
			set: func(s *Settings, v string) (err error) { s.Migrate, err = parseBool(v); return err }},
		{name: "imports", doc: "directory of files that are being imported (default: in the data directory); a database keeps them itself",
			set: func(s *Settings, v string) error { s.Imports = v; return nil }},
		{name: "manual_clock", doc: "for tests: start at this instant; only POST /api/v1/clock moves time (loopback only)",
			set: func(s *Settings, v string) (err error) {
				if s.ManualClock = 0; v != "" {
					s.ManualClock, err = muster.ParseInstant(v)
				}
				return err
			}},
		{name: "accept_clock", standard: "false", doc: "accept a clock that jumped more than 24 h ahead, or 400 days since the last commit", boolean: true,
			set: func(s *Settings, v string) (err error) { s.AcceptClock, err = parseBool(v); return err }},
		{name: "admin_key", doc: "an API key with all rights, for automated set-ups (16 characters or more)", secret: true,
			set: func(s *Settings, v string) error {
				if s.AdminKey = v; v != "" && len(v) < 16 {
					return fmt.Errorf("expected at least 16 characters")
				}
				return nil
			}},
		{name: "server_time_zone", doc: "IANA zone whose night runs scheduled recalculations (default: the process's)",
			set: func(s *Settings, v string) (err error) {
				if s.ServerTimeZone = nil; v != "" {
					if s.ServerTimeZone, err = time.LoadLocation(v); err != nil {
						return fmt.Errorf("expected an IANA time zone such as Europe/Vienna")
					}
				}
				return nil
			}},
		{name: "log_level", standard: "info", doc: "debug, info, warn or error",
			set: func(s *Settings, v string) error {
				if s.LogLevel.UnmarshalText([]byte(v)) != nil {
					return fmt.Errorf("expected debug, info, warn or error")
				}
				return nil
			}},
		{name: "log_format", standard: "text", doc: "text or json",
			set: func(s *Settings, v string) error {
				if s.LogFormat = v; v != "text" && v != "json" {
					return fmt.Errorf("expected text or json")
				}
				return nil
			}},
		{name: "public_url", doc: "URL under which people reach the server, such as https://muster.example (default: taken from each request)",
			set: func(s *Settings, v string) (err error) { s.PublicURL, err = parseURL(v); return err }},
		{name: "delivery_allow", doc: "addresses in private networks that webhooks and connectors may call, such as 10.1.0.0/16; private is all of them",
			set: func(s *Settings, v string) error { s.DeliveryAllow = v; return nil }},
		{name: "oidc_issuer", doc: "URL of the provider of single sign-on by OpenID Connect; empty is none",
			set: func(s *Settings, v string) (err error) { s.OIDC.Issuer = v; _, err = parseURL(v); return err }},
		{name: "oidc_client_id", doc: "what the provider calls this server; its redirect URL is PUBLIC_URL/api/v1/session/oidc/callback",
			set: func(s *Settings, v string) error { s.OIDC.ClientID = v; return nil }},
		{name: "oidc_client_secret", doc: "what the server proves itself to the provider with", secret: true,
			set: func(s *Settings, v string) error { s.OIDC.ClientSecret = v; return nil }},
		{name: "oidc_name", standard: "Single sign-on", doc: "what the button says that leads to the provider",
			set: func(s *Settings, v string) error { s.OIDC.Name = v; return nil }},
		{name: "oidc_role_claim", doc: "claim that holds viewer, editor or admin, as a text or list; it then sets the role at each sign-in",
			set: func(s *Settings, v string) error { s.OIDC.RoleClaim = v; return nil }},
		{name: "oidc_default_role", doc: "role of new people whose claim says none: viewer, editor or admin; empty admits only people who are users",
			set: func(s *Settings, v string) error {
				if s.OIDC.DefaultRole = v; v != "" && v != "viewer" && v != "editor" && v != "admin" {
					return fmt.Errorf("expected viewer, editor or admin")
				}
				return nil
			}},
		{name: "oidc_allowed_domains", doc: "domains of the emails that the provider may bring, separated by commas; empty is all",
			set: func(s *Settings, v string) error {
				s.OIDC.AllowedDomains = strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
				return nil
			}},
		{name: "oidc_trust_email", standard: "false", doc: "take emails for verified of which the provider does not say", boolean: true,
			set: func(s *Settings, v string) (err error) { s.OIDC.TrustEmail, err = parseBool(v); return err }},
		{name: "collect_unknown_traits", standard: "create", doc: "what becomes of traits of tracking SDKs that have no field: create, ignore or refuse",
			set: func(s *Settings, v string) error { s.UnknownTraits = v; return checkPolicy(v) }},
		{name: "collect_unknown_events", standard: "create", doc: "what becomes of events of tracking SDKs that have no activity type: create, ignore or refuse",
			set: func(s *Settings, v string) error { s.UnknownEvents = v; return checkPolicy(v) }},
		{name: "server", standard: "http://127.0.0.1:8080", doc: "URL of the running server that commands talk to",
			set: func(s *Settings, v string) error {
				if s.Server = strings.TrimRight(v, "/"); !strings.HasPrefix(v, "http://") && !strings.HasPrefix(v, "https://") {
					return fmt.Errorf("expected a URL such as https://muster.example")
				}
				return nil
			}},
		{name: "key", doc: "API key that commands present to the server", secret: true,
			set: func(s *Settings, v string) error { s.Key = v; return nil }},
	}
}

// Environment is the environment variable of a setting.
func Environment(name string) string { return "MUSTER_" + strings.ToUpper(name) }

// Flag is the command-line flag of a setting, without dashes.
func Flag(name string) string { return strings.ReplaceAll(name, "_", "-") }

// Sources is where settings are read from.
type Sources struct {
	// Flags holds the flags that were given, by the setting's name.
	Flags map[string]string
	// Lookup answers an environment variable. Nil is os.LookupEnv.
	Lookup func(string) (string, bool)
	// File is the path of a YAML file; "" asks MUSTER_CONFIG, then none is read.
	File string
}

// Load reads all sources. Its error names the setting, where it was read and
// what was expected; secrets are not quoted.
func Load(from Sources) (*Settings, error) {
	if from.Lookup == nil {
		from.Lookup = os.LookupEnv
	}
	if from.File == "" {
		from.File, _ = from.Lookup("MUSTER_CONFIG")
	}
	file := map[string]string{}
	if from.File != "" {
		var err error
		if file, err = readFile(from.File); err != nil {
			return nil, err
		}
	}
	s := &Settings{values: map[string]value{}}
	for _, def := range settings() {
		v := value{def.standard, "default", 0}
		if text, ok := file[def.name]; ok {
			v = value{text, from.File, 1}
		}
		// An empty variable counts as unset: composing tools cannot leave one out.
		if text, ok := from.Lookup(Environment(def.name)); ok && text != "" {
			v = value{text, Environment(def.name), 2}
		}
		if text, ok := from.Flags[def.name]; ok {
			v = value{text, "--" + Flag(def.name), 3}
		}
		if err := def.set(s, v.text); err != nil {
			shown := fmt.Sprintf("%q", v.text)
			if def.secret || def.shown != nil {
				shown = "the value"
			}
			return nil, fmt.Errorf("setting %s: %s from %s: %w", def.name, shown, v.origin, err)
		}
		s.values[def.name] = v
	}
	return s, errors.Join(s.choose(), s.check())
}

// check judges what settings say together.
func (s *Settings) check() error {
	if s.ManualClock != 0 && !s.Loopback() {
		return fmt.Errorf("setting manual_clock: only a loopback address may have a manual clock, and listen is %q", s.Listen)
	}
	if o := s.OIDC; o.Issuer != "" && o.ClientID == "" {
		return fmt.Errorf("setting oidc_client_id: expected what the provider %s calls this server, found nothing", o.Issuer)
	}
	return nil
}

// Loopback reports whether Listen can be reached from this machine only.
func (s *Settings) Loopback() bool {
	host, _, _ := net.SplitHostPort(s.Listen)
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// parseURL reads the URL of a server, without a slash at the end; "" is none.
func parseURL(v string) (string, error) {
	u, err := url.Parse(v)
	if v != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "") {
		return "", fmt.Errorf("expected a URL such as https://muster.example")
	}
	return strings.TrimRight(v, "/"), nil
}

func checkPolicy(v string) error {
	if v != "create" && v != "ignore" && v != "refuse" {
		return fmt.Errorf("expected create, ignore or refuse")
	}
	return nil
}

func parseBool(v string) (bool, error) {
	switch strings.ToLower(v) {
	case "true", "yes", "on", "1":
		return true, nil
	case "false", "no", "off", "0":
		return false, nil
	}
	return false, fmt.Errorf("expected true or false")
}
