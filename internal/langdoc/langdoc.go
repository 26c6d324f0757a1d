// Package langdoc writes the reference of the condition language: a page per
// category, generated from the catalogue, with examples that are scripts of
// the corpus, and the table of what the language covers of Kentico's.
//
// Everything the catalogue knows comes from it: sentences, parameters,
// operators, defaults. What a plan reads comes from lowering the example. Only
// what neither can say, such as how the clock moves a type, is written here,
// and a test holds it against the plans. It must not know stores or the loop.
package langdoc

//go:generate go test . -run Fresh -rewrite

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/muster-groups/muster/internal/catalog"
)

// Pages answers the generated pages by their paths below docs. The corpus is
// the directory of scripts.
func Pages(corpus fs.FS) (map[string]string, error) {
	c := catalog.New()
	w := &writer{catalog: c, corpus: corpus, description: c.Describe()}
	pages := map[string]string{}
	for _, category := range w.description.Categories {
		page, err := w.category(category)
		if err != nil {
			return nil, err
		}
		pages["language/"+slug(category)+".md"] = page
	}
	pages["language.md"] = w.overview()
	parity, err := w.parity()
	if err != nil {
		return nil, err
	}
	pages["parity.md"] = parity
	return pages, nil
}

type writer struct {
	catalog     *catalog.Catalog
	corpus      fs.FS
	description catalog.Description
}

// slug is a category as a file name.
func slug(c catalog.Category) string { return strings.ReplaceAll(strings.ToLower(string(c)), " ", "-") }

// generated stands at the top of every page.
const generated = "<!-- Generated from the catalogue by go generate ./internal/langdoc. Edit that, not this. -->\n\n"

func (w *writer) overview() string {
	var b strings.Builder
	b.WriteString(generated + overviewTop)
	b.WriteString("\n## Condition types\n\n| type | condition | category |\n| --- | --- | --- |\n")
	for _, t := range w.description.Types {
		fmt.Fprintf(&b, "| [`%s`](language/%s.md#%s) | %s | %s |\n", t.Type, slug(t.Category), t.Type, t.Label, t.Category)
	}
	b.WriteString("\n## Operators\n\nBy the kind of value that is compared. A negative operator is the complement of its positive: it also matches\nwhere there is no value, unless `\"missing\": false` excludes that.\n")
	for _, kind := range []string{"text", "number", "boolean", "choice", "choices", "date", "datetime"} {
		fmt.Fprintf(&b, "\n### %s\n\n| operator | says | takes | negative |\n| --- | --- | --- | --- |\n", strings.ToUpper(kind[:1])+kind[1:])
		for _, op := range w.description.Operators[kind] {
			negative := ""
			if op.Negative {
				negative = "yes"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", op.Op, op.Label, operandWords(op.Operand), negative)
		}
	}
	b.WriteString("\n" + commonParameters)
	return b.String()
}

func operandWords(operand string) string {
	switch operand {
	case "value":
		return "`value`"
	case "values":
		return "`values`, a list"
	case "range":
		return "`from` and `to`, both included"
	case "duration":
		return "`value`, a duration such as `30d`"
	case "days":
		return "`value`, days such as `14d`"
	}
	return "nothing"
}

func (w *writer) category(category catalog.Category) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s# %s\n\n[All condition types](../language.md)", generated, category)
	var types []catalog.TypeInfo
	for _, t := range w.description.Types {
		if t.Category == category {
			types = append(types, t)
		}
	}
	for i, t := range types {
		separator := " · "
		if i == 0 {
			separator = "\n\n"
		}
		fmt.Fprintf(&b, "%s[`%s`](#%s)", separator, t.Type, t.Type)
	}
	b.WriteString("\n")
	for _, t := range types {
		section, err := w.section(t)
		if err != nil {
			return "", fmt.Errorf("%s: %w", t.Type, err)
		}
		b.WriteString("\n" + section)
	}
	return b.String(), nil
}

// section is the reference of one condition type.
func (w *writer) section(t catalog.TypeInfo) (string, error) {
	example, err := w.example(t.Type)
	if err != nil {
		return "", err
	}
	behaviour, ok := behaviours()[t.Type]
	if !ok {
		return "", fmt.Errorf("nothing is said of how time moves it")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n%s. Found by: %s.\n\n", t.Type, t.Label, strings.Join(slices.Concat([]string{strings.ToLower(t.Label)}, t.Synonyms), ", "))
	fmt.Fprintf(&b, "> %s  \n> with `\"not\": true`: %s\n\n", template(t.Sentence, false), template(t.Sentence, true))
	if len(t.Parameters)+len(t.Common) > 0 {
		b.WriteString("| parameter | kind | default | |\n| --- | --- | --- | --- |\n")
		for _, p := range slices.Concat(t.Parameters, t.Common) {
			b.WriteString(w.parameter(p))
		}
		b.WriteString("\n")
	} else {
		b.WriteString("It takes no parameters.\n\n")
	}
	fmt.Fprintf(&b, "- **Missing values.** %s\n", behaviour.missing)
	if note, ok := notes()[t.Type]; ok {
		fmt.Fprintf(&b, "- **Not everything.** %s\n", note)
	}
	fmt.Fprintf(&b, "- **Time.** %s\n", behaviour.time.words())
	fmt.Fprintf(&b, "- **Evaluated again** when these change, here for the example: %s.\n\n", example.reads)
	fmt.Fprintf(&b, "Example, from the script [%s](%s%s):\n\n```json\n%s\n```\n\n> %s  \n> %s\n",
		example.script, toScripts, example.script, example.document, example.sentence, example.negated)
	return b.String(), nil
}

// toScripts leads from a page of the language to the corpus.
const toScripts = "../../test/script/testdata/"

// template shows a sentence with the parameters in angle brackets.
func template(sentence string, negated bool) string {
	var b strings.Builder
	bracketed := strings.Contains(sentence, "[")
	for sentence != "" {
		i := strings.IndexAny(sentence, "[{")
		if i < 0 {
			b.WriteString(sentence)
			break
		}
		b.WriteString(sentence[:i])
		end := strings.IndexAny(sentence[i:], "]}") + i
		inside := sentence[i+1 : end]
		if sentence[i] == '{' {
			if inside == "op" && negated && !bracketed {
				inside = "op, negated"
			}
			b.WriteString("‹" + inside + "›")
		} else {
			plain, other, _ := strings.Cut(inside, "|")
			if negated {
				plain = other
			}
			b.WriteString(plain)
		}
		sentence = sentence[end+1:]
	}
	if negated && !bracketed && !strings.Contains(b.String(), "negated") {
		return "It is not true that " + strings.ToLower(b.String()[:1]) + b.String()[1:]
	}
	return b.String()
}
