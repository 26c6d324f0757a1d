// Package nodes runs several nodes on one PostgreSQL database and lets many act
// on them at once, while connections are cut and nodes are killed. After each
// round the oracle judges every group, and the feed is read for gaps.
//
// It must not know how nodes agree.
package nodes
