// Package property holds the tests that let chance drive the whole loop: random
// definitions, conditions and histories, clock jumps, edits and restarts, and
// after every step the membership of every group is what the oracle says.
package property
