package httpapi

import (
	"slices"

	"github.com/muster-groups/muster/internal/app"
)

// roleSet is the roles that may call an operation.
type roleSet []app.Role

func (s roleSet) has(r app.Role) bool { return slices.Contains(s, r) }

// String names the roles: "read, edit or admin".
func (s roleSet) String() string {
	names := make([]string, len(s))
	for i, r := range s {
		names[i] = string(r)
	}
	return orList(names)
}

// permissions is the one table of who may do what, by operation. An operation
// that is not here cannot be registered.
func permissions() map[string]roleSet {
	everyone := roleSet{app.RoleCollect, app.RoleRead, app.RoleEdit, app.RoleAdmin}
	write := roleSet{app.RoleCollect, app.RoleEdit, app.RoleAdmin}
	read := roleSet{app.RoleRead, app.RoleEdit, app.RoleAdmin}
	edit := roleSet{app.RoleEdit, app.RoleAdmin}
	admin := roleSet{app.RoleAdmin}
	table := map[string]roleSet{
		"POST /api/v1/contacts":        write,
		"POST /api/v1/activities":      write,
		"POST /api/v1/changes":         write,
		"POST /api/v1/contacts/lookup": everyone, // a collect key sees little: see app.Lookup

		"GET /api/v1/imports":               edit, // what is imported is shown in samples
		"POST /api/v1/imports":              edit,
		"GET /api/v1/imports/{id}":          edit,
		"PUT /api/v1/imports/{id}/settings": edit,
		"POST /api/v1/imports/{id}/run":     edit,
		"DELETE /api/v1/imports/{id}":       edit,
		"DELETE /api/v1/imports/{id}/run":   edit,
		"GET /api/v1/imports/{id}/rejects":  edit,

		"GET /api/v1/contacts":                 read,
		"GET /api/v1/contacts/{id}":            read,
		"PATCH /api/v1/contacts/{id}":          edit,
		"DELETE /api/v1/contacts/{id}":         edit,
		"GET /api/v1/contacts/{id}/groups":     read,
		"GET /api/v1/contacts/{id}/activities": read,
		"GET /api/v1/contacts/{id}/history":    read,
		"POST /api/v1/contacts/{id}/merge":     edit,
		"GET /api/v1/contacts/{id}/export":     read,

		"GET /api/v1/groups":                                    read,
		"POST /api/v1/groups":                                   edit,
		"GET /api/v1/groups/{code}":                             read,
		"PATCH /api/v1/groups/{code}":                           edit,
		"DELETE /api/v1/groups/{code}":                          edit,
		"POST /api/v1/groups/{code}/recalculate":                edit,
		"DELETE /api/v1/groups/{code}/recalculation":            edit,
		"GET /api/v1/groups/{code}/contacts":                    read,
		"GET /api/v1/groups/{code}/contacts/count":              read,
		"GET /api/v1/groups/{code}/contacts.csv":                read,
		"GET /api/v1/groups/{code}/contacts.ndjson":             read,
		"GET /api/v1/groups/{code}/explain/{contact}":           read,
		"GET /api/v1/groups/{code}/changes":                     read,
		"GET /api/v1/groups/{code}/history":                     read,
		"GET /api/v1/groups/{code}/causes":                      read,
		"GET /api/v1/groups/{code}/versions":                    read,
		"POST /api/v1/groups/{code}/versions/{version}/restore": edit,
		"GET /api/v1/groups/{code}/preview":                     read,

		"GET /api/v1/changes":             read,
		"GET /api/v1/changes/stream":      read,
		"POST /api/v1/conditions/preview": read,
		"POST /api/v1/conditions/explain": read,
		"GET /api/v1/catalog":             read,
		"GET /api/v1/options/{source}":    read,

		"POST /api/v1/overlap":          read,
		"POST /api/v1/recipients":       read,
		"GET /api/v1/activities/stream": read,

		// A webhook carries contacts out, and its address and secret are worth hiding.
		"GET /api/v1/webhooks":                                    admin,
		"POST /api/v1/webhooks":                                   admin,
		"GET /api/v1/webhooks/{id}":                               admin,
		"PATCH /api/v1/webhooks/{id}":                             admin,
		"DELETE /api/v1/webhooks/{id}":                            admin,
		"POST /api/v1/webhooks/{id}/pause":                        admin,
		"POST /api/v1/webhooks/{id}/resume":                       admin,
		"POST /api/v1/webhooks/{id}/secret":                       admin,
		"POST /api/v1/webhooks/{id}/test":                         admin,
		"POST /api/v1/webhooks/{id}/replay":                       admin,
		"GET /api/v1/webhooks/{id}/deliveries":                    admin,
		"GET /api/v1/webhooks/{id}/deliveries/{delivery}/request": admin,
		"POST /api/v1/webhooks/{id}/deliveries/{delivery}/replay": admin,
		"GET /api/v1/connectors":                                  admin,
		"POST /api/v1/connectors":                                 admin,
		"GET /api/v1/connectors/{id}":                             admin,
		"PATCH /api/v1/connectors/{id}":                           admin,
		"DELETE /api/v1/connectors/{id}":                          admin,
		"POST /api/v1/connectors/{id}/pause":                      admin,
		"POST /api/v1/connectors/{id}/resume":                     admin,
		"POST /api/v1/connectors/{id}/compare":                    admin,
		"POST /api/v1/connectors/{id}/test":                       admin,

		"GET /api/v1/retention":          read,
		"PATCH /api/v1/retention":        admin,
		"POST /api/v1/retention/preview": edit,
		"GET /api/v1/retention/runs":     read,

		"GET /api/v1/system":            read,
		"GET /api/v1/settings":          read,
		"PATCH /api/v1/settings":        admin,
		"GET /api/v1/keys":              admin,
		"POST /api/v1/keys":             admin,
		"DELETE /api/v1/keys/{id}":      admin,
		"GET /api/v1/users":             admin,
		"POST /api/v1/users":            admin,
		"GET /api/v1/users/{id}":        admin,
		"PATCH /api/v1/users/{id}":      admin,
		"DELETE /api/v1/users/{id}":     admin,
		"POST /api/v1/users/{id}/link":  admin,
		"POST /api/v1/session/password": read, // one's own
		"POST /api/v1/clock":            admin,
		"POST /api/v1/verify":           admin,
	}
	for _, definitions := range []string{"fields", "activity-types", "consents", "lists", "channels"} {
		path := " /api/v1/" + definitions
		table["GET"+path] = read
		table["POST"+path] = edit
		table["GET"+path+"/{code}"] = read
		table["PUT"+path+"/{code}"] = edit
		table["DELETE"+path+"/{code}"] = edit
		table["GET"+path+"/{code}/usage"] = read
	}
	return table
}

// Permissions answers the roles that may call each operation, by "METHOD /path".
func Permissions() map[string][]string {
	out := map[string][]string{}
	for operation, roles := range permissions() {
		for _, r := range roles {
			out[operation] = append(out[operation], string(r))
		}
	}
	return out
}
