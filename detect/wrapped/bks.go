package wrapped

import "github.com/dumpscrub/dumpscrub/detect/probe"

// JavaKeystore is the kind of Java key stores, that of package keystore too.
const JavaKeystore = "java-keystore"

// stores is the detector of BKS key stores.
type stores struct{}

// NewBKS returns the detector of BouncyCastle's BKS key stores.
func NewBKS() probe.Detector { return stores{} }

const (
	bksSalt       = 20        // SHA-1's size, which the anchors demand
	bksIterations = 1 << 20   // the source takes 1024 to 2047
	maxStore      = 256 << 10 // reach: trust stores of Android devices are 150 KiB
	bksEntries    = 256       // those trust stores have about 150
	maxChain      = 16        // certificates of one key
	maxCert       = 64 << 10
	maxKey        = 32 << 10 // RSA of 16384 bits in PKCS#8 takes 9.3 KiB

	// The types of entries (BcKeyStoreSpi, CERTIFICATE to SEALED). An entry of type
	// KEY holds its key as it is, the others under the store's or their own password.
	bksEnd, bksCert, bksKey, bksSecret, bksSealed = 0, 1, 2, 3, 4
)

// Spec implements [probe.Detector]. The anchors are the version and the salt's size.
func (stores) Spec() probe.Spec {
	return probe.Spec{
		ID:      "bks-keystore",
		About:   "BouncyCastle key stores (BKS) with private or secret keys",
		Kinds:   []string{JavaKeystore},
		Anchors: []string{"\x00\x00\x00\x01\x00\x00\x00\x14", "\x00\x00\x00\x02\x00\x00\x00\x14"},
		After:   maxStore,
	}
}

// Detect implements [probe.Detector].
func (stores) Detect(v probe.View, emit func(probe.Match)) {
	r := reader{b: v.Data, off: v.At + 8}
	salt := r.bytes(r.take(bksSalt))
	r.count(1, bksIterations)
	if !r.ok() || !random(salt) {
		return
	}
	var s secrets
	for range bksEntries {
		kind := r.u8()
		if !r.ok() || kind == bksEnd {
			break
		}
		if g := r.bksEntry(kind); !r.bad && g.Len() >= minPrivate {
			s.add(r.bytes(g), g)
		}
	}
	if m, ok := s.match(JavaKeystore, probe.Raw, probe.Likely, probe.Range{Start: v.At, End: r.off}); ok {
		emit(m)
	}
}

// bksEntry reads an entry behind its type and returns its private part, which is
// empty for a certificate. All of it may be cut.
func (r *reader) bksEntry(kind int) probe.Range {
	r.name(r.bytes(r.take(r.u16()))) // alias
	// Milliseconds since 1970: the first two bytes stay zero until the year 10889.
	if r.u16() != 0 {
		r.bad = true
	}
	r.take(6)
	for n := r.count(0, maxChain); n > 0 && r.ok(); n-- {
		r.bksCertificate()
	}
	switch kind {
	case bksCert:
		r.bksCertificate()
		return probe.Range{}
	case bksKey:
		r.take(1)                        // private, public or secret
		r.name(r.bytes(r.take(r.u16()))) // format
		r.name(r.bytes(r.take(r.u16()))) // algorithm
		return r.sized(minPrivate, maxKey)
	case bksSecret, bksSealed:
		return r.sized(minPrivate, maxKey)
	}
	r.bad = true
	return probe.Range{}
}

// bksCertificate reads the type of a certificate and the certificate.
func (r *reader) bksCertificate() {
	r.name(r.bytes(r.take(r.u16())))
	r.sized(minPrivate, maxCert)
}
