package app

import (
	"github.com/valyala/fastjson"

	"github.com/muster-groups/muster"
)

// maxAttributeName bounds names of attributes, in characters.
const maxAttributeName = 100

// activity reads an item of POST /activities:
//
//	{contact: {...identifiers}, type, occurred_at?, channel?, value?, attributes: {}, id?}
//
// It answers a problem for every mistake, located below at.
func (r *reader) activity(at string, v *fastjson.Value) muster.ActivityInput {
	var in muster.ActivityInput
	var named, typed, valued bool
	before := len(r.problems)
	r.object(at, v, "contact, type, occurred_at, channel, value, attributes or id", func(key []byte, v *fastjson.Value) bool {
		switch string(key) {
		case "contact":
			named = true
			in.Who = r.who(at+"/contact", v)
		case "type":
			typed = true
			in.Type = r.activityType(at, v)
		case "occurred_at":
			if v.Type() != fastjson.TypeNull {
				in.At, in.HasAt = r.instant(at, "occurred_at", v)
			}
		case "channel":
			if v.Type() != fastjson.TypeNull {
				in.Channel = r.channel(at, v)
			}
		case "value":
			valued = r.attribute(at, "value", "value", v, &in)
		case "attributes":
			if v.Type() != fastjson.TypeNull {
				r.attributes(at+"/attributes", v, &in)
			}
		case "id":
			in.ID = r.text(at, "id", v, 200)
		default:
			return false
		}
		return true
	})
	if len(r.problems) > before {
		return in
	}
	if !named {
		r.report(at+"/contact", problemMissing, "expected the identifiers of the contact")
	}
	if !typed {
		r.report(at+"/type", problemMissing, "expected the code of an activity type")
	}
	if valued && repeats(in.Attributes, "value") {
		r.report(at+"/attributes/value", problemDuplicate, "expected the value once, found it beside attributes as well")
	}
	return in
}

func repeats(attributes []muster.Attribute, name string) bool {
	n := 0
	for _, a := range attributes {
		if a.Name == name {
			n++
		}
	}
	return n > 1
}

func (r *reader) activityType(at string, v *fastjson.Value) string {
	before := len(r.problems)
	code := r.code(at, "type", v)
	if _, ok := r.schema.ActivityTypes[code]; !ok && len(r.problems) == before {
		r.report(at+"/type", problemUnknownRef, "there is no activity type "+quoted(code))
	}
	return code
}

func (r *reader) channel(at string, v *fastjson.Value) string {
	before := len(r.problems)
	code := r.code(at, "channel", v)
	if code == "" {
		return ""
	}
	if _, ok := r.schema.Channels[code]; !ok && len(r.problems) == before {
		r.report(at+"/channel", problemUnknownRef, "there is no channel "+quoted(code))
	}
	return code
}

func (r *reader) attributes(at string, v *fastjson.Value, in *muster.ActivityInput) {
	o, err := v.Object()
	if err == nil && o.Len() > r.limits.AttributesPerActivity {
		r.report(at, problemRange, "expected at most "+itoa(r.limits.AttributesPerActivity)+" attributes, found "+itoa(o.Len()))
		return
	}
	if err == nil && in.Attributes == nil {
		in.Attributes = make([]muster.Attribute, 0, o.Len()+1)
	}
	r.object(at, v, "names of attributes", func(key []byte, v *fastjson.Value) bool {
		name := r.word(key)
		switch {
		case name == "":
			r.report(pointer(at, name), problemInvalid, "expected the name of an attribute, found an empty one")
		case !r.soundText(at, name, key, maxAttributeName):
		default:
			r.attribute(at, name, name, v, in)
		}
		return true
	})
}

// attribute reads a scalar and keeps it unless it is null.
func (r *reader) attribute(at, key, name string, v *fastjson.Value, in *muster.ActivityInput) bool {
	scalar, err := r.scalar(v)
	if err != nil {
		r.report(pointer(at, key), problemInvalid, err.Error())
		return false
	}
	if scalar.Kind == muster.Missing {
		return false
	}
	in.Attributes = append(in.Attributes, muster.Attribute{Name: name, Value: scalar})
	return true
}

func (r *reader) scalar(v *fastjson.Value) (muster.Scalar, error) {
	switch v.Type() {
	case fastjson.TypeString:
		b, _ := v.StringBytes()
		return muster.TextScalar(r.word(b))
	case fastjson.TypeTrue:
		return muster.Scalar{Kind: muster.KindBoolean, Text: "true"}, nil
	case fastjson.TypeFalse:
		return muster.Scalar{Kind: muster.KindBoolean, Text: "false"}, nil
	case fastjson.TypeNull:
		return muster.Scalar{}, nil
	}
	var few [32]byte
	literal := v.MarshalTo(few[:0])
	if plainWhole(literal) {
		return muster.Scalar{Kind: muster.KindNumber, Text: r.word(literal)}, nil
	}
	return muster.ScalarOf(literal)
}

// plainWhole reports whether a number is written the one way in which its
// shortest decimal form is written, too.
func plainWhole(b []byte) bool {
	if len(b) == 0 || len(b) > 18 || (b[0] == '0' && len(b) > 1) {
		return false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
