package keystore

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/keyder"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	magicJKS   = 0xfeedfeed
	magicJCEKS = 0xcececece

	tagKey     = 1
	tagTrusted = 2
	tagSecret  = 3

	trailerSize = 20 // SHA-1
)

const (
	// maxEntries bounds the work for a store. The JDK's own trust store, the
	// largest in common use, has about 150 entries.
	maxEntries = 1024
	// maxChain bounds a certificate chain; honest ones have up to five.
	maxChain = 64
	maxKey   = 32 << 10  // RSA of 16384 bits in PKCS#8 takes 9.3 KiB
	maxCert  = 256 << 10 // certificates with very many names
	minKey   = 60        // an EncryptedPrivateKeyInfo of an Ed25519 key is longer
)

// store is what was read of a key store.
type store struct {
	r       reader
	jceks   bool
	version uint32
	private []probe.Range
	values  [][]byte
	keys    int    // key and secret entries
	spki    []byte // public key of the first key entry with a certificate
	spoiled bool   // an entry is not as it should be
}

// parse reads the store at b[at]. It fails when nothing in it is private.
func parse(b []byte, at int) (privkey.Key, string, bool) {
	s := store{r: reader{b: b, off: at}}
	magic := s.r.u32()
	s.version = s.r.u32()
	count := s.r.u32()
	s.jceks = magic == magicJCEKS
	if magic != magicJKS && !s.jceks || s.version < 1 || s.version > 2 || count < 1 || count > maxEntries {
		return privkey.Key{}, "", false
	}
	for range count {
		if s.r.fail != good {
			break
		}
		s.entry()
	}
	if len(s.private) == 0 {
		return privkey.Key{}, "", false
	}
	if s.r.fail == good {
		if g := s.r.take(trailerSize); g.Len() > 0 && live(s.r.bytes(g)) {
			s.private = append(s.private, g)
		}
	}
	k := privkey.Key{
		Kind: Kind, Confidence: probe.Likely, Range: probe.Range{Start: at, End: s.r.off},
		Private: s.private, Values: s.values, Identity: s.values[0],
	}
	if s.keys == 1 && s.spki != nil {
		k.SPKI, k.Identity = s.spki, s.spki
	}
	if s.r.fail == good && !s.spoiled {
		k.Confidence = probe.Confirmed
	}
	encoding := probe.JKS
	if s.jceks {
		encoding = probe.JCEKS
	}
	return k, encoding, true
}

// entry reads one entry and notes what is private in it.
func (s *store) entry() {
	tag := s.r.u32()
	if tag < tagKey || tag > tagSecret || tag == tagSecret && !s.jceks {
		s.r.stop(damaged)
		return
	}
	s.r.utf() // the alias, which may be empty
	date := s.r.bytes(s.r.take(8))
	// Milliseconds since 1970: the first two bytes stay zero until the year 10889.
	if len(date) == 8 && binary.BigEndian.Uint16(date) != 0 {
		s.r.stop(damaged)
		return
	}
	switch tag {
	case tagKey:
		s.keyEntry()
	case tagTrusted:
		s.certificate()
	case tagSecret:
		s.secretEntry()
	}
}

func (s *store) keyEntry() {
	g := s.r.sized(minKey, maxKey)
	if s.r.fail == damaged || g.Len() == 0 {
		return
	}
	p := s.r.bytes(g)
	k, ok := keyder.Parse(p)
	switch {
	case ok:
		for _, part := range k.Private {
			s.hide(probe.Range{Start: g.Start + part.Start, End: g.Start + part.End})
		}
	case live(p):
		// No EncryptedPrivateKeyInfo that we know: all of it may be the key.
		s.spoiled = true
		s.hide(g)
	}
	s.keys++
	n := s.r.u32()
	if n > maxChain {
		s.r.stop(damaged)
	}
	for i := uint32(0); i < n && s.r.fail == good; i++ {
		cert := s.r.bytes(s.certificate())
		if i == 0 && s.keys == 1 && s.r.fail == good {
			s.spki = certificateKey(cert)
		}
	}
}

// certificate reads a certificate, before which version 2 names its type.
func (s *store) certificate() probe.Range {
	if s.version == 2 {
		if kind := s.r.utf(); s.r.fail == good && len(kind) > 16 {
			s.r.stop(damaged) // "X.509"
		}
	}
	return s.r.sized(64, maxCert)
}

// minPrivate is how many encrypted bytes must be there to be worth a finding.
const minPrivate = 8

// hide notes private bytes, unless they are redacted or too few to matter.
func (s *store) hide(g probe.Range) {
	p := s.r.bytes(g)
	if len(p) < minPrivate || !live(p) {
		return
	}
	s.private = append(s.private, g)
	s.values = append(s.values, p)
}

// live reports whether encrypted octets are there: not redacted, not zeroed.
func live(p []byte) bool { return !privkey.Redacted(p) && !privkey.Junk(p) }
