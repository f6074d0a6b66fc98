package winkeys

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/keyder/plausible"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// capiKeys is the detector of CAPI blobs.
type capiKeys struct{}

// NewCAPI returns the detector of private CAPI key blobs, of the form that the
// providers use inside, and of PVK files.
func NewCAPI() probe.Detector { return capiKeys{} }

// headerSize is the size of a BLOBHEADER (wincrypt.h): type, version, two reserved
// bytes, algorithm.
const headerSize = 8

// pvkMagic begins a PVK file; the word behind it is reserved.
const pvkMagic = "\x1e\xf1\xb5\xb0\x00\x00\x00\x00"

// Spec implements [probe.Detector]. The letters of RSAPUBKEY and its siblings are
// the anchors rather than the header before them: they also begin the BSAFE form.
func (capiKeys) Spec() probe.Spec {
	return probe.Spec{
		ID:      "capi-private-key",
		About:   "Windows CAPI private key blobs and PVK files",
		Kinds:   []string{privkey.RSA, privkey.DSA, privkey.DH, privkey.Encrypted},
		Anchors: []string{"RSA2", "DSS2", "DSS4", "DH2\x00", pvkMagic},
		Before:  headerSize,
		After:   maxBlob,
	}
}

// Detect implements [probe.Detector].
func (capiKeys) Detect(v probe.View, emit func(probe.Match)) {
	s := blob{v.Data, v.At}
	if len(v.Data)-v.At < 16 {
		return
	}
	var k privkey.Key
	var ok bool
	switch string(v.Data[v.At : v.At+3]) {
	case "RSA":
		if k, ok = s.capiRSA(); !ok {
			k, ok = s.bsafe()
		}
	case "DSS":
		k, ok = s.capiDSS()
	case "DH2":
		k, ok = s.capiDH()
	default:
		k, ok = s.pvk()
	}
	if ok {
		emit(sorted(k).Match(probe.CAPI, 0))
	}
}

// start returns where the BLOBHEADER of a private key with this version begins
// that ends at s, and whether there is one.
func (s blob) start(version byte) (int, bool) {
	const privateKeyBlob = 7
	i := s.at - headerSize
	if i < 0 || s.b[i] != privateKeyBlob || s.b[i+1] != version || s.b[i+2] != 0 || s.b[i+3] != 0 {
		return s.at, false
	}
	return i, true
}

// capiRSA reads RSAPUBKEY and what follows it: the modulus, p, q, dp, dq, the
// inverse of q, d.
func (s blob) capiRSA() (privkey.Key, bool) {
	bits := s.word(1)
	if bits < minBits || bits > maxBits || bits%8 != 0 {
		return privkey.Key{}, false
	}
	start, headed := s.start(2)
	e := binary.LittleEndian.AppendUint32(nil, binary.LittleEndian.Uint32(s.b[s.at+8:]))
	return s.rsa(start, headed, 12, bits, e, 0)
}

// bsafe reads the BSAFE form: size of a number with its spare bytes, bits, size of
// the largest message, exponent, and the same numbers with spare bytes behind.
func (s blob) bsafe() (privkey.Key, bool) {
	const spare = 8
	size, bits, message := s.word(1), s.word(2), s.word(3)
	if bits < minBits || bits > maxBits || bits%16 != 0 || size != bits/8+spare || message != bits/8-1 || len(s.b)-s.at < 20 {
		return privkey.Key{}, false
	}
	e := binary.LittleEndian.AppendUint32(nil, binary.LittleEndian.Uint32(s.b[s.at+16:]))
	return s.rsa(s.at, true, 20, bits, e, spare)
}

// rsa makes a key of the numbers behind a header, each with spare bytes behind it,
// half as many where it is half as long. headed says that more than four letters
// tell what this is; without it only arithmetic does.
func (s blob) rsa(start int, headed bool, header, bits int, e []byte, spare int) (privkey.Key, bool) {
	n, half := bits/8, (bits+15)/16
	var sizes []int
	for _, size := range []int{n, half, half, half, half, half, n} {
		sizes = append(sizes, size, spare*size/n)
	}
	f := s.split(header, sizes...)
	modulus := f.public(0, true)
	if !f.has(1) || !topBit(modulus, bits) || f.live(2) < minPrivate {
		return privkey.Key{}, false
	}
	e[0], e[1], e[2], e[3] = e[3], e[2], e[1], e[0]
	k, ok := privkey.RSAKey(f.span(start), plausible.RSA(privkey.RSAParts{
		N: modulus, E: e, P: f.private(2, true), Q: f.private(4, true), DP: f.private(6, true),
		DQ: f.private(8, true), QInv: f.private(10, true), D: f.private(12, true),
	}))
	return k, ok && (headed || k.Confidence == probe.Confirmed)
}

// capiDSS reads DSSPUBKEY, p, q, g, x and DSSSEED, or in version 3 of the blob
// DSSPRIVKEY_VER3, p, q, g, j, y, x. The short form holds no public number.
func (s blob) capiDSS() (privkey.Key, bool) {
	const group, seed = 20, 24
	if s.b[s.at+3] == '2' {
		start, ok := s.start(2)
		bits := s.word(1)
		if !ok || bits < minBits || bits > 1024 || bits%64 != 0 {
			return privkey.Key{}, false
		}
		f := s.split(8, bits/8, group, bits/8, group, seed)
		if !f.has(3) || f.live(3) < minPrivate {
			return privkey.Key{}, false
		}
		return privkey.DSAKey(f.span(start), privkey.DSAParts{
			P: f.public(0, true), Q: f.public(1, true), G: f.public(2, true), X: f.private(3, true), Full: f.whole,
		})
	}
	start, ok := s.start(3)
	p, q, j, x := s.word(1)/8, s.word(2)/8, s.word(3)/8, s.word(4)/8
	if !ok || p < minBits/8 || p > 4096/8 || q < group || q > 64 || j > p || x < group || x > 64 {
		return privkey.Key{}, false
	}
	f := s.split(20+seed, p, q, p, j, p, x)
	if !f.has(5) || f.live(5) < minPrivate {
		return privkey.Key{}, false
	}
	return privkey.DSAKey(f.span(start), privkey.DSAParts{
		P: f.public(0, true), Q: f.public(1, true), G: f.public(2, true), Y: f.public(4, true), X: f.private(5, true),
	})
}

// capiDH reads DHPUBKEY, p, g and x.
func (s blob) capiDH() (privkey.Key, bool) {
	start, ok := s.start(2)
	bits := s.word(1)
	if !ok || bits < minBits || bits > maxBits || bits%8 != 0 {
		return privkey.Key{}, false
	}
	f := s.split(8, bits/8, bits/8, bits/8)
	if !f.has(2) || f.live(2) < minPrivate {
		return privkey.Key{}, false
	}
	return dh(f, start, true)
}

// pvk reads the header of a PVK file with an encrypted body: magic, reserved, key
// type, encrypted, sizes of salt and body. A plain body is a blob and is found as
// one.
func (s blob) pvk() (privkey.Key, bool) {
	keyType, encrypted, salt, size := s.word(2), s.word(3), s.word(4), s.word(5)
	if keyType < 1 || keyType > 2 || encrypted != 1 || salt < 1 || salt > 64 || size < 64 || size > maxBlob-128 {
		return privkey.Key{}, false
	}
	// The BLOBHEADER that the body begins with is not encrypted.
	f := s.split(24+salt+headerSize, size-headerSize)
	if f.live(0) < minPrivate || privkey.Junk(f.public(0, false)) {
		return privkey.Key{}, false
	}
	c := probe.Likely
	if f.whole && s.b[s.at+24+salt] == 7 {
		c = probe.Confirmed
	}
	return privkey.OpaqueKey(privkey.Encrypted, f.span(s.at), f.private(0, false), c)
}
