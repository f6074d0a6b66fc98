package jose

import (
	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/jsontext"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// keyType is a JWK's "kty".
type keyType uint8

const (
	unknownType keyType = iota
	typeRSA             // RFC 7518, section 6.3
	typeEC              // RFC 7518, section 6.2
	typeOKP             // RFC 8037, section 2
	typeOct             // RFC 7518, section 6.4
	typeAKP             // draft-ietf-cose-dilithium, section 3
)

func typeOf(kty string) keyType {
	switch kty {
	case "RSA":
		return typeRSA
	case "EC":
		return typeEC
	case "OKP":
		return typeOKP
	case "oct":
		return typeOct
	case "AKP":
		return typeAKP
	}
	return unknownType
}

// maxOthers bounds the further primes of an RSA key: OpenSSL makes five primes.
const maxOthers = 8

// object is what a JSON object says as a JWK. The names of the numbers are those
// of RFC 7518, section 6, without the letters that Go wants in front.
type object struct {
	at    probe.Range
	whole bool // no member is missing

	kty         keyType
	named       bool // kty was read, not inferred
	alg, crv    string
	n, e        []byte
	x, y        []byte
	pub         []byte
	d           number // of RSA, EC and OKP
	p, q        number
	dp, dq, qi  number
	k           number
	priv        number
	otherPrimes []privkey.RSAPrime
	otherDigits int
}

// number is a private member's value and how many base64 characters it has.
type number struct {
	privkey.Number
	digits int
}

// readObject takes the members of m apart, and infers the type of an object that
// has lost its "kty".
func readObject(d jsontext.Doc, m jsontext.Members) *object {
	o := &object{at: d.Text.Range(m.Start, m.End), whole: m.Whole()}
	for _, f := range m.List {
		switch string(d.Text.Append(nil, f.Name.Start, f.Name.End)) {
		case "kty":
			o.kty = typeOf(textOf(d, f.Value))
		case "alg":
			o.alg = textOf(d, f.Value)
		case "crv":
			o.crv = textOf(d, f.Value)
		case "n":
			o.n = publicOf(d, f.Value)
		case "e":
			o.e = publicOf(d, f.Value)
		case "x":
			o.x = publicOf(d, f.Value)
		case "y":
			o.y = publicOf(d, f.Value)
		case "pub":
			o.pub = publicOf(d, f.Value)
		case "oth":
			o.others(d, f.Value)
		default:
			if n := o.private(d, f.Name); n != nil {
				*n = numberOf(d, f.Value)
			}
		}
	}
	o.named = o.kty != unknownType
	if !o.named && !o.whole {
		o.kty = o.infer()
	}
	return o
}

// private returns where the private number of that name goes.
func (o *object) private(d jsontext.Doc, name jsontext.Span) *number {
	switch {
	case d.Is(name, "d"):
		return &o.d
	case d.Is(name, "p"):
		return &o.p
	case d.Is(name, "q"):
		return &o.q
	case d.Is(name, "dp"):
		return &o.dp
	case d.Is(name, "dq"):
		return &o.dq
	case d.Is(name, "qi"):
		return &o.qi
	case d.Is(name, "k"):
		return &o.k
	case d.Is(name, "priv"):
		return &o.priv
	}
	return nil
}

// others reads the further primes of an RSA key (RFC 7518, section 6.3.2.7).
func (o *object) others(d jsontext.Doc, v jsontext.Value) {
	d.Objects(v, maxOthers, func(m jsontext.Members) {
		var p privkey.RSAPrime
		for _, f := range m.List {
			n := numberOf(d, f.Value)
			switch {
			case d.Is(f.Name, "r"):
				p.R = n.Number
			case d.Is(f.Name, "d"):
				p.D = n.Number
			case d.Is(f.Name, "t"):
				p.T = n.Number
			default:
				continue
			}
			o.otherDigits = max(o.otherDigits, n.digits)
		}
		o.otherPrimes = append(o.otherPrimes, p)
	})
}

// digits returns the base64 characters that v begins with, and whether they are
// all of it.
func digits(d jsontext.Doc, v jsontext.Value) (s jsontext.Span, whole bool) {
	s = jsontext.Span{Start: v.Start, End: v.Start}
	if v.Kind != jsontext.String {
		return s, false
	}
	for s.End < v.End && base64text.Digit(d.Text.At(s.End)) != base64text.NoDigit {
		s.End++
	}
	return s, !v.Cut && padEnd(d.Text, s.End) == v.End
}

// numberOf returns the private number in v: cut when v is, or when something else
// than base64 follows.
func numberOf(d jsontext.Doc, v jsontext.Value) number {
	s, whole := digits(d, v)
	if s.Len() == 0 {
		return number{}
	}
	n := number{digits: s.Len()}
	n.Bytes, n.Cut = decode(d.Text, s, base64text.Digit), !whole
	if privkey.Redacted(n.Bytes) {
		return number{}
	}
	if whole {
		s.End = v.End
	}
	n.At = d.Text.Range(s.Start, s.End)
	return n
}

// publicOf returns the octets of a public number, nil when they are not all there.
func publicOf(d jsontext.Doc, v jsontext.Value) []byte {
	if s, whole := digits(d, v); whole && s.Len() > 0 {
		return decode(d.Text, s, base64text.Digit)
	}
	return nil
}
