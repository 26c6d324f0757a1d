// Package concurrency holds the tests that let everything happen at once:
// writers, readers, recalculations, edits, definitions and the clock. They are
// meant for the race detector; what must be true is asked when all is quiet.
package concurrency
