package app

import (
	"errors"
	"strconv"

	"github.com/muster-groups/muster"
)

// Codes of problems that this package reports. They are stable: programs may
// rely on them.
const (
	problemJSON       = "invalid_json"
	problemUnknown    = "unknown_member"
	problemDuplicate  = "duplicate_key"
	problemType       = "wrong_type"
	problemMissing    = "missing"
	problemRange      = "out_of_range"
	problemInvalid    = "invalid"
	problemUnknownRef = "unknown_code"
	problemReadOnly   = "read_only"
)

// invalid makes the error of input that is wrong in these places, one at least.
func invalid(problems []muster.Problem) error {
	message := problems[0].Message
	if len(problems) != 1 {
		message = "the input is wrong in " + strconv.Itoa(len(problems)) + " places: " + message
	}
	return &muster.Error{Code: muster.CodeInvalid, Message: message, Problems: problems}
}

// invalidAt makes the error of input that is wrong in one place.
func invalidAt(location, code, message string) error {
	return &muster.Error{Code: muster.CodeInvalid, Message: message,
		Problems: []muster.Problem{{Location: location, Code: code, Message: message}}}
}

// below moves the problems of an error under a location of a larger document.
// Other errors stay as they are.
func below(location string, err error) error {
	var e *muster.Error
	if !errors.As(err, &e) || len(e.Problems) == 0 {
		return err
	}
	moved := *e
	moved.Problems = make([]muster.Problem, len(e.Problems))
	for i, p := range e.Problems {
		p.Location = location + p.Location
		moved.Problems[i] = p
	}
	return &moved
}

// pointer appends one step to a JSON Pointer, escaped as RFC 6901 wants.
func pointer(at, step string) string { return at + "/" + muster.PointerToken(step) }

// ItemError is the error of one item among many, as answers carry it.
type ItemError struct {
	Code    muster.ErrorCode `json:"code"`
	Message string           `json:"message"`
	// Errors point into the item, or into the line of a bulk load.
	Errors []muster.Problem `json:"errors,omitempty"`
}

// itemError makes the part of an error that may be shown. What is not an
// *muster.Error is not for the eyes of a sender.
func itemError(err error) *ItemError {
	if err == nil {
		return nil
	}
	var e *muster.Error
	if !errors.As(err, &e) {
		return &ItemError{Code: muster.CodeInternal, Message: "something went wrong on the server"}
	}
	return &ItemError{Code: e.Code, Message: e.Message, Errors: e.Problems}
}

// quoted shows a text of the input in a message, cut where it is long.
func quoted(s string) string { return strconv.Quote(shortened(s)) }

// located points an error of the loop at the member of the input that it is
// about, where it does not say so itself. at is where the identifiers stand.
func located(at string, err error) error {
	var e *muster.Error
	if !errors.As(err, &e) || len(e.Problems) > 0 {
		return err
	}
	member := map[muster.ErrorCode]string{
		muster.CodeEmailTaken: "/email", muster.CodeExternalTaken: "/external_id", muster.CodeNotFound: "/id", muster.CodeGone: "/id",
	}[e.Code]
	if member == "" {
		return err
	}
	return pointed(at+member, err)
}

// pointed points an error that points nowhere at a place of the input.
func pointed(location string, err error) error {
	var e *muster.Error
	if !errors.As(err, &e) || len(e.Problems) > 0 {
		return err
	}
	at := *e
	at.Problems = []muster.Problem{{Location: location, Code: string(e.Code), Message: e.Message}}
	return &at
}

// identifiersOf is where an item names whom it is about.
func identifiersOf(item muster.Item) string {
	if item.Activity != nil {
		return "/contact"
	}
	return ""
}
