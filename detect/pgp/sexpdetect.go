package pgp

import (
	"bytes"
	"math/big"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// encodingSexp is the Match.Encoding of S-expressions.
const encodingSexp = "sexp"

func sexpKinds() []string {
	return []string{
		privkey.RSA, privkey.DSA, privkey.EC, privkey.Ed25519, privkey.X25519, privkey.Ed448, privkey.X448,
		privkey.Other, privkey.Encrypted,
	}
}

// canonical is the detector of canonical S-expressions.
type canonical struct{}

// NewSexp returns the detector of private keys in canonical S-expressions, as
// libgcrypt and gpg-agent keep them in memory and older key files on disk.
func NewSexp() probe.Detector { return canonical{} }

// sexpD opens the list of the private exponent or scalar. It stands in keys of
// which the beginning is lost.
const sexpD = "(1:d"

// maxSexp is the reach: the numbers of a 16384-bit RSA key take 7 KiB.
const maxSexp = 8 << 10

// Spec implements [probe.Detector].
func (canonical) Spec() probe.Spec {
	return probe.Spec{
		ID:      "sexp-private-key",
		About:   "private keys of GnuPG and libgcrypt in canonical S-expressions",
		Kinds:   sexpKinds(),
		Anchors: []string{"(11:private-key(", "(21:protected-private-key(", sexpD},
		Before:  maxRSA/8 + 128,
		After:   maxSexp,
	}
}

// Detect implements [probe.Detector].
func (canonical) Detect(v probe.View, emit func(probe.Match)) {
	t, i := probe.TextOf(v)
	if t.Has(i, sexpD) {
		if m, ok := headless(t, v, i, canonicalForm); ok {
			emit(m)
		}
		return
	}
	if m, ok := sexpMatch(t, v, i, canonicalForm); ok {
		emit(m)
	}
}

// advanced is the detector of S-expressions in the advanced form.
type advanced struct{}

// NewSexpText returns the detector of private keys in S-expressions as text, as
// the key files of GnuPG since version 2.3 hold them.
func NewSexpText() probe.Detector { return advanced{} }

// Spec implements [probe.Detector].
func (advanced) Spec() probe.Spec {
	return probe.Spec{
		ID:      "sexp-private-key-text",
		About:   "private keys of GnuPG and libgcrypt in S-expressions as text",
		Kinds:   sexpKinds(),
		Anchors: []string{"(" + sexpPlain, "(" + sexpProtected},
		Text:    true,
		After:   2*maxSexp + 1024,
	}
}

// Detect implements [probe.Detector].
func (advanced) Detect(v probe.View, emit func(probe.Match)) {
	t, i := probe.TextOf(v)
	if m, ok := sexpMatch(t, v, i, advancedForm); ok {
		m.Text = true
		emit(m)
	}
}

// sexpMatch reads the expression at character i.
func sexpMatch(t probe.Text, v probe.View, i int, f form) (probe.Match, bool) {
	k, ok := parseSexp(t, v.Data, i, f)
	if !ok {
		return probe.Match{}, false
	}
	key, ok := k.key(t.Range(i, k.end))
	if !ok {
		return probe.Match{}, false
	}
	return key.Match(t.Encoding(encodingSexp), 0), true
}

// headless reads the private numbers from the list of d on, for an expression of
// which the beginning was overwritten. RSA numbers prove each other; another
// scalar is believed when a second list of the same form stands around it.
func headless(t probe.Text, v probe.View, i int, f form) (probe.Match, bool) {
	s := &sexp{t: t, data: v.Data, i: i, form: f}
	k := sexpKey{params: map[byte]atom{}, algo: "rsa"}
	for n := 0; s.fail == whole && n < maxLists && s.peek() == '('; n++ {
		s.i++
		k.param(s)
		if len(k.params) == 1 && len(k.public('d')) < 2*minPrivate {
			return probe.Match{}, false
		}
	}
	if !live(k.public('d')) || f.hasHead(v.Data[:v.At]) {
		return probe.Match{}, false
	}
	at := t.Range(i, s.i)
	p, q := k.public('p'), k.public('q')
	if live(p) && live(q) && len(p)+len(q) <= maxRSA/8+2 {
		n := new(big.Int).Mul(new(big.Int).SetBytes(p), new(big.Int).SetBytes(q)).Bytes()
		k.params['n'], k.params['e'] = atom{value: n}, atom{value: []byte{1, 0, 1}}
		if key, ok := k.key(at); ok && key.Confidence == probe.Confirmed {
			return key.Match(encodingSexp, 0), true
		}
		return probe.Match{}, false
	}
	// A scalar closes its list, its algorithm and the key: ")))".
	if !f.closes(v.Data[s.i:]) || len(k.params) != 1 || len(k.public('d')) > maxScalar/8 {
		return probe.Match{}, false
	}
	key, ok := privkey.OpaqueKey(privkey.Other, at, k.number('d'), probe.Likely)
	return key.Match(encodingSexp, 0), ok
}

// closes reports whether p begins with the ends of two lists.
func (f form) closes(p []byte) bool {
	ends := "))"
	if f == nativeForm {
		ends = string([]byte{nativeClose, nativeClose})
	}
	return bytes.HasPrefix(p, []byte(ends))
}

// hasHead reports whether before, which ends where the list of d begins, holds
// the beginning of an expression that is found by it.
func (f form) hasHead(before []byte) bool {
	if f == nativeForm {
		return bytes.Contains(before, []byte(nativePlain))
	}
	i := bytes.LastIndex(before, []byte(sexpPlain+"("))
	return i >= 3 && (bytes.HasSuffix(before[:i], []byte("(11:")) || bytes.HasSuffix(before[:i+len(sexpPlain)], []byte("(21:"+sexpProtected)))
}
