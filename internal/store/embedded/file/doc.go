// Package file is the durable truth of the embedded store: one SQLite database
// in a directory, appended to by one writer and read back once, at start.
//
// It keeps rows; it must not know what they mean. It never reads while the
// store runs (memory answers every question), so its tables have no index
// beyond their keys and hold most of a row in one compact blob. The tables and
// encodings are described in docs/format.md.
package file
