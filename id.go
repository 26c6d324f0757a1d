package muster

import (
	"encoding/hex"
	"fmt"
)

// ContactID is the public id of a contact: a UUID (version 7 when Muster made
// it). Its text form is the usual 36 characters in lower case.
type ContactID [16]byte

// ContactNo is the dense internal number of a contact. Numbers start at 1, are
// never reused, and never leave the process; 0 is no contact.
type ContactNo uint32

// GroupNo is the dense internal number of a contact group, from 1, never
// reused; 0 is no group.
type GroupNo uint32

// Seq numbers change records from 1 in commit order, without gaps.
type Seq uint64

// IsZero reports whether the id is the zero value, which names nobody.
func (id ContactID) IsZero() bool { return id == ContactID{} }

// String prints the id in its 36 character form.
func (id ContactID) String() string {
	var b [36]byte
	hex.Encode(b[0:8], id[0:4])
	b[8] = '-'
	hex.Encode(b[9:13], id[4:6])
	b[13] = '-'
	hex.Encode(b[14:18], id[6:8])
	b[18] = '-'
	hex.Encode(b[19:23], id[8:10])
	b[23] = '-'
	hex.Encode(b[24:36], id[10:16])
	return string(b[:])
}

// MarshalText prints the id as String does.
func (id ContactID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText parses the form that String prints.
func (id *ContactID) UnmarshalText(b []byte) error {
	parsed, err := ParseContactID(string(b))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}

// ParseContactID parses the 36 character form of a UUID, in either case.
func ParseContactID(s string) (ContactID, error) {
	var id ContactID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, fmt.Errorf("%q is not a contact id: expected a UUID such as 0190f7a2-5b7c-7000-8000-000000000001", s)
	}
	plain := s[0:8] + s[9:13] + s[14:18] + s[19:23] + s[24:36]
	if _, err := hex.Decode(id[:], []byte(plain)); err != nil {
		return ContactID{}, fmt.Errorf("%q is not a contact id: expected a UUID such as 0190f7a2-5b7c-7000-8000-000000000001", s)
	}
	return id, nil
}
