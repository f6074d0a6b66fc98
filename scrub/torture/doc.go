// Package torture attacks package scrub from outside: a writer races with the
// run, headers lie, decoys come by the million. All of it is in the tests; their
// short form belongs to every test run, and
//
//	DUMPSCRUB_TORTURE=5m go test ./scrub/torture
//
// goes on for that long in each attack. Every failure prints the seed of its
// trial; DUMPSCRUB_SEED=N begins with that one.
package torture
