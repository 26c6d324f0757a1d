package app

import "context"

// Refresh takes in what other nodes on the same database have defined, so that
// what any of them has answered is known here. It comes before each request.
func (a *App) Refresh(ctx context.Context) error { return a.roster.Refresh(ctx) }

// Works reports whether this node does what is to be done once, such as
// deliveries. Without other nodes it always does.
func (a *App) Works() bool { return a.roster.Works() }

// DeliveriesWritten answers a number that grows when deliveries are configured,
// on whichever node.
func (a *App) DeliveriesWritten() int64 {
	return a.roster.Written("delivery_webhook") + a.roster.Written("delivery_connector")
}
