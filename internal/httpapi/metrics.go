package httpapi

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/muster-groups/muster"
	"github.com/muster-groups/muster/internal/app"
)

// metrics measures the API and, when asked, the App behind it. Its registry
// is its own, so that two servers in one process do not mix.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	apply    prometheus.Histogram
}

func newMetrics(a *app.App) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "muster_http_request_seconds", Help: "How long requests took, by operation and status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"operation", "status"}),
		apply: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "muster_apply_seconds", Help: "How long batches of changes took from being handed over to being durable.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}),
	}
	a.Counters().Observe(func(took time.Duration, _ int) { m.apply.Observe(took.Seconds()) })
	m.registry.MustRegister(m.requests, m.apply, appCollector{a}, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// measured times an operation.
func (m *metrics) measured(pattern string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		next(recorder, r)
		m.requests.WithLabelValues(pattern, strconv.Itoa(recorder.status)).Observe(time.Since(started).Seconds())
	}
}

type statusRecorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status.
func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets response controllers through.
func (r *statusRecorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// appCollector asks the App for its counts and sizes when metrics are read.
type appCollector struct{ app *app.App }

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("muster_"+name, help, labels, nil)
}

// Describe sends nothing: the collector is unchecked, its metrics follow the data.
func (c appCollector) Describe(chan<- *prometheus.Desc) {}

// Collect sends the present counts and sizes.
func (c appCollector) Collect(out chan<- prometheus.Metric) {
	counter := prometheus.CounterValue
	gauge := prometheus.GaugeValue
	items, batches := c.app.Counters().Items()
	out <- prometheus.MustNewConstMetric(describe("batches_total", "Batches of changes that were applied."), counter, float64(batches))
	for _, status := range []muster.ItemStatus{muster.Accepted, muster.Duplicate, muster.Expired, muster.Rejected} {
		out <- prometheus.MustNewConstMetric(describe("items_total", "Changes by what became of them.", "status"), counter, float64(items[status]), string(status))
	}
	states := c.app.GroupStates()
	for _, status := range []muster.GroupStatus{muster.NeverCalculated, muster.ConditionChanged, muster.Recalculating, muster.UpToDate, muster.Failed} {
		out <- prometheus.MustNewConstMetric(describe("groups", "Groups by status.", "status"), gauge, float64(states[status]), string(status))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	stats, err := c.app.Stats(ctx)
	if err != nil {
		return // readiness tells that the store has failed
	}
	out <- prometheus.MustNewConstMetric(describe("contacts", "Parent contacts."), gauge, float64(stats.Contacts))
	out <- prometheus.MustNewConstMetric(describe("contacts_merged", "Contacts merged into others."), gauge, float64(stats.Merged))
	out <- prometheus.MustNewConstMetric(describe("activities", "Stored activities."), gauge, float64(stats.Activities))
	out <- prometheus.MustNewConstMetric(describe("changes_total", "Entered and left records."), counter, float64(stats.Changes))
	for part, size := range stats.Bytes {
		out <- prometheus.MustNewConstMetric(describe("store_bytes", "Size of the store by what it holds.", "part"), gauge, float64(size), part)
	}
	ready := c.app.Ready(ctx)
	out <- prometheus.MustNewConstMetric(describe("tick_seconds", "The instant of the last commit."), gauge, float64(ready.Now))
	behind := 0.0
	if ready.Status == "clock" {
		behind = 1
	}
	out <- prometheus.MustNewConstMetric(describe("clock_stands", "1 while time stands still because the system's clock is wrong."), gauge, behind)
}
