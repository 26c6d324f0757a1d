package config

import (
	"slices"

	"github.com/spf13/pflag"
)

// Register declares the flags of the named settings on a command.
func Register(flags *pflag.FlagSet, names ...string) {
	for _, def := range settings() {
		if !slices.Contains(names, def.name) {
			continue
		}
		usage := def.doc + " (" + Environment(def.name) + ")"
		switch {
		case def.boolean:
			flags.Bool(Flag(def.name), false, usage)
		default:
			flags.String(Flag(def.name), def.standard, usage)
		}
	}
}

// Given answers the settings among the flags that were written on the command line.
func Given(flags *pflag.FlagSet) map[string]string {
	given := map[string]string{}
	for _, def := range settings() {
		if f := flags.Lookup(Flag(def.name)); f != nil && f.Changed {
			given[def.name] = f.Value.String()
		}
	}
	return given
}

// Shown is one setting as the config command prints it.
type Shown struct {
	Name   string
	Value  string // secrets hidden
	Origin string // the flag, variable or file; "default"
	Doc    string
}

// Show answers all settings in order, secrets hidden.
func (s *Settings) Show() []Shown {
	var all []Shown
	for _, def := range settings() {
		v := s.values[def.name]
		switch {
		case def.secret && v.text != "":
			v.text = "(hidden)"
		case def.shown != nil:
			v.text = def.shown(v.text)
		}
		all = append(all, Shown{def.name, v.text, v.origin, def.doc})
	}
	return all
}
