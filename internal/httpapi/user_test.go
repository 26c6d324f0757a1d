package httpapi_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/muster-groups/muster/internal/app"
	"github.com/muster-groups/muster/internal/httpapi"
)

func TestAUserIsInvitedListedChangedAndDeleted(t *testing.T) {
	h := newHouse(t, httpapi.People{PublicURL: "https://muster.example"})
	_, admin := h.add("admin@example.com", app.RoleAdministrator)
	var made struct {
		User struct{ ID, Status string }
		Link struct{ URL string }
	}
	got := admin.want(201, "invited", "POST", "/users", `{"email": "Eve@example.com", "name": "Eve", "role": "viewer"}`)
	if err := json.Unmarshal([]byte(got.body), &made); err != nil {
		t.Fatal(err)
	}
	token, ok := strings.CutPrefix(made.Link.URL, "https://muster.example/link#")
	if !ok {
		t.Errorf("link: got %s, want one of the public address", made.Link.URL)
	}
	eve := h.browser()
	eve.want(200, `"Eve"`, "POST", "/session/redeem", jsonOf(map[string]string{"token": token, "password": password}))
	eve.want(403, "expected the role", "POST", "/groups", `{}`)
	user := "/users/" + made.User.ID
	admin.want(200, `"editor"`, "PATCH", user, `{"role": "editor", "name": "Eva"}`)
	eve.want(422, "", "POST", "/groups", `{}`) // the new role holds at once
	eve.want(200, `"Eva"`, "GET", "/session", "")
	if list := admin.do("GET", "/users", "").body; strings.Contains(list, "hash") || strings.Contains(list, "argon2") || strings.Contains(list, "stamp") {
		t.Errorf("list of users: got %s, want no secrets", list)
	}
	admin.want(200, `"disabled"`, "PATCH", user, `{"disabled": true}`)
	eve.want(401, "", "GET", "/groups", "")
	eve.want(401, "the email or the password is wrong", "POST", "/session", credentials("eve@example.com", password))
	admin.want(409, "not disabled", "POST", user+"/link", "")
	admin.want(200, `"active"`, "PATCH", user, `{"disabled": false}`)
	eve.want(401, "", "GET", "/groups", "") // what has ended stays so
	eve.want(200, "", "POST", "/session", credentials("eve@example.com", password))
	admin.want(204, "", "DELETE", user, "")
	eve.want(401, "", "GET", "/groups", "")
	admin.want(404, "", "GET", user, "")
}

func TestANewLinkReplacesTheOneBeforeAndThePasswordOnlyWhenUsed(t *testing.T) {
	h := newHouse(t, httpapi.People{})
	_, admin := h.add("admin@example.com", app.RoleAdministrator)
	id, eve := h.add("eve@example.com", app.RoleViewer)
	var links [2]app.Link
	for i := range links {
		got := admin.want(201, "/link#", "POST", "/users/"+id+"/link", "")
		if err := json.Unmarshal([]byte(got.body), &links[i]); err != nil {
			t.Fatal(err)
		}
	}
	redeem := func(l app.Link) string {
		return jsonOf(map[string]string{"token": tokenOf(l), "password": "some other sentence"})
	}
	eve.want(200, "", "GET", "/session", "")
	stranger := h.browser()
	stranger.want(410, "", "POST", "/session/redeem", redeem(links[0]))
	stranger.want(200, "", "POST", "/session", credentials("eve@example.com", password))
	stranger.want(200, "eve@example.com", "POST", "/session/redeem", redeem(links[1]))
	eve.want(401, "", "GET", "/session", "")
	eve.want(401, "", "POST", "/session", credentials("eve@example.com", password))
}

func TestTheLastAdminStaysOne(t *testing.T) {
	h := newHouse(t, httpapi.People{})
	id, admin := h.add("admin@example.com", app.RoleAdministrator)
	if _, err := h.app.AddUser(t.Context(), app.UserInput{Email: "invited@example.com", Role: app.RoleAdministrator}); err != nil {
		t.Fatal(err)
	}
	user := "/users/" + id
	for range 2 { // an invited admin cannot sign in yet, and does not count
		admin.want(409, "last_admin", "PATCH", user, `{"role": "editor"}`)
		admin.want(409, "last_admin", "PATCH", user, `{"disabled": true}`)
		admin.want(409, "last_admin", "DELETE", user, "")
	}
	admin.want(200, "", "PATCH", user, `{"name": "Ada"}`)
	_, second := h.add("second@example.com", app.RoleAdministrator)
	admin.want(200, `"viewer"`, "PATCH", user, `{"role": "viewer"}`)
	admin.want(403, "", "GET", "/users", "")
	second.want(204, "", "DELETE", user, "")
}

func TestTwoAdminsWhoDemoteEachOtherAtOnceLeaveOne(t *testing.T) {
	h := newHouse(t, httpapi.People{})
	first, a := h.add("a@example.com", app.RoleAdministrator)
	second, b := h.add("b@example.com", app.RoleAdministrator)
	statuses := make([]int, 2)
	var group sync.WaitGroup
	group.Go(func() { statuses[0] = a.do("PATCH", "/users/"+second, `{"role": "viewer"}`).status })
	group.Go(func() { statuses[1] = b.do("PATCH", "/users/"+first, `{"role": "viewer"}`).status })
	group.Wait()
	users, err := h.app.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	admins := 0
	for _, u := range users.Items {
		if u.Role == app.RoleAdministrator {
			admins++
		}
	}
	if admins != 1 {
		t.Errorf("answers %v: got %d admins, want 1", statuses, admins)
	}
}

func TestOneEmailIsAddedOnceHoweverManyAddIt(t *testing.T) {
	h := newHouse(t, httpapi.People{})
	_, admin := h.add("admin@example.com", app.RoleAdministrator)
	var group sync.WaitGroup
	statuses := make([]int, 8)
	for i := range statuses {
		group.Go(func() {
			statuses[i] = admin.do("POST", "/users", fmt.Sprintf(`{"email": %q, "role": "viewer"}`, []string{"eve@example.com", "EVE@example.com"}[i%2])).status
		})
	}
	group.Wait()
	made := 0
	for _, s := range statuses {
		if s == 201 {
			made++
		} else if s != 409 {
			t.Errorf("adding the same email at once: got %d, want 201 or 409", s)
		}
	}
	if made != 1 {
		t.Errorf("adding the same email eight times at once: got %d made, want 1", made)
	}
}

func TestOneLinkIsRedeemedOnceHoweverManyTry(t *testing.T) {
	h := newHouse(t, httpapi.People{})
	made, err := h.app.AddUser(t.Context(), app.UserInput{Email: "eve@example.com", Role: app.RoleViewer})
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	statuses := make([]int, 6)
	for i := range statuses {
		b := h.browser()
		group.Go(func() {
			statuses[i] = b.do("POST", "/session/redeem", jsonOf(map[string]string{"token": tokenOf(made.Link), "password": password})).status
		})
	}
	group.Wait()
	won := 0
	for _, s := range statuses {
		if s == 200 {
			won++
		} else if s != 410 {
			t.Errorf("redeeming at once: got %d, want 200 or 410", s)
		}
	}
	if won != 1 {
		t.Errorf("redeeming one link six times at once: got %d let in, want 1", won)
	}
}
