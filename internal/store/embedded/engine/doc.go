// Package engine is the memory of the embedded store: contacts, activities,
// membership and its history as columns and bitmaps, and the evaluation of
// plans over them. Everything it answers, it answers from memory; what it is
// told to change, it also hands out as rows (package record) for the durable
// file to keep, and it is filled from such rows at start.
//
// It must not know files, SQL, transactions' durability, condition types or
// identity rules. It locks nothing by itself, except in Scan: its caller holds
// the engine's lock, for writing around mutations and for reading around views.
//
// An activity costs about 36 bytes with three attributes: a row in a chunk of
// its type and UTC day, and a reference in the time-ordered list of its contact.
package engine
