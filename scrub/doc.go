// Package scrub is the order of the work: it reads a dump, finds its secrets,
// writes a copy without them, attacks that copy, and only then gives it a name.
//
// The way of the bytes:
//
//	Scan    every byte, through private buffers, each tile digested
//	Hunt    every encoding of every found value, over the whole file
//	Plan    merged spans, each with its fill
//	Copy    a tile again, its digest compared, redacted, written to an unnamed file
//	Verify  the copy laid out, scanned and hunted again, and compared with the rest
//	Publish the copy and its receipt get their names
//
// Vocabulary:
//
//   - A tile is 256 KiB of the file: the unit of reading and of digests.
//   - A tape is an order in which bytes are looked at: the file's own, or the
//     order of addresses across a seam.
//   - A seam is a place where memory is contiguous in the dumped process but not
//     in the file.
//   - A finding is a position; a secret is what one or more findings hold. No
//     type here that outlives the run holds a byte of one.
//
// A run ends with everything or with nothing: an error means that no output was
// given a name.
package scrub
