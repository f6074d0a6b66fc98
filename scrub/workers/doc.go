// Package workers runs code on several goroutines such that an error is the same in every
// run and a panic is an error that tells nothing of data.
//
// [Parallel] cuts work into numbered pieces; of those that fail the lowest number is told.
// [Guard] is what stands between a panic and what the runtime would print of it.
package workers
