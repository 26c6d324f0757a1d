// Package truth sets the language against judges from outside: truth tables of
// other languages of conditions, evaluated by small evaluators of their own,
// and the clock itself, moved to where an explanation says that the answer
// changes.
//
// It has tests only. What it compares with must not come from the packages
// that it judges.
package truth
