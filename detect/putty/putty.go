package putty

import (
	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// The names of the fields that matter ("PPK file format", section "Outer layer").
const (
	fieldFile       = "PuTTY-User-Key-File-"
	fieldEncryption = "Encryption:"
	fieldComment    = "Comment:"
	fieldPublic     = "Public-Lines:"
	fieldDerivation = "Key-Derivation:"
	fieldPrivate    = "Private-Lines:"
	fieldMAC        = "Private-MAC:"
	fieldHash       = "Private-Hash:" // in plain files of version 1
)

const (
	// before is how far, in characters, the file may begin before an anchor: the
	// private lines of an RSA key of 16,384 bits take 7,000, the public ones 2,900,
	// the comment and escapes the rest.
	before = 16 << 10
	// after is how far it may go on after one: the private lines.
	after = 10 << 10
)

type detector struct{}

// New returns the detector "putty-private-key".
func New() probe.Detector { return detector{} }

func (detector) Spec() probe.Spec {
	return probe.Spec{
		ID:    "putty-private-key",
		About: "PuTTY private key files, plain and encrypted, whole or damaged",
		Kinds: []string{
			privkey.RSA, privkey.DSA, privkey.EC, privkey.Ed25519, privkey.Ed448,
			privkey.Encrypted, privkey.Other,
		},
		// Private bytes stand only between these two, and either may be overwritten.
		Anchors: []string{fieldPrivate, fieldMAC, fieldHash},
		Text:    true,
		Before:  before,
		After:   after,
	}
}

func (detector) Detect(v probe.View, emit func(probe.Match)) {
	t, at := probe.TextOf(v)
	var f file
	if t.Has(at, fieldPrivate) {
		f = fromLines(t, at)
	} else {
		f = fromMAC(t, at)
	}
	defer f.body.Wipe()
	if !believable(&f.body) {
		return
	}
	f.readHeader(v, t)
	f.emit(t, emit)
}

const (
	// minDigits is how many digits the first line must have: the shortest private
	// blob, a number of 160 bits in a DSA key, has 32, and cut after 20 it still
	// shows 10 of its 20 bytes.
	minDigits = 20
	// minDistinct is how many different digits a body must have. Twenty random ones
	// have about seventeen, placeholders have few.
	minDistinct = 8
)

// believable reports whether b can be a private blob.
func believable(b *base64text.Body) bool {
	if len(b.Lines) == 0 || b.Lines[0].N < minDigits {
		return false
	}
	var seen [128]bool
	distinct := 0
	for _, d := range b.Digits {
		if !seen[d&0x7f] {
			seen[d&0x7f] = true
			distinct++
		}
	}
	return distinct >= minDistinct
}

// emit reports the file.
func (f *file) emit(t probe.Text, emit func(probe.Match)) {
	var blob []byte
	if f.headless {
		blob = f.body.DecodeTail()
	} else {
		blob = f.body.Decode()
	}
	defer clear(blob)
	if len(blob) == 0 {
		return
	}
	k := f.key(blob)
	if f.macHolds(t, blob) {
		k.Confidence = probe.Confirmed
	}
	m := k.Match(t.Encoding(probe.PuTTY), 0)
	m.Range = t.Range(f.start, f.end)
	m.Text = true
	m.Redact = f.body.Ranges(t)
	if f.mac.N > 0 {
		m.Redact = append(m.Redact, t.Range(f.mac.Start, f.mac.End))
	}
	emit(m)
}
