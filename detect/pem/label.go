package pem

import (
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// maxLabel is how many characters a label may have. The longest seen are those of
// hybrid signature algorithms, at about 50.
const maxLabel = 64

// boundary is one line of dashes.
type boundary struct {
	start  int    // its first character, or the first that is left of it
	next   int    // the character after its last dash
	label  string // what stands before the last dashes, as far as it is there
	opens  bool   // "BEGIN" was seen
	closes bool   // "END" was seen
}

// boundaryAt reads the boundary of which an anchor begins at character at.
func boundaryAt(t probe.Text, at int) boundary {
	b := boundary{start: at}
	end := at
	for t.At(end) != '-' && end < at+maxLabel {
		end++
	}
	b.next = dashes(t, end)
	if t.At(end-1) == ' ' {
		end--
	}
	k := at
	for ; k > at-maxLabel; k-- {
		if t.Has(k, "BEGIN") && afterDash(t, k) {
			b.opens, b.start = true, firstDash(t, k)
			b.label = string(t.Append(nil, k+len("BEGIN"), end))
			return b
		}
		if t.Has(k, "END") && afterDash(t, k) {
			b.closes, b.start = true, firstDash(t, k)
			b.label = string(t.Append(nil, k+len("END"), end))
			return b
		}
		if !inLabel(t.At(k - 1)) {
			break
		}
	}
	// The head of the line is lost: whatever letters are left may name the
	// algorithm.
	b.label = string(t.Append(nil, k, end))
	return b
}

// afterDash reports whether the word at i stands after the first dashes of a
// boundary. SSH Communications Security's have a blank between.
func afterDash(t probe.Text, i int) bool {
	return t.At(i-1) == '-' || t.At(i-1) == ' ' && t.At(i-2) == '-'
}

// maxDashes is how many dashes stand on each side: five, or four in the files of
// SSH Communications Security. More belong to another boundary.
const maxDashes = 5

// firstDash returns the first of the dashes before the word at i.
func firstDash(t probe.Text, i int) int {
	if t.At(i-1) == ' ' {
		i--
	}
	for n := 0; n < maxDashes && t.At(i-1) == '-'; n++ {
		i--
	}
	return i
}

// dashes returns the character after the dashes at i.
func dashes(t probe.Text, i int) int {
	for n := 0; n < maxDashes && t.At(i) == '-'; n++ {
		i++
	}
	return i
}

// inLabel reports whether c may stand in a label (RFC 7468, section 3, without the
// punctuation that no label in use has), or between it and the first dashes. The
// percent and plus signs are blanks in a URL.
func inLabel(c byte) bool {
	switch {
	case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		return true
	}
	return strings.IndexByte(" -_.+%/", c) >= 0
}

// closing returns the character after the closing boundary at i, or as much of it
// as is there; ok is false when none begins at i.
func closing(t probe.Text, i int) (next int, ok bool) {
	k := dashes(t, i)
	if k-i < maxDashes-1 {
		return i, false
	}
	if t.At(k) == ' ' {
		k++
	}
	if !t.Has(k, "END") {
		return i, false
	}
	for n := 0; n < maxLabel && inLabel(t.At(k)) && t.At(k) != '-'; n++ {
		k++
	}
	// Labels such as "ML-DSA-65 PRIVATE KEY" have dashes of their own.
	for n := 0; n < maxLabel && t.At(k) == '-' && !t.Has(k, "----"); n++ {
		for k++; inLabel(t.At(k)) && t.At(k) != '-' && n < maxLabel; k++ {
			n++
		}
	}
	return dashes(t, k), true
}

// kindOf returns the kind of key that a label promises.
func kindOf(label string) string {
	words := strings.FieldsFunc(strings.ToUpper(label), func(r rune) bool {
		return r == ' ' || r == '%' || r == '+' || r == '_'
	})
	kind := privkey.Other
	for _, w := range words {
		switch {
		case w == "ENCRYPTED":
			return privkey.Encrypted
		case w == "PGP":
			return privkey.PGP
		case kind != privkey.Other:
		case w == "RSA":
			kind = privkey.RSA
		case w == "EC", w == "ECDSA":
			kind = privkey.EC
		case w == "DSA", w == "DSS":
			kind = privkey.DSA
		case w == "DH", w == "X9.42":
			kind = privkey.DH
		case w == "ED25519":
			kind = privkey.Ed25519
		case w == "X25519":
			kind = privkey.X25519
		case w == "ED448":
			kind = privkey.Ed448
		case w == "X448":
			kind = privkey.X448
		case strings.HasPrefix(w, "ML-DSA"), strings.HasPrefix(w, "MLDSA"):
			kind = privkey.MLDSA
		case strings.HasPrefix(w, "ML-KEM"), strings.HasPrefix(w, "MLKEM"):
			kind = privkey.MLKEM
		case strings.HasPrefix(w, "SLH-DSA"), strings.HasPrefix(w, "SLHDSA"):
			kind = privkey.SLHDSA
		}
	}
	return kind
}
