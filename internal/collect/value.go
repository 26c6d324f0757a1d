package collect

import (
	"strings"
	"unicode/utf8"

	"github.com/valyala/fastjson"

	"github.com/muster-groups/muster"
)

// visit calls fn for each member of an object; of anything else it calls nothing.
func visit(v *fastjson.Value, fn func(key string, v *fastjson.Value)) {
	if v == nil || v.Type() != fastjson.TypeObject {
		return
	}
	o, _ := v.Object()
	o.Visit(func(key []byte, v *fastjson.Value) { fn(strings.ToValidUTF8(string(key), "\uFFFD"), v) })
}

// scalar reads an attribute's value: texts too long are cut, an array of plain
// values is their list. ok is false when it is nothing an attribute can hold.
func scalar(v *fastjson.Value) (muster.Scalar, bool) {
	switch {
	case v == nil || v.Type() == fastjson.TypeNull || v.Type() == fastjson.TypeObject:
		return muster.Scalar{}, false
	case v.Type() == fastjson.TypeString:
		return textScalar(text(v))
	case v.Type() == fastjson.TypeArray:
		var parts []string
		items, _ := v.Array()
		for _, item := range items {
			part, ok := scalar(item)
			if !ok || item.Type() == fastjson.TypeArray {
				return muster.Scalar{}, false
			}
			parts = append(parts, part.Text)
		}
		return textScalar(strings.Join(parts, ", "))
	}
	s, err := muster.ScalarOf(v.MarshalTo(nil))
	return s, err == nil && s.Kind != muster.Missing
}

func textScalar(s string) (muster.Scalar, bool) {
	if s = strings.ReplaceAll(s, "\x00", ""); s == "" {
		return muster.Scalar{}, false
	}
	out, err := muster.TextScalar(cut(s, muster.MaxAttributeText))
	return out, err == nil
}

// attributeType is the type by which conditions shall read values like this one.
func attributeType(s muster.Scalar) muster.AttributeType {
	switch s.Kind {
	case muster.KindNumber:
		return muster.NumberAttribute
	case muster.KindBoolean:
		return muster.BooleanAttribute
	}
	if _, err := muster.ParseInstant(s.Text); err == nil {
		return muster.DatetimeAttribute
	}
	return muster.TextAttribute
}

// fieldType is the type of a field for values like this one; "" when there is none.
func fieldType(v *fastjson.Value) muster.FieldType {
	switch v.Type() {
	case fastjson.TypeTrue, fastjson.TypeFalse:
		return muster.BooleanField
	case fastjson.TypeNumber:
		return muster.NumberField
	case fastjson.TypeString:
		s := text(v)
		if strings.TrimSpace(s) == "" {
			return ""
		}
		if _, err := muster.ParseDate(s); err == nil {
			return muster.DateField
		}
		if _, err := muster.ParseInstant(s); err == nil {
			return muster.DatetimeField
		}
		return muster.TextField
	case fastjson.TypeArray:
		items, _ := v.Array()
		for _, item := range items {
			if item.Type() != fastjson.TypeString {
				return ""
			}
		}
		if len(items) > 0 {
			return muster.ChoicesField
		}
	}
	return ""
}

// fieldValue reads a trait by the type of its field, more leniently than the
// REST API: a date may be the beginning of an instant, a choice may be named,
// a text too long is cut.
func fieldValue(f muster.Field, v *fastjson.Value) (muster.Value, error) {
	if v.Type() == fastjson.TypeString {
		s := strings.TrimSpace(strings.ReplaceAll(text(v), "\x00", ""))
		switch f.Type {
		case muster.DateField:
			if _, err := muster.ParseInstant(s); err == nil {
				s = s[:len("2006-01-02")]
			}
		case muster.ChoiceField:
			s = choiceNamed(f, s)
		case muster.TextField:
			s = cut(s, muster.MaxFieldText)
		}
		return f.ParseText(s)
	}
	return f.ParseJSON(v.MarshalTo(nil))
}

// choiceNamed answers the code of a choice that is written by its name, as
// "Germany" for DE; any other text stays.
func choiceNamed(f muster.Field, s string) string {
	if _, isCode := f.Choice(s); isCode {
		return s
	}
	for _, c := range f.Choices {
		if strings.EqualFold(c.Name, s) {
			return c.Code
		}
	}
	if f.Code == "language" && utf8.RuneCountInString(s) > 2 {
		return strings.ReplaceAll(s, "_", "-")
	}
	return s
}

// times multiplies two decimal texts; ok is false when the product is no number of ours.
func times(a, b string) (string, bool) {
	x, errX := muster.ParseDecimal(a)
	y, errY := muster.ParseDecimal(b)
	if errX != nil || errY != nil {
		return "", false
	}
	if y%muster.DecimalOne == 0 { // whole quantities are the rule
		n := int64(y / muster.DecimalOne)
		if n != 0 && (int64(x)*n/n != int64(x)) {
			return "", false
		}
		product := muster.Decimal(int64(x) * n).String()
		_, err := muster.ParseDecimal(product)
		return product, err == nil
	}
	return "", false
}
