// Package search runs many detectors over a buffer in one pass.
//
// A [Searcher] merges the anchors of all its detectors into one table, walks the
// buffer once, a block that a cache holds at a time (package survey), and cuts a view
// of exactly a detector's reach around each hit. A hit belongs to the window that
// owns its first byte, so cutting a stream into windows of any size gives the same
// matches, each exactly once per hit.
package search
