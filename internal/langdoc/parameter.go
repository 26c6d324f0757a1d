package langdoc

import (
	"fmt"
	"strings"

	"github.com/muster-groups/muster/internal/catalog"
)

// parameter is a row of a type's table of parameters.
func (w *writer) parameter(p catalog.ParamInfo) string {
	name, kind := "`"+p.Name+"`", p.Kind
	var notes []string
	switch p.Kind {
	case "comparison":
		operand := "value"
		if p.Operand != "" {
			operand = p.Operand
		}
		name += " `" + operand + "`"
		kind = strings.Join(p.Kinds, " or ")
		if len(p.Kinds) == 1 {
			notes = append(notes, "operators: "+w.operators(p.Kinds[0]))
		} else if p.By != "" {
			notes = append(notes, "the operators of the type of `"+p.By+"`")
		} else {
			notes = append(notes, "the [operators](../language.md#operators) of these kinds; the operator decides how the value is read")
		}
		switch p.Missing {
		case "negative":
			notes = append(notes, "`missing` with negative operators")
		case "always":
			notes = append(notes, "`missing` with every operator")
		}
	case "within", "times", "where":
		notes = append(notes, "see [common parameters](../language.md#common-parameters)")
	case "steps":
		var keys []string
		for _, s := range p.Steps {
			keys = append(keys, "`"+s.Name+"`")
		}
		notes = append(notes, fmt.Sprintf("%d to %d steps, each with %s", p.Low, p.High, strings.Join(keys, ", ")))
	}
	if len(p.Options) > 0 && p.Kind != "within" {
		var codes []string
		for _, o := range p.Options {
			codes = append(codes, "`"+o.Code+"`")
		}
		notes = append(notes, strings.Join(codes, " "))
	}
	if len(p.Forms) > 0 && p.Kind == "amount" {
		var forms []string
		for _, f := range p.Forms {
			forms = append(forms, "`"+f.Key+"`")
		}
		notes = append(notes, "an object with "+strings.Join(forms, ", "))
	}
	if p.Source != "" && p.Kind != "where" {
		notes = append(notes, "values: /options/"+p.Source)
	}
	if p.When != nil {
		notes = append(notes, fmt.Sprintf("needed where `%s` is `%s`, refused elsewhere", p.When.Parameter, p.When.Value))
	}
	if p.High > 0 && p.Kind == "count" {
		notes = append(notes, fmt.Sprintf("%d to %d", p.Low, p.High))
	}
	standard := p.Default
	switch {
	case p.Required || p.When != nil:
		standard = "required"
	case p.Kind == "where":
		standard = "none"
	case standard == "":
		standard = "any"
	}
	return fmt.Sprintf("| %s | %s | %s | %s |\n", name, kind, standard, strings.Join(notes, "; "))
}

func (w *writer) operators(kind string) string {
	var names []string
	for _, op := range w.description.Operators[kind] {
		names = append(names, "`"+string(op.Op)+"`")
	}
	return strings.Join(names, " ")
}
