package publickey

import (
	"encoding/base64"

	"github.com/dumpscrub/dumpscrub/detect/jsontext"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// jwkReach is how many characters of a key are looked at on either side: a
	// chain of certificates takes 6 KiB.
	jwkReach = 12 << 10
	// maxDigits bounds a number: 16384 bits in base64url.
	maxDigits = 2736
)

type jwkDetector struct{}

func (jwkDetector) Spec() probe.Spec {
	s := spec("public-key-jwk", "public keys as JWK, alone or in a JWKS", jwkReach, jwkReach, `"kty"`, `"kty\`)
	s.Text = true
	return s
}

func (jwkDetector) Detect(v probe.View, emit func(probe.Match)) {
	t, i := probe.TextOf(v)
	d, hit, ok := jsontext.MemberAt(t, i+1)
	if !ok || hit.Value.Kind != jsontext.String || hit.Value.Len() > len("RSA") {
		return
	}
	m := d.Around(hit)
	if spki := jwkKey(d, m, string(t.Append(nil, hit.Value.Start, hit.Value.End))); spki != nil {
		emit(match(spki, t.Encoding(probe.JWK), false, t.Range(m.Start, m.End)))
	}
}

// jwkKey returns the public half of an object, which may have a private one too.
func jwkKey(d jsontext.Doc, m jsontext.Members, kty string) []byte {
	switch kty { // RFC 7518, section 6; RFC 8037, section 2; RFC 9964 for AKP
	case "RSA":
		return rsaSPKI(number(d, m, "n"), number(d, m, "e"))
	case "EC":
		return jwkEC(d, m)
	case "OKP":
		return jwkOKP(word(d, m, "crv"), number(d, m, "x"))
	case "AKP":
		set, ok := privkey.ParameterSetByName(word(d, m, "alg"))
		if pub := number(d, m, "pub"); ok && len(pub) == octets(string(set)) && !privkey.Junk(pub) {
			return privkey.SPKIForOID(string(set), nil, pub)
		}
	}
	return nil
}

func jwkEC(d jsontext.Doc, m jsontext.Members) []byte {
	curve, ok := privkey.CurveByJWK(word(d, m, "crv"))
	x, y := number(d, m, "x"), number(d, m, "y")
	size := curve.Size()
	if !ok || len(x) == 0 || len(y) == 0 || len(x) > size || len(y) > size {
		return nil
	}
	point := make([]byte, 1+2*size)
	point[0] = 4
	copy(point[1+size-len(x):], x) // some writers drop leading zeros
	copy(point[1+2*size-len(y):], y)
	return ecSPKI(curve, point)
}

func jwkOKP(crv string, x []byte) []byte {
	if privkey.Junk(x) || privkey.Redacted(x) {
		return nil
	}
	switch {
	case crv == "Ed25519" && len(x) == privkey.SizeEd25519:
		return privkey.SPKIForEd25519(x)
	case crv == "X25519" && len(x) == privkey.SizeX25519:
		return privkey.SPKIForX25519(x)
	case crv == "Ed448" && len(x) == privkey.SizeEd448:
		return privkey.SPKIForEd448(x)
	case crv == "X448" && len(x) == privkey.SizeX448:
		return privkey.SPKIForX448(x)
	}
	return nil
}

// value returns the whole string that is the value of a member.
func value(d jsontext.Doc, m jsontext.Members, name string) (jsontext.Span, bool) {
	for _, f := range m.List {
		if d.Is(f.Name, name) {
			return f.Value.Span, f.Value.Kind == jsontext.String && !f.Value.Cut
		}
	}
	return jsontext.Span{}, false
}

// word returns the value of a member that holds a short name.
func word(d jsontext.Doc, m jsontext.Members, name string) string {
	const most = 16
	s, ok := value(d, m, name)
	if !ok || s.Len() > most {
		return ""
	}
	return string(d.Text.Append(nil, s.Start, s.End))
}

// number returns the octets of a member in base64url (RFC 7518, section 2). The
// ordinary alphabet, padding and escaped slashes are forgiven.
func number(d jsontext.Doc, m jsontext.Members, name string) []byte {
	s, ok := value(d, m, name)
	if !ok || s.Len() > 2*maxDigits {
		return nil
	}
	digits := make([]byte, 0, s.Len())
	for i := s.Start; i < s.End; i++ {
		switch c := d.Text.At(i); c {
		case '-':
			digits = append(digits, '+')
		case '_':
			digits = append(digits, '/')
		case '=', '\\':
		default:
			digits = append(digits, c)
		}
	}
	n, err := base64.RawStdEncoding.Decode(digits, digits)
	if err != nil {
		return nil
	}
	return digits[:n]
}
