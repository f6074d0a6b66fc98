// Package sights keeps what the first pass saw for the second: tokens, numbers and keys that
// are no secret, or prove none, by themselves.
//
// Each worker has [Record] of its own. All of them are bounded, for a dump can hold any
// number of look-alikes, and what stays is a function of all that was seen, whatever
// order it was seen in: what lies first in the file, or has the lowest address.
package sights
