package publickey

import (
	"encoding/binary"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// cngReach covers an RSA key of 16384 bits with its header, and ML-DSA-87.
const cngReach = 4 << 10

// cngCurves are the magics of BCRYPT_ECCKEY_BLOB (bcrypt.h), followed by the length
// of a field element.
var cngCurves = [...]struct {
	magic string
	curve privkey.Curve
}{
	{"ECK1\x20\x00\x00\x00", privkey.P256}, {"ECS1\x20\x00\x00\x00", privkey.P256},
	{"ECK3\x30\x00\x00\x00", privkey.P384}, {"ECS3\x30\x00\x00\x00", privkey.P384},
	{"ECK5\x42\x00\x00\x00", privkey.P521}, {"ECS5\x42\x00\x00\x00", privkey.P521},
}

// rsa1 is BCRYPT_RSAPUBLIC_MAGIC and that of RSAPUBKEY (wincrypt.h) alike, and the
// low octet of the modulus's length in bits.
const rsa1 = "RSA1\x00"

type cngDetector struct{}

func (cngDetector) Spec() probe.Spec {
	as := []string{rsa1}
	for _, c := range cngCurves {
		as = append(as, c.magic)
	}
	return spec("public-key-cng", "public keys in the blobs of Windows", 0, cngReach, as...)
}

func (cngDetector) Detect(v probe.View, emit func(probe.Match)) {
	b := v.Data[v.At:]
	var spki []byte
	var n int
	encoding := probe.CNG
	if string(b[:len(rsa1)]) == rsa1 {
		if spki, n = cngRSA(b); spki == nil {
			spki, n = capiRSA(b)
			encoding = probe.CAPI
		}
	} else {
		spki, n = cngEC(b)
	}
	if spki != nil {
		emit(match(spki, encoding, false, probe.Range{Start: v.At, End: v.At + n}))
	}
}

// cngEC reads a BCRYPT_ECCKEY_BLOB: X and Y, big-endian.
func cngEC(b []byte) (spki []byte, n int) {
	for _, c := range cngCurves {
		if string(b[:len(c.magic)]) != c.magic {
			continue
		}
		n = len(c.magic) + 2*c.curve.Size()
		if len(b) < n {
			return nil, 0
		}
		return ecSPKI(c.curve, append([]byte{4}, b[len(c.magic):n]...)), n
	}
	return nil, 0
}

// cngRSA reads a BCRYPT_RSAKEY_BLOB: bits, the lengths of exponent, modulus and
// (zero) of both primes, then exponent and modulus, big-endian.
func cngRSA(b []byte) (spki []byte, n int) {
	const header, most = 24, 2048
	if len(b) < header {
		return nil, 0
	}
	bits, e, m := binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint32(b[8:]), binary.LittleEndian.Uint32(b[12:])
	if e == 0 || e > 8 || m == 0 || m > most || bits != 8*m {
		return nil, 0
	}
	n = header + int(e) + int(m)
	if len(b) < n {
		return nil, 0
	}
	return rsaSPKI(b[header+int(e):n], b[header:header+int(e)]), n
}

// capiRSA reads an RSAPUBKEY (wincrypt.h): bits, the exponent, and the modulus,
// little-endian.
func capiRSA(b []byte) (spki []byte, n int) {
	const header, most = 12, 2048
	if len(b) < header {
		return nil, 0
	}
	bits, e := binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint32(b[8:])
	if bits%8 != 0 || bits/8 > most {
		return nil, 0
	}
	n = header + int(bits/8)
	if len(b) < n {
		return nil, 0
	}
	m := slices.Clone(b[header:n])
	slices.Reverse(m)
	if len(m) == 0 || m[0] == 0 {
		return nil, 0
	}
	return rsaSPKI(m, binary.BigEndian.AppendUint32(nil, e)), n
}
