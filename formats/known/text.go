package known

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// microdump tests for the line that opens a Breakpad microdump
// (microdump_writer.cc). The system log puts its own words before it, and other
// lines may come first.
func microdump(head []byte) *layout.Unsupported {
	if !bytes.Contains(head, []byte("-----BEGIN BREAKPAD MICRODUMP-----")) || !text(head) {
		return nil
	}
	return &layout.Unsupported{Format: "breakpad-microdump", Why: whyUnread, Hint: hintHex}
}

// apport tests for a report of Ubuntu's Apport (problem_report.py): "Key: value"
// lines, ProblemType first, with the core as base64 of gzip.
func apport(head []byte) *layout.Unsupported {
	if !bytes.HasPrefix(head, []byte("ProblemType: ")) &&
		!bytes.HasPrefix(head, []byte("CoreDump: base64\n")) &&
		!(text(head) && bytes.Contains(head, []byte("\nCoreDump: base64\n "))) {
		return nil
	}
	return &layout.Unsupported{Format: "apport", Why: whyUnread, Hint: "unpack it first with apport-unpack", Opaque: true}
}

// tombstoneText tests for the text form of an Android tombstone
// (debuggerd, tombstone.cpp), which opens with a line of asterisks.
func tombstoneText(head []byte) *layout.Unsupported {
	line := []byte("*** *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***\n")
	if !bytes.HasPrefix(head, line) {
		return nil
	}
	return &layout.Unsupported{Format: "android-tombstone", Why: whyUnread, Hint: hintHex}
}

// nodeReport tests for a diagnostic report of Node.js (node_report.cc): JSON
// that opens with a header object and its reportVersion.
func nodeReport(head []byte) *layout.Unsupported {
	const window = 64 // the two names, with whatever indentation between them
	var bare []byte
	for _, c := range head[:min(len(head), window)] {
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			bare = append(bare, c)
		}
	}
	if !bytes.HasPrefix(bare, []byte(`{"header":{"reportVersion":`)) {
		return nil
	}
	return &layout.Unsupported{Format: "node-report", Why: whyUnread, Hint: hintText}
}

// text reports whether head looks like text: no NUL and no control character
// but the usual ones. Memory that merely holds a line of a log does not.
func text(head []byte) bool {
	for _, c := range head {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != 0x1b {
			return false
		}
	}
	return true
}
