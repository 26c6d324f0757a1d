package delivery

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Listmonk stands in for a listmonk server. It answers the calls that its API
// documentation describes under subscribers and lists, with their parameters,
// shapes, checks and conflicts; of SQL it understands the one expression that
// asks for addresses, and the one that asks for contacts. Anything else is answered 400, so that a caller that
// strays from the documentation is noticed.
type Listmonk struct {
	mu          sync.Mutex
	token       string
	lists       []int
	subscribers []*Subscriber
	last        int // the number of the subscriber made last
	calls       []string
	down        int // how many of the next calls fail
	halt        *halt
}

// halt lets calls wait from a certain state on.
type halt struct {
	list, after int
	reached     chan struct{}
	released    chan struct{}
	once        sync.Once
}

// Subscriber is one of listmonk's.
type Subscriber struct {
	ID      int            `json:"id"`
	Email   string         `json:"email"`
	Name    string         `json:"name"`
	Attribs map[string]any `json:"attribs"`
	Status  string         `json:"status"`
	Lists   []Subscription `json:"lists"`
}

// Subscription is a subscriber's to one list.
type Subscription struct {
	ID     int    `json:"id"`
	Status string `json:"subscription_status"`
}

// NewListmonk makes a server with some lists and one API user, "muster".
func NewListmonk(token string, lists ...int) *Listmonk { return &Listmonk{token: token, lists: lists} }

// Put adds a subscriber as people in listmonk would.
func (l *Listmonk) Put(email, status string, lists ...Subscription) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	l.subscribers = append(l.subscribers, &Subscriber{ID: l.last, Email: email, Name: email, Status: status, Lists: lists, Attribs: map[string]any{}})
}

// Unsubscribe is what a subscriber does by the link in an email.
func (l *Listmonk) Unsubscribe(email string, list int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.subscribers {
		if s.Email == email {
			s.set(list, "unsubscribed")
		}
	}
}

// Fail lets so many of the next calls fail.
func (l *Listmonk) Fail(calls int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = calls
}

// Halt lets every call wait once so many are on a list, and answers a channel
// that is closed when the first one waits. Calls that waited are broken off
// when the caller says so, and then everything goes on.
func (l *Listmonk) Halt(list, after int) (reached <-chan struct{}, release func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := &halt{list: list, after: after, reached: make(chan struct{}), released: make(chan struct{})}
	l.halt = h
	return h.reached, sync.OnceFunc(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.halt = nil
		close(h.released)
	})
}

// waits lets a call wait if it has to, and breaks it off afterwards.
func (l *Listmonk) waits() {
	l.mu.Lock()
	h, on := l.halt, 0
	if h != nil {
		for _, s := range l.subscribers {
			if s.on(h.list) != "" {
				on++
			}
		}
	}
	l.mu.Unlock()
	if h == nil || on < h.after {
		return
	}
	h.once.Do(func() { close(h.reached) })
	<-h.released
	panic(http.ErrAbortHandler)
}

// On answers who is how on a list: "ada@example.com unconfirmed".
func (l *Listmonk) On(list int) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := []string{}
	for _, s := range l.subscribers {
		if status := s.on(list); status != "" {
			out = append(out, s.Email+" "+status)
		}
	}
	slices.Sort(out)
	return out
}

// Calls answers the calls so far: "PUT /api/subscribers/lists".
func (l *Listmonk) Calls() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.calls)
}

// Known answers the addresses of all subscribers, whatever list they are on.
func (l *Listmonk) Known() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := []string{}
	for _, s := range l.subscribers {
		out = append(out, s.Email)
	}
	slices.Sort(out)
	return out
}

// contact is the id that Muster has left with a subscriber it made.
func (s *Subscriber) contact() string {
	about, _ := s.Attribs["muster"].(map[string]any)
	id, _ := about["contact_id"].(string)
	return id
}

func (s *Subscriber) on(list int) string {
	for _, has := range s.Lists {
		if has.ID == list {
			return has.Status
		}
	}
	return ""
}

func (s *Subscriber) set(list int, status string) {
	s.Lists = slices.DeleteFunc(s.Lists, func(has Subscription) bool { return has.ID == list })
	if status != "" {
		s.Lists = append(s.Lists, Subscription{list, status})
	}
}

// ServeHTTP answers a call.
func (l *Listmonk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.waits()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, r.Method+" "+r.URL.Path)
	w.Header().Set("Content-Type", "application/json")
	data, status, message := l.answer(r)
	if status != http.StatusOK {
		w.WriteHeader(status)
		data = nil
		_ = json.NewEncoder(w).Encode(map[string]any{"message": message}) // a caller that was killed needs no answer
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"data": data})
}

func (l *Listmonk) answer(r *http.Request) (data any, status int, message string) {
	if l.down > 0 {
		l.down--
		return nil, http.StatusInternalServerError, "the database is away"
	}
	user, token, basic := r.BasicAuth()
	if !basic {
		user, token, _ = strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "token "), ":")
	}
	if user != "muster" || token != l.token {
		return nil, http.StatusForbidden, "invalid API credentials"
	}
	id, one := strings.CutPrefix(r.URL.Path, "/api/lists/")
	switch call := r.Method + " " + r.URL.Path; {
	case one && r.Method == http.MethodGet:
		if n, err := strconv.Atoi(id); err == nil && slices.Contains(l.lists, n) {
			return map[string]any{"id": n, "name": "List", "type": "private", "optin": "single"}, http.StatusOK, ""
		}
		return nil, http.StatusBadRequest, "List not found"
	case call == "GET /api/subscribers":
		return l.query(r)
	case call == "POST /api/subscribers":
		return l.create(r)
	case call == "DELETE /api/subscribers":
		return l.remove(r)
	case call == "PUT /api/subscribers/lists":
		return l.manage(r)
	}
	return nil, http.StatusNotFound, "not found"
}

var contacts = regexp.MustCompile(`^subscribers\.attribs->'muster'->>'contact_id' IN \(('[0-9a-f-]{36}'(?:, )?)+\)$`)

var addresses = regexp.MustCompile(`^LOWER\(subscribers\.email\) IN \(('(?:[^']|'')*'(?:, )?)+\)$`)

// query pages through subscribers, filtered by list and addresses.
func (l *Listmonk) query(r *http.Request) (any, int, string) {
	q := r.URL.Query()
	page, err := strconv.Atoi(cmp.Or(q.Get("page"), "1"))
	perPage, err2 := strconv.Atoi(cmp.Or(q.Get("per_page"), "20"))
	if err != nil || err2 != nil || page < 1 || perPage < 1 {
		return nil, http.StatusBadRequest, "invalid page"
	}
	query := q.Get("query")
	if query != "" && !addresses.MatchString(query) && !contacts.MatchString(query) {
		return nil, http.StatusBadRequest, "error querying subscribers: " + query
	}
	var found []*Subscriber
	for _, s := range l.subscribers {
		list, err := strconv.Atoi(cmp.Or(q.Get("list_id"), "0"))
		quoted := "'" + strings.ReplaceAll(strings.ToLower(s.Email), "'", "''") + "'"
		if contacts.MatchString(query) {
			quoted = "'" + s.contact() + "'"
		}
		if err == nil && (list == 0 || s.on(list) != "") && (query == "" || strings.Contains(query, quoted)) {
			found = append(found, s)
		}
	}
	from := min((page-1)*perPage, len(found))
	results := found[from:min(from+perPage, len(found))]
	if results == nil {
		results = []*Subscriber{}
	}
	return map[string]any{"results": results, "query": query, "total": len(found), "per_page": perPage, "page": page}, http.StatusOK, ""
}

// remove deletes subscribers by number.
func (l *Listmonk) remove(r *http.Request) (any, int, string) {
	var ids []int
	for _, text := range r.URL.Query()["id"] {
		id, err := strconv.Atoi(text)
		if err != nil || id < 1 {
			return nil, http.StatusBadRequest, "Invalid ID(s)."
		}
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil, http.StatusBadRequest, "No IDs given."
	}
	l.subscribers = slices.DeleteFunc(l.subscribers, func(s *Subscriber) bool { return slices.Contains(ids, s.ID) })
	return true, http.StatusOK, ""
}

func (l *Listmonk) create(r *http.Request) (any, int, string) {
	var in struct {
		Email, Name, Status string
		Lists               []int
		Attribs             map[string]any
		Preconfirm          bool `json:"preconfirm_subscriptions"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, http.StatusBadRequest, err.Error()
	}
	in.Email = strings.ToLower(strings.TrimSpace(in.Email))
	switch {
	case !strings.Contains(in.Email, ".") || strings.HasSuffix(in.Email, "@blocked.example"):
		return nil, http.StatusBadRequest, "Invalid e-mail."
	case in.Name == "" || in.Status != "enabled" && in.Status != "blocklisted":
		return nil, http.StatusBadRequest, "Invalid name or status."
	case slices.ContainsFunc(l.subscribers, func(s *Subscriber) bool { return s.Email == in.Email }):
		return nil, http.StatusConflict, "E-mail already exists."
	}
	l.last++
	s := &Subscriber{ID: l.last, Email: in.Email, Name: in.Name, Status: in.Status, Attribs: in.Attribs}
	for _, list := range in.Lists {
		status := "unconfirmed"
		if in.Preconfirm {
			status = "confirmed"
		}
		s.set(list, status)
	}
	l.subscribers = append(l.subscribers, s)
	return s, http.StatusOK, ""
}

// manage changes memberships. As listmonk does, adding overwrites how somebody
// is subscribed, also when they have unsubscribed: the caller has to look.
func (l *Listmonk) manage(r *http.Request) (any, int, string) {
	var in struct {
		IDs    []int  `json:"ids"`
		Action string `json:"action"`
		Lists  []int  `json:"target_list_ids"`
		Status string `json:"status"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, http.StatusBadRequest, err.Error()
	}
	if len(in.IDs) == 0 || len(in.Lists) == 0 {
		return nil, http.StatusBadRequest, "No IDs given."
	}
	if in.Action == "add" && !slices.Contains([]string{"confirmed", "unconfirmed", "unsubscribed"}, in.Status) {
		return nil, http.StatusBadRequest, "Invalid status."
	}
	statuses := map[string]string{"add": in.Status, "remove": "", "unsubscribe": "unsubscribed"}
	status, known := statuses[in.Action]
	if !known {
		return nil, http.StatusBadRequest, fmt.Sprintf("Invalid action %q.", in.Action)
	}
	for _, s := range l.subscribers {
		if slices.Contains(in.IDs, s.ID) {
			for _, list := range in.Lists {
				s.set(list, status)
			}
		}
	}
	return true, http.StatusOK, ""
}
