package known

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// Fields of message Tombstone (AOSP, debuggerd/proto/tombstone.proto). The
// serializer writes them by rising number and leaves out what is zero.
const (
	fieldArch        = 1 // of an enum: 0 ARM32 (not written), 1 ARM64, 2 X86, 3 X86_64, 4 RISCV64
	fieldFingerprint = 2
	fieldTimestamp   = 4
	fieldPID         = 5
	fieldTID         = 6
	lastField        = 30 // beyond all fields defined so far
	maxArch          = 8
)

// Protocol buffer wire types (protobuf.dev, "Encoding").
const (
	wireVarint = 0
	wireBytes  = 2
)

// tombstone tests for the protocol buffer form of an Android tombstone. It has
// no magic, so that the head must be a sequence of its fields: in rising order,
// of the right wire type, with a build fingerprint, a timestamp and both ids.
func tombstone(head []byte) *layout.Unsupported {
	var seen uint64 // bit n for field n
	last := uint64(0)
	p := head
	for len(p) > 0 {
		key, n := binary.Uvarint(p)
		field, wire := key>>3, key&7
		if n <= 0 || field < last || field == 0 || field > lastField {
			return nil
		}
		last = field
		var body []byte
		var ok bool
		if p, body, ok = protoValue(p[n:], wire); !ok || !tombstoneField(field, wire, body) {
			return nil
		}
		seen |= 1 << field
		if field > fieldTID {
			break // what decides lies before; the rest may be cut by the head
		}
	}
	const need = 1<<fieldFingerprint | 1<<fieldTimestamp | 1<<fieldPID | 1<<fieldTID
	if seen&need != need {
		return nil
	}
	return &layout.Unsupported{Format: "android-tombstone", Why: whyUnread, Hint: hintRaw}
}

// protoValue splits one value of wire type wire off p. The body of a varint is
// its encoding.
func protoValue(p []byte, wire uint64) (rest, body []byte, ok bool) {
	v, n := binary.Uvarint(p)
	if n <= 0 {
		return nil, nil, false
	}
	switch wire {
	case wireVarint:
		return p[n:], p[:n], true
	case wireBytes:
		p = p[n:]
		m := len(p)
		if v < uint64(m) {
			m = int(v)
		}
		return p[m:], p[:m], true
	}
	return nil, nil, false
}

// tombstoneField reports whether body can be the value of field.
func tombstoneField(field, wire uint64, body []byte) bool {
	const numbers = 1<<fieldArch | 1<<fieldPID | 1<<fieldTID | 1<<7 | 1<<20 // uid, process_uptime
	if isNumber := numbers>>field&1 == 1; isNumber != (wire == wireVarint) && field <= 20 {
		return false
	}
	switch field {
	case fieldArch:
		return len(body) == 1 && body[0] <= maxArch
	case fieldFingerprint: // brand/product/device:version/…:type/tags
		return utf8.Valid(body) && bytes.Count(body, []byte("/")) >= 3 && bytes.Contains(body, []byte(":"))
	case 3, fieldTimestamp, 8: // revision, timestamp, SELinux label
		return utf8.Valid(body) && bytes.IndexByte(bytes.TrimRight(body, "\x00"), 0) < 0
	}
	return true
}
