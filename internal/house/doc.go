// Package house holds the tests of the repository itself: who may import whom
// and why, and the manners that keep the code readable. It has no code of its
// own, and nothing may import it.
package house
