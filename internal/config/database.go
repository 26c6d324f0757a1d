package config

import (
	"fmt"
	"net/url"
)

// choose decides between a directory and a database: the one that was named
// more deliberately. A flag beats the environment, and that the file.
func (s *Settings) choose() error {
	if s.Database == "" {
		return nil
	}
	data, database := s.values["data"], s.values["database"]
	switch {
	case data.rank > database.rank:
		s.Database = ""
	case data.rank == database.rank:
		return fmt.Errorf("setting database: %s and %s are both given, and everything is kept in one place: leave one of them out", data.origin, database.origin)
	}
	return nil
}

// Place is where everything is kept, for people: without a password.
func (s *Settings) Place() string {
	if s.Database != "" {
		return HidePassword(s.Database)
	}
	return s.Data
}

// IsDatabase reports whether a text is the URL of a database rather than a directory.
func IsDatabase(v string) bool {
	u, err := url.Parse(v)
	return err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql")
}

// CheckDatabase judges the URL of a database; "" is none.
func CheckDatabase(v string) error {
	if v == "" {
		return nil
	}
	if u, err := url.Parse(v); err != nil || !IsDatabase(v) || len(u.Path) < 2 {
		return fmt.Errorf("expected a URL such as postgres://muster@db.example:5432/muster")
	}
	return nil
}

// HidePassword takes the password out of the URL of a database.
func HidePassword(v string) string {
	u, err := url.Parse(v)
	if err != nil {
		return "(hidden)"
	}
	query := u.Query()
	for _, name := range []string{"password", "sslpassword"} {
		if query.Has(name) {
			query.Set(name, "xxxxx")
			u.RawQuery = query.Encode()
		}
	}
	return u.Redacted()
}
