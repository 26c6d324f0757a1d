// Package muster holds the nouns of the product: contacts and what is known
// of them, activities, definitions, conditions, contact groups, changes and
// errors, with their parsing, printing and validation.
//
// It imports the standard library only and does no input or output. Every
// other package speaks in these words; docs/glossary.md explains them.
package muster
