package postgres

import (
	"reflect"

	"github.com/jackc/pgx/v5"
)

// plain turns arguments of the program's own types into those that the driver
// writes the same way everywhere: int64, string, bool, bytes and lists of them.
func plain(args []any) []any {
	list := make([]any, len(args))
	for i, v := range args {
		list[i] = plainOne(v)
	}
	return list
}

func plainOne(v any) any {
	switch v := v.(type) {
	case nil, int64, string, bool, []byte, []int64, []string, [16]byte:
		return v
	case pgx.QueryExecMode:
		return v // how to run the statement, not an argument
	}
	value := reflect.ValueOf(v)
	switch value.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return value.Int()
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uint:
		return int64(value.Uint())
	case reflect.String:
		return value.String()
	}
	return v
}

// castOf is how a statement names the type of an argument.
func castOf(v any) string {
	switch plainOne(v).(type) {
	case int64:
		return "::bigint"
	case string:
		return "::text"
	case bool:
		return "::boolean"
	case []int64:
		return "::bigint[]"
	case []string:
		return "::text[]"
	}
	return ""
}
