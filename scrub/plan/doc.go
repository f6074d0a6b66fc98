// Package plan says which bytes of a dump are overwritten, and with what.
//
// A [Builder] takes cuts as findings and whole classes of bytes call for them, in any order and
// overlapping. The [Plan] that it makes gives each byte one fill: of two cuts that have a byte
// the one fills it that says more of it. Beside its cuts a plan may have a mask, see package
// minimize. It holds no byte of a secret, and what it does to a tile depends on nothing else.
package plan
