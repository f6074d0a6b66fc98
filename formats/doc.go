// Package formats finds the reader for a dump and has it laid out.
//
// A dump's format is recognised by its first bytes, never by its name. Each
// reader is a folder below this one with a Sniff and an Open; a new format is one
// folder and one line in the list of readers here. Compressed dumps are opened
// first with formats/container, by the caller, who owns the spool.
//
// There are four answers to the question what a file is: a layout; a
// [*layout.Error], when it is of a known format and malformed beyond use; a
// [*layout.Unsupported], when it is known and cannot be inspected; and
// [layout.ErrUnknown]. Only the first lets a dump pass.
//
// For example:
//
//	l, err := formats.Open(file, size, "")
//	if errors.Is(err, layout.ErrUnknown) {
//		// perhaps raw memory, which must be asked for: formats.Open(file, size, "raw")
//	}
package formats
