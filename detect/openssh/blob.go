package openssh

import (
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// magic begins a blob (PROTOCOL.key, AUTH_MAGIC; the zero belongs to it).
const magic = "openssh-key-v1\x00"

const (
	maxName    = 64       // names of ciphers and key derivations
	maxOptions = 1 << 10  // bcrypt's are a salt of 16 bytes and a count
	maxKeys    = 16       // OpenSSH itself only ever writes one
	maxPublic  = 20 << 10 // a certificate and some more
	maxSection = 56 << 10 // RSA of 16384 bits with a certificate is 30 KiB
	maxComment = 4 << 10
	maxPadding = 255 // its bytes count from 1, so no cipher's block can be longer
)

// Parse reads the blob that begins at b[0]. What follows the blob in b is
// ignored; a blob that is cut off or damaged is accepted as far as private bytes
// are there. The ranges of the key are indices in b, its slices may alias b.
func Parse(b []byte) (privkey.Key, bool) {
	if len(b) < len(magic) || string(b[:len(magic)]) != magic {
		return privkey.Key{}, false
	}
	r := reader{b: b, off: len(magic)}
	cipher, o1 := r.str(1, maxName)
	if o1 != whole {
		return privkey.Key{}, false
	}
	_, o2 := r.str(1, maxName)
	if o2 != whole {
		return privkey.Key{}, false
	}
	_, o3 := r.str(0, maxOptions)
	n, ok := r.u32()
	if o3 != whole || !ok || n == 0 || n > maxKeys {
		return privkey.Key{}, false
	}
	var pub public
	for i := range n {
		g, o := r.str(lenSize, maxPublic)
		if o != whole {
			return privkey.Key{}, false
		}
		if i == 0 {
			pub = parsePublic(r.bytes(g))
		}
	}
	section, o := r.str(8, maxSection)
	switch {
	case o == damaged:
		return privkey.Key{}, false
	case string(r.bytes(cipher)) == "none":
		return plain(b[:section.End], section.Start, int(n), o)
	}
	return sealed(b, section, o, pub)
}

// sealed returns the key of an encrypted section.
func sealed(b []byte, section probe.Range, o outcome, pub public) (privkey.Key, bool) {
	text := b[section.Start:section.End]
	if !live(text) || len(text) < minPrivate {
		return privkey.Key{}, false
	}
	k := privkey.Key{
		Kind: privkey.Encrypted, Confidence: probe.Likely,
		Range: probe.Range{Start: 0, End: section.End}, Private: []probe.Range{section},
		SPKI: pub.spki(), Values: [][]byte{text},
	}
	// The section is padded to the block of its cipher, to eight without one. Where a
	// part of it was overwritten by something else it is no cipher text.
	if o == whole && len(text)%8 == 0 && pub.typ.family != noFamily && cipherText(text) {
		k.Confidence = probe.Confirmed
	}
	if k.Identity = k.SPKI; k.Identity == nil {
		k.Identity = text
	}
	return k, true
}

// cipherText reports whether p could be random throughout: that no sixteen bytes are
// text, which random ones are once in 10^7, and each 32 have nearly as many values as
// random ones, which have 22 or more but once in 10^9.
func cipherText(p []byte) bool {
	const piece, least, text = 32, 22, 16
	row := 0
	for _, b := range p {
		if row++; b < ' ' || b >= 0x7f {
			row = 0
		}
		if row == text {
			return false
		}
	}
	for i := 0; i+piece <= len(p); i += piece {
		var seen [256]bool
		n := 0
		for _, b := range p[i : i+piece] {
			if !seen[b] {
				seen[b] = true
				n++
			}
		}
		if n < least {
			return false
		}
	}
	return true
}

// plain reads the n keys of an unencrypted section at off that ends with b.
func plain(b []byte, off, n int, o outcome) (privkey.Key, bool) {
	r := reader{b: b, off: off}
	check1, _ := r.u32()
	check2, ok := r.u32()
	if !ok {
		return privkey.Key{}, false
	}
	var all privkey.Key
	good := o == whole && check1 == check2
	for i := 0; i < n; i++ {
		s, ok := parseSerial(b, r.off)
		if !ok {
			good = false
			break
		}
		r.off = s.span.End
		if _, o := r.str(0, maxComment); o != whole {
			good, n = false, i // nothing can follow
		}
		k, ok := s.key(true)
		if !ok {
			continue // redacted already
		}
		good = good && k.Confidence == probe.Confirmed
		all.Add(k)
	}
	if len(all.Private) == 0 {
		return privkey.Key{}, false
	}
	all.Range = probe.Range{Start: 0, End: len(b)}
	all.Confidence = probe.Likely
	if good && padded(b[r.off:]) {
		all.Confidence = probe.Confirmed
	}
	return all, true
}

// padded reports whether p counts 1, 2, 3, … as the end of a section does.
func padded(p []byte) bool {
	for i, c := range p {
		if int(c) != i+1 {
			return false
		}
	}
	return len(p) <= maxPadding
}
