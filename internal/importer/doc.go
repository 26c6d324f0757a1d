// Package importer reads what other systems export - CSV in the spellings that
// spreadsheets and marketing tools produce, and NDJSON - and turns each row into
// a contact or an activity of Muster, by a mapping of columns that it mostly
// finds by itself. What it cannot read it hands back with the line and a reason;
// nothing is dropped silently.
//
// It must not know where rows come from or go to: it reads an io.Reader and
// yields records; sending them is the command's work.
package importer
