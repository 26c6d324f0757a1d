package muster

import (
	"errors"
	"fmt"
	"strings"
)

// ErrorCode is a stable name that programs may rely on.
type ErrorCode string

// The codes. Each maps to one HTTP status, in package httpapi.
const (
	CodeInvalid         ErrorCode = "invalid"           // 400/422 the input is wrong; Problems say where
	CodeUnauthorized    ErrorCode = "unauthorized"      // 401
	CodeForbidden       ErrorCode = "forbidden"         // 403
	CodeNotFound        ErrorCode = "not_found"         // 404
	CodeConflict        ErrorCode = "conflict"          // 409
	CodeEmailTaken      ErrorCode = "email_taken"       // 409
	CodeExternalTaken   ErrorCode = "external_id_taken" // 409
	CodeLastAdmin       ErrorCode = "last_admin"        // 409
	CodeInUse           ErrorCode = "in_use"            // 409 Problems list the users
	CodeCycle           ErrorCode = "cycle"             // 422 the message shows the path
	CodeGone            ErrorCode = "gone"              // 410 erased
	CodeHistoryExpired  ErrorCode = "history_expired"   // 410
	CodeTooLarge        ErrorCode = "too_large"         // 413
	CodeOverloaded      ErrorCode = "overloaded"        // 429
	CodeTooManyAttempts ErrorCode = "too_many_attempts" // 429 to sign in
	CodeUnavailable     ErrorCode = "unavailable"       // 503
	CodeInternal        ErrorCode = "internal"          // 500
)

// Problem points at one culprit in the input.
type Problem struct {
	// Location is a JSON Pointer into the input ("" is the whole document).
	Location string `json:"location"`
	Code     string `json:"code"`
	// Message says what was expected, in a sentence safe to show.
	Message string `json:"message"`
}

// Error is every error that Muster answers on purpose.
type Error struct {
	Code     ErrorCode
	Message  string // a sentence safe to show
	Problems []Problem
	Err      error // the cause, not shown
}

// Error prints the message and the problems.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for _, p := range e.Problems {
		fmt.Fprintf(&b, "; %s: %s", p.Location, p.Message)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, " (%v)", e.Err)
	}
	return b.String()
}

// Unwrap answers the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error with a code and a formatted message.
func Errorf(code ErrorCode, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// CodeOf answers the code of an error, CodeInternal for foreign ones and "" for nil.
func CodeOf(err error) ErrorCode {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
