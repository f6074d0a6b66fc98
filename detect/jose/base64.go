package jose

import (
	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/jsontext"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// digit returns the six bits of a base64url character (RFC 4648, section 5). Keys,
// which some writers encode with the ordinary alphabet, are read by [base64text.Digit].
func digit(c byte) byte {
	if c == '+' || c == '/' {
		return base64text.NoDigit
	}
	return base64text.Digit(c)
}

// runEnd returns the end of the base64url characters from i on, at most limit.
func runEnd(t probe.Text, i, limit int) int {
	for end := i + limit; i < end && digit(t.At(i)) != base64text.NoDigit; i++ {
	}
	return i
}

// padEnd passes over padding, which RFC 7515, section 2 forbids and the tokens of
// AWS load balancers ("x-amzn-oidc-data") have.
func padEnd(t probe.Text, i int) int {
	for end := i + 2; i < end && t.At(i) == '='; i++ {
	}
	return i
}

// decode returns the octets of the characters in s, which digit accepts all.
func decode(t probe.Text, s jsontext.Span, digit func(byte) byte) []byte {
	out := make([]byte, 0, s.Len()*3/4+1)
	var acc uint32
	bits := 0
	for i := s.Start; i < s.End; i++ {
		acc = acc<<6 | uint32(digit(t.At(i)))
		if bits += 6; bits >= 8 {
			bits -= 8
			out = append(out, byte(acc>>bits))
		}
	}
	return out
}

// objectIn feeds the octets of the base64url characters from i on to m until
// something else than base64url comes, m has enough, or limit characters are
// read, and returns the position where it stopped.
func objectIn(t probe.Text, i, limit int, m *jsontext.Machine) int {
	var acc uint32
	bits := 0
	for end := i + limit; i < end; i++ {
		d := digit(t.At(i))
		if d == base64text.NoDigit {
			break
		}
		acc = acc<<6 | uint32(d)
		if bits += 6; bits >= 8 {
			bits -= 8
			if m.Feed(byte(acc>>bits)) == jsontext.Bad {
				break
			}
		}
	}
	return i
}
