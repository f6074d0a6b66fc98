package jose

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/jsontext"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// keyReach is how many characters of a key are looked at on either side: RSA with
// 8192 bits takes 9 KiB, and a chain of certificates ("x5c") another 6.
const keyReach = 16 << 10

type jwk struct{ anchors []string }

// JWK returns the detector of private keys in JSON.
func JWK() probe.Detector { return jwk{keyAnchors()} }

func (j jwk) Spec() probe.Spec {
	return probe.Spec{
		ID: "jwk-private-key", About: "private and symmetric keys as JWK, alone, in a JWKS or in other JSON",
		Kinds: []string{
			privkey.RSA, privkey.EC, privkey.Ed25519, privkey.X25519, privkey.Ed448, privkey.X448,
			privkey.MLDSA, privkey.MLKEM, privkey.Symmetric, privkey.Other,
		},
		Anchors: j.anchors, Text: true, Before: keyReach, After: keyReach,
	}
}

// keyAnchors are the names of the private members, each with what can follow it:
// the quote, perhaps escaped, and for names of one letter the colon, so that all
// are four characters long. Every private key has one of them, wherever it is
// cut; "kty" covers what else a writer puts between a name and its colon.
func keyAnchors() []string {
	var as []string
	for _, name := range []string{"kty", "dp", "dq", "qi", "priv"} {
		as = append(as, `"`+name+`"`, `"`+name+`\`)
	}
	for _, name := range []string{"d", "p", "q", "k"} {
		as = append(as, `"`+name+`":`, `"`+name+`" `, `"`+name+`\"`, `"`+name+`\\`)
	}
	return as
}

func (j jwk) Detect(v probe.View, emit func(probe.Match)) {
	t, i := probe.TextOf(v)
	d, hit, ok := jsontext.MemberAt(t, i+1)
	if !ok || !promising(d, hit) {
		return
	}
	m := d.Around(hit)
	if m.Whole() && j.elsewhere(d, m, hit) {
		return
	}
	k, ok := readObject(d, m).key()
	if !ok {
		return
	}
	match := k.Match(t.Encoding(probe.JWK), 0)
	match.Range, match.Text = t.Range(m.Start, m.End), true
	if s := lostHead(d, m); s.Len() > 0 {
		match.Redact = append(match.Redact, t.Range(s.Start, s.End))
	}
	slices.SortFunc(match.Redact, func(a, b probe.Range) int { return a.Start - b.Start })
	emit(match)
}

// promising reports whether a member that bears an anchor's name can belong to a
// private key.
func promising(d jsontext.Doc, f jsontext.Member) bool {
	if f.Value.Kind != jsontext.String {
		return false
	}
	if d.Is(f.Name, "kty") {
		return typeOf(textOf(d, f.Value)) != unknownType
	}
	s, _ := digits(d, f.Value)
	return s.Len() >= minSymmetric
}

// elsewhere reports whether an earlier anchor in a whole object leads to it too,
// so that the numbers need not be proven again for each of its members.
func (j jwk) elsewhere(d jsontext.Doc, m jsontext.Members, hit jsontext.Member) bool {
	for _, f := range m.List {
		if f.At >= hit.At {
			return false
		}
		if !promising(d, f) || m.End-f.Name.Start >= keyReach {
			continue
		}
		for _, a := range j.anchors {
			if d.Text.Has(f.Name.Start-1, a) {
				return true
			}
		}
	}
	return false
}

// lostHead returns the base64 characters that end the value whose beginning was
// lost: of which member they are cannot be known.
func lostHead(d jsontext.Doc, m jsontext.Members) jsontext.Span {
	s := jsontext.Span{Start: m.Head.End, End: m.Head.End}
	for s.Start > m.Head.Start {
		if c := d.Text.At(s.Start - 1); c != '=' && base64text.Digit(c) == base64text.NoDigit {
			break
		}
		s.Start--
	}
	return s
}
