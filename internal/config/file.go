package config

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// readFile reads a YAML file of "name: value" lines. Unknown names are errors:
// a misspelt setting must not silently stay at its default.
func readFile(path string) (map[string]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("settings file: %w", err)
	}
	var doc map[string]yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("settings file %s: %w", path, err)
	}
	var names []string
	for _, def := range settings() {
		names = append(names, def.name)
	}
	file := map[string]string{}
	for name, node := range doc {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("settings file %s, line %d: there is no setting %q; expected one of %s", path, node.Line, name, strings.Join(names, " "))
		}
		if node.Kind != yaml.ScalarNode {
			return nil, fmt.Errorf("settings file %s, line %d: %s expects one value", path, node.Line, name)
		}
		if node.Tag == "!!null" {
			node.Value = ""
		}
		file[name] = node.Value
	}
	return file, nil
}
