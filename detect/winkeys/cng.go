package winkeys

import (
	"github.com/dumpscrub/dumpscrub/detect/keyder/plausible"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// cngKeys is the detector of CNG blobs.
type cngKeys struct{}

// NewCNG returns the detector of private and symmetric CNG key blobs.
func NewCNG() probe.Detector { return cngKeys{} }

// maxBlob is the reach: a full blob of a 16384-bit RSA key has 11.5 KiB, an
// ML-DSA key less.
const maxBlob = 12 << 10

// Spec implements [probe.Detector]. The anchors are the magic values of bcrypt.h,
// with the words behind them where these are constant.
func (cngKeys) Spec() probe.Spec {
	return probe.Spec{
		ID:    "cng-private-key",
		About: "Windows CNG key blobs: RSA, DSA, DH, elliptic curves, ML-KEM, ML-DSA, symmetric",
		Kinds: []string{
			privkey.RSA, privkey.EC, privkey.X25519, privkey.DSA, privkey.DH,
			privkey.MLKEM, privkey.MLDSA, privkey.Symmetric,
		},
		Anchors: []string{
			"RSA2", "RSA3",
			"ECS2\x20\x00\x00\x00", "ECS4\x30\x00\x00\x00", "ECS6\x42\x00\x00\x00",
			"ECK2\x20\x00\x00\x00", "ECK4\x30\x00\x00\x00", "ECK6\x42\x00\x00\x00",
			"ECDV", "ECKV", "DSPV", "DPV2", "DHPV",
			"KDBM\x01\x00\x00\x00",
			"MLKR", "MLKS", "DSSK", "DSSS",
		},
		After: maxBlob,
	}
}

// Detect implements [probe.Detector].
func (cngKeys) Detect(v probe.View, emit func(probe.Match)) {
	if k, ok := parseCNG(v.Data, v.At); ok {
		emit(sorted(k).Match(probe.CNG, 0))
	}
}

// parseCNG reads the blob at b[at].
func parseCNG(b []byte, at int) (privkey.Key, bool) {
	s := blob{b, at}
	if len(b)-at < 12 {
		return privkey.Key{}, false
	}
	switch string(b[at : at+4]) {
	case "RSA2":
		return s.cngRSA(false)
	case "RSA3":
		return s.cngRSA(true)
	case "ECS2", "ECK2":
		return s.cngEC(privkey.P256)
	case "ECS4", "ECK4":
		return s.cngEC(privkey.P384)
	case "ECS6", "ECK6":
		return s.cngEC(privkey.P521)
	case "ECDV", "ECKV":
		return s.cngGeneric()
	case "DSPV":
		return s.cngDSA()
	case "DPV2":
		return s.cngDSA2()
	case "DHPV":
		return s.cngDH()
	case "KDBM":
		return s.cngSymmetric()
	case "MLKR", "MLKS", "DSSK", "DSSS":
		return s.cngPQ(b[at+3] == 'S')
	}
	return privkey.Key{}, false
}

// cngRSA reads a BCRYPT_RSAKEY_BLOB: exponent, modulus, two primes, and in the
// full form dp, dq, the inverse of q, and d.
func (s blob) cngRSA(full bool) (privkey.Key, bool) {
	bits, e, n, p, q := s.word(1), s.word(2), s.word(3), s.word(4), s.word(5)
	half := bits / 16
	if bits < minBits || bits > maxBits || n != (bits+7)/8 || e < 1 || e > 8 ||
		p < half/2 || p > n || q < half/2 || q > n || p+q < n || p+q > n+2 {
		return privkey.Key{}, false
	}
	sizes := []int{e, n, p, q}
	if full {
		sizes = append(sizes, p, q, p, n)
	}
	f := s.split(24, sizes...)
	if !f.has(2) || !topBit(f.public(1, false), bits) || f.live(2) < minPrivate {
		return privkey.Key{}, false
	}
	parts := privkey.RSAParts{N: f.public(1, false), E: f.public(0, false), P: f.private(2, false), Q: f.private(3, false)}
	if full {
		parts.DP, parts.DQ = f.private(4, false), f.private(5, false)
		parts.QInv, parts.D = f.private(6, false), f.private(7, false)
	}
	return privkey.RSAKey(f.span(s.at), plausible.RSA(parts))
}

// cngSymmetric reads a BCRYPT_KEY_DATA_BLOB: only its length says that it is one.
func (s blob) cngSymmetric() (privkey.Key, bool) {
	const most = 64 // AES-256 in XTS mode
	n := s.word(2)
	if n < 8 || n > most || n%8 != 0 {
		return privkey.Key{}, false
	}
	return s.symmetric(12, n)
}

// symmetric returns the key of n bytes behind a header, which must not be the
// pattern of ordinary data.
func (s blob) symmetric(header, n int) (privkey.Key, bool) {
	f := s.split(header, n)
	p := f.public(0, false)
	if f.live(0) < minPrivate || privkey.Junk(p) {
		return privkey.Key{}, false
	}
	return privkey.OpaqueKey(privkey.Symmetric, f.span(s.at), f.private(0, false), probe.Likely)
}

// cngPQ reads a BCRYPT_MLKEM_KEY_BLOB or BCRYPT_PQDSA_KEY_BLOB: the sizes of the
// parameter set's name, in UTF-16 with its final zero, and of the key, then both.
func (s blob) cngPQ(seed bool) (privkey.Key, bool) {
	const maxName = 16 // "1024" takes 10 bytes
	nameSize, size := s.word(1), s.word(2)
	if nameSize < 4 || nameSize > maxName || nameSize%2 != 0 || len(s.b)-s.at < 12+nameSize {
		return privkey.Key{}, false
	}
	var name []byte
	for i := 0; i < nameSize; i += 2 {
		c := s.b[s.at+12+i]
		if s.b[s.at+13+i] != 0 || (c == 0) != (i == nameSize-2) || c > '~' {
			return privkey.Key{}, false
		}
		name = append(name, c)
	}
	set, ok := parameterSet(string(s.b[s.at:s.at+2]), string(name[:len(name)-1]))
	if !ok || size != set.ExpandedSize() && !seed || size != set.SeedSize() && seed {
		return privkey.Key{}, false
	}
	f := s.split(12+nameSize, size)
	if f.live(0) < minPrivate {
		return privkey.Key{}, false
	}
	parts := privkey.PQParts{Set: set, Full: f.whole}
	if seed {
		parts.Seed = f.private(0, false)
	} else {
		parts.Expanded = f.private(0, false)
	}
	return privkey.PQKey(f.span(s.at), parts)
}

// parameterSet returns the set that bcrypt.h names so in blobs whose magic begins
// with the given letters.
func parameterSet(magic, name string) (privkey.ParameterSet, bool) {
	if magic == "ML" {
		return privkey.ParameterSetByName("ML-KEM-" + name)
	}
	return privkey.ParameterSetByName("ML-DSA-" + name)
}
