package publickey

import (
	"bytes"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// derBefore is how far before a key its certificate may begin: two names of
	// half a KiB, the serial number and the dates.
	derBefore = 4 << 10
	// derAfter covers an RSA key of 16384 bits or one of ML-DSA-87, and the
	// extensions that say what a certificate is for.
	derAfter = 8 << 10
)

// oidHeader is the header of an OBJECT IDENTIFIER of nine octets, which all
// identifiers of PKCS #1 and of the post-quantum algorithms have.
const oidHeader = "\x06\x09"

// exponent65537 is the INTEGER 65537, which ends nearly every RSAPublicKey.
const exponent65537 = "\x02\x03\x01\x00\x01"

// exponent3 are the headers of an RSAPublicKey, up to the first octet of its
// modulus, whose exponent has one octet, for moduli of 1024 to 4096 bits. (For
// 65537 the exponent is the better anchor, for it stands in private keys too.)
var exponent3 = [...]string{
	"\x30\x81\x87\x02\x81\x81\x00",
	"\x30\x82\x01\x08\x02\x82\x01\x01\x00",
	"\x30\x82\x01\x88\x02\x82\x01\x81\x00",
	"\x30\x82\x02\x08\x02\x82\x02\x01\x00",
}

// oidAnchors begin the algorithm identifiers of public keys.
var oidAnchors = [...]string{
	oidHeader + "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01",
	oidHeader + oidPSS,
	oidHeader + oidKEMs,
	oidHeader + oidSignatures,
	"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01", // EC
	"\x06\x07\x2a\x86\x48\xce\x38\x04\x01", // DSA
	"\x06\x03\x2b\x65\x70\x03\x21\x00",     // Ed25519 and the BIT STRING behind it
	"\x06\x03\x2b\x65\x6e\x03\x21\x00",     // X25519
	"\x06\x03\x2b\x65\x71\x03\x3a\x00",     // Ed448
	"\x06\x03\x2b\x65\x6f\x03\x39\x00",     // X448
}

type derDetector struct{}

func (derDetector) Spec() probe.Spec {
	return spec("public-key-der", "public keys and certificates in DER", derBefore, derAfter, derAnchors()...)
}

func derAnchors() []string {
	as := append([]string{exponent65537}, oidAnchors[:]...)
	return append(as, exponent3[:]...)
}

func (derDetector) Detect(v probe.View, emit func(probe.Match)) {
	if k, root, ok := derKey(v.Data, v.At); ok {
		emit(match(k.spki, probe.DER, root, k.at))
	}
}

// derKey reads the key that an anchor at data[i] belongs to.
func derKey(data []byte, i int) (k key, root, ok bool) {
	switch data[i] {
	case der.Integer:
		k, ok = pkcs1Before(data, i)
	case der.Sequence:
		k, ok = pkcs1At(data, i)
	default:
		if k, ok = spkiAround(data, i); ok {
			root = isRoot(data, k.at)
		}
	}
	return k, root, ok
}

// derKeys calls use for every key in data, in the order of the anchors.
func derKeys(data []byte, use func(k key, root bool)) {
	for _, a := range derAnchors() {
		for i := 0; ; i++ {
			next := bytes.Index(data[i:], []byte(a))
			if next < 0 {
				break
			}
			i += next
			if k, root, ok := derKey(data, i); ok {
				use(k, root)
			}
		}
	}
}

// pkcs1At reads a whole RSAPublicKey at data[i].
func pkcs1At(data []byte, i int) (key, bool) {
	c := der.At(data, i)
	seq, ok := c.Expect(der.Sequence)
	if !ok || !seq.Whole() || inSPKI(data, i) {
		return key{}, false
	}
	n, e, ok := rsaNumbers(data[i:seq.End])
	if !ok {
		return key{}, false
	}
	spki := rsaSPKI(n, e)
	return key{spki, probe.Range{Start: i, End: seq.End}}, spki != nil
}

// pkcs1Before reads the modulus whose INTEGER ends where the exponent's begins, at
// data[i]. Only moduli whose bits are a power of two, or one and a half of one,
// are tried: others are found in a SubjectPublicKeyInfo.
func pkcs1Before(data []byte, i int) (key, bool) {
	for size := 64; size <= 2048; size *= 2 {
		for _, n := range [2]int{size, size + size/2} {
			if k, ok := modulusBefore(data, i, n); ok {
				return k, true
			}
		}
	}
	return key{}, false
}

// modulusBefore reads an INTEGER of n octets and a leading zero before data[i].
func modulusBefore(data []byte, i, n int) (key, bool) {
	start := i - n
	if start < widest+1 || data[start-1] != 0 || data[start] < 0x80 {
		return key{}, false
	}
	width := 2
	switch {
	case n+1 >= 1<<8:
		width = 4
	case n+1 >= 1<<7:
		width = 3
	}
	head := start - 1 - width
	if head < 0 || !der.Opens(data, der.Integer, start-1, width) || string(der.Append(nil, der.Integer, data[start-1:i])[:width]) != string(data[head:start-1]) {
		return key{}, false
	}
	if inSPKI(data, head) {
		return key{}, false
	}
	spki := rsaSPKI(data[start:i], []byte{1, 0, 1})
	return key{spki, probe.Range{Start: head, End: i + len(exponent65537)}}, spki != nil
}

// inSPKI reports whether a SubjectPublicKeyInfo for RSA seems to be open at
// data[i]: then its own anchor leads to the key, and to the certificate around it.
func inSPKI(data []byte, i int) bool {
	// The headers of two SEQUENCEs and a BIT STRING with its count of unused bits,
	// and the parameters, NULL.
	const gap = 3*widest + 1 + 2
	oid := oidAnchors[0]
	return strings.Contains(string(data[max(0, i-gap-len(oid)):i]), oid)
}
