package wrapped

import (
	"bytes"
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// bcryptKeys is the detector of bcrypt's key objects.
type bcryptKeys struct{}

// NewBCryptKey returns the detector of symmetric keys in the objects of Windows's
// bcrypt, among them those under which LSASS keeps credentials.
func NewBCryptKey() probe.Detector { return bcryptKeys{} }

// maxObject bounds a key object. With an expanded AES key and room for alignment
// it takes less than 2 KiB.
const maxObject = 4 << 10

// Spec implements [probe.Detector]. The anchor is the tag, read backwards.
func (bcryptKeys) Spec() probe.Spec {
	return probe.Spec{
		ID:      "bcrypt-symmetric-key",
		About:   "symmetric keys in objects of Windows's bcrypt, as LSASS holds",
		Kinds:   []string{privkey.Symmetric},
		Anchors: []string{"KSSM"},
		Before:  4,
		After:   maxObject,
	}
}

// Detect implements [probe.Detector]. The object is its size, the tag, words that
// differ from release to release, the size of the secret, and the secret.
func (bcryptKeys) Detect(v probe.View, emit func(probe.Match)) {
	start := v.At - 4
	if start < 0 {
		return
	}
	size := binary.LittleEndian.Uint32(v.Data[start:])
	if size < 32 || size > maxObject {
		return
	}
	p := v.Data[start:min(len(v.Data), start+int(size))]
	// Where the secret's size stands: Windows Vista and 7; 8; 8.1 and later, the
	// last in 32-bit processes from 2019 on too (pypykatz, lsa_template_nt6.py).
	for _, at := range [...]int{24, 32, 40, 52, 56} {
		if at+4+minPrivate > len(p) {
			return
		}
		n := int(binary.LittleEndian.Uint16(p[at:]))
		if n != 16 && n != 24 && n != 32 || p[at+2] != 0 || p[at+3] != 0 || at+4+n > int(size) {
			continue
		}
		secret := p[at+4 : min(len(p), at+4+n)]
		if !random(secret) {
			continue
		}
		g := probe.Range{Start: start + at + 4, End: start + at + 4 + len(secret)}
		var s secrets
		s.add(secret, g)
		c := probe.Likely
		// An expanded AES key begins with the key itself.
		if k := bytes.Index(p[at+4+len(secret):], secret); k >= 0 && len(secret) == n {
			c = probe.Confirmed
			s.ranges = append(s.ranges, probe.Range{Start: g.End + k, End: g.End + k + n})
		}
		if m, ok := s.match(privkey.Symmetric, probe.CNG, c, probe.Range{Start: start, End: start + len(p)}); ok {
			emit(m)
		}
		return
	}
}
