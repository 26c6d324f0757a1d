// Package property holds the tests that let chance drive the whole loop: random
// definitions, conditions and histories, clock jumps, edits, recalculations with
// changes in the middle, and restarts. After every step the membership of every
// group is what the oracle says, the past is what it was, and the change records
// add up to the membership.
//
// The same runs on the embedded store and on PostgreSQL, where a crash is that all
// connections are cut.
//
// MUSTER_PROPERTY_STEPS=N makes at least N steps, a soak a million, on PostgreSQL 20,000, or as many as
// its time allows; -rapid.seed repeats a run.
package property
