// Package outage takes the database away from the real program while it is
// written to, and looks at what its callers hear and at what is there when the
// database is back.
//
// It speaks to the program over HTTP only and keeps its own account of what was
// acknowledged; it must not know how anything is stored or evaluated.
package outage
