package pgp

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/keyder/plausible"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// The first atoms of keys with a secret (GnuPG, agent/keyformat.txt). A
// shadowed-private-key is a stub for a card.
const (
	sexpPlain     = "private-key"
	sexpProtected = "protected-private-key"
)

// sexpKey is the content of a private key's S-expression.
type sexpKey struct {
	algo   string
	params map[byte]atom // by their names, which are single letters
	curve  string
	sealed atom          // the encrypted parameters
	text   bool          // private parameters count only when they are digits
	rest   []probe.Range // what is left of private parts that were overwritten
	end    int           // index of the character behind the expression
	full   bool
	odd    bool // a parameter has more than one value
}

// parseSexp reads the expression that begins at character i.
func parseSexp(t probe.Text, data []byte, i int, f form) (sexpKey, bool) {
	s := &sexp{t: t, data: data, i: i, form: f}
	k := sexpKey{params: map[byte]atom{}, text: f == advancedForm}
	if !s.expect('(') {
		return k, false
	}
	if name := string(s.atom().value); name != sexpPlain && name != sexpProtected {
		return k, false
	}
	if !s.expect('(') {
		return k, false
	}
	k.algo = string(s.atom().value)
	for n := 0; s.fail == whole && s.peek() == '('; n++ {
		if n == maxLists {
			s.stop(damaged)
			break
		}
		s.i++
		k.param(s)
	}
	s.expect(')')
	s.skip() // comments, and the end of the whole
	k.full = s.fail == whole
	if (!k.full || k.broken()) && k.hasSecret() {
		k.salvage(s)
	}
	k.end = s.i
	return k, true
}

// broken reports whether some parameter is not what it was: the walk may have
// taken a part of one for another.
func (k *sexpKey) broken() bool {
	for _, a := range k.params {
		if a.cut {
			return true
		}
	}
	if _, d := k.params['d']; d && k.rsa() {
		for _, name := range []byte("nepqu") {
			if _, ok := k.params[name]; !ok {
				return true
			}
		}
	}
	return k.odd || k.sealed.cut
}

// salvage replaces the private parameters by what may be left of them in an
// expression that was partly overwritten. Among text those are all runs of digits
// behind the public parameters, up to where the key or the text ends. Canonical
// octets cannot be told from others: behind the exponent of an RSA key as many are
// taken as its three other numbers have.
func (k *sexpKey) salvage(s *sexp) {
	if k.text {
		k.rest = s.runs(k.secretStart(), s.i)
		return
	}
	most := 2*len(k.params['d'].value) + 3*len("(1:p1024:)")
	g := s.t.Range(s.i, min(s.i+most, s.t.Len()))
	if s.fail == damaged && k.rsa() && k.params['d'].at != nil && k.params['u'].at == nil && live(s.data[g.Start:g.End]) {
		k.rest = append(k.rest, g)
		s.i += g.Len()
	}
}

// secretStart returns the index of the character behind the last public parameter
// before the private ones, or that of the first private one if it stands earlier.
func (k *sexpKey) secretStart() int {
	last := byte('q')
	switch {
	case k.rsa():
		last = 'e'
	case k.algo == "dsa", k.algo == "openpgp-dsa", k.algo == "elg":
		last = 'y'
	}
	first := 0
	if a, ok := k.params[last]; ok && !a.cut {
		first = a.end
	}
	earlier := func(a atom) {
		if a.end > 0 && (first == 0 || a.start < first) {
			first = a.start
		}
	}
	earlier(k.sealed)
	for _, name := range []byte("dpqux") {
		if name != last && k.secret(name) {
			earlier(k.params[name])
		}
	}
	return first
}

// runs returns the runs of digits from character i to the end of the key, at
// least to character stop, and moves the walk there.
func (s *sexp) runs(i, stop int) []probe.Range {
	const minRun = 4 // digits: what is shorter is a name, or too short to matter
	gap := 0
	var out []probe.Range
	limit, start := i+2*maxSexp, i
	for ; i < limit; i++ {
		c := s.t.At(i)
		if _, ok := digit(c); ok {
			continue
		}
		if i-start >= minRun {
			out = append(out, s.t.Range(start, i))
		}
		for c == '[' && s.t.At(i+1) > ' ' && s.t.At(i+1) != probe.NotASCII && i < limit {
			i++ // the text of a redaction holds digits too
		}
		start = i + 1
		if c == probe.NotASCII {
			gap++
		}
		if i >= stop && (gap > maxGap || s.t.Has(i, ")))")) || i >= s.t.Len() {
			break
		}
	}
	s.i = max(stop, min(i, s.t.Len()))
	return out
}

// param reads one parameter, behind its opening parenthesis.
func (k *sexpKey) param(s *sexp) {
	name := s.atom().value
	switch {
	case string(name) == "protected":
		s.atom() // the mode
		if s.expect('(') {
			s.skip() // its parameters
		}
		if s.fail == whole {
			k.sealed = s.atom()
		}
	case string(name) == "curve":
		k.curve = string(s.atom().value)
	case len(name) == 1 && s.fail == whole && s.peek() != '(':
		k.params[name[0]] = s.atom()
		k.odd = k.odd || s.peek() != ')'
	}
	s.skip()
}

// number returns a parameter as a private number, absent when it is redacted or
// zero. Its range covers all lines; key replaces it by the lines.
func (k *sexpKey) number(name byte) privkey.Number { return k.private(k.params[name]) }

func (k *sexpKey) private(a atom) privkey.Number {
	if len(a.at) == 0 || !live(a.value) || a.text != k.text {
		return privkey.Number{}
	}
	return privkey.Number{
		Bytes: a.value, Cut: a.cut,
		At: probe.Range{Start: a.at[0].Start, End: a.at[len(a.at)-1].End},
	}
}

// public returns a parameter that must be whole.
func (k *sexpKey) public(name byte) []byte {
	if a := k.params[name]; !a.cut {
		return a.value
	}
	return nil
}

// key turns k, which begins at byte start and ends at byte end, into a verdict.
func (k *sexpKey) key(at probe.Range) (privkey.Key, bool) {
	var key privkey.Key
	ok := false
	switch {
	case k.plain() >= minPrivate:
		key, ok = k.build(at)
	case k.hasSealed():
		key, ok = k.sealedKey(at)
	}
	if !ok {
		return privkey.Key{}, false
	}
	if k.text && k.rest != nil {
		key.Private = k.rest
		return key, true
	}
	key.Private = append(k.lines(key.Private), k.rest...)
	return key, true
}

// plain returns how many octets of private parameters there are.
func (k *sexpKey) plain() int {
	n := 0
	for _, name := range []byte("dpqux") {
		if k.secret(name) && live(k.params[name].value) {
			n += len(k.params[name].value)
		}
	}
	return n
}

func (k *sexpKey) hasSealed() bool { return len(k.sealed.value) >= minPrivate && live(k.sealed.value) }

// hasSecret reports whether there is enough for a verdict.
func (k *sexpKey) hasSecret() bool { return k.plain() >= minPrivate || k.hasSealed() }

// secret reports whether the parameter is private in k's algorithm: p and q are
// in RSA only.
func (k *sexpKey) secret(name byte) bool {
	switch name {
	case 'p', 'q':
		return k.rsa()
	}
	return true
}

func (k *sexpKey) rsa() bool {
	_, u := k.params['u'] // no other algorithm has one
	return u || k.algo == "rsa" || k.algo == "openpgp-rsa"
}

// build makes a key of plain parameters; it is confirmed when they prove each
// other.
func (k *sexpKey) build(at probe.Range) (privkey.Key, bool) {
	switch {
	case k.rsa():
		return privkey.RSAKey(at, plausible.RSA(privkey.RSAParts{
			N: k.public('n'), E: k.public('e'), D: k.number('d'), P: k.number('p'), Q: k.number('q'), QInv: k.number('u'),
		}))
	case k.algo == "dsa", k.algo == "openpgp-dsa":
		return privkey.DSAKey(at, privkey.DSAParts{
			P: k.public('p'), Q: k.public('q'), G: k.public('g'), Y: k.public('y'), X: k.number('x'),
		})
	case k.curve != "":
		return curveKey(at, curveOID(k.curve), k.public('q'), k.number('d'))
	}
	c := probe.Likely
	if k.full {
		c = probe.Confirmed
	}
	x := k.number('x')
	if len(x.Bytes) == 0 {
		x = k.number('d')
	}
	return privkey.OpaqueKey(privkey.Other, at, x, c)
}

// sealedKey makes a key of encrypted parameters.
func (k *sexpKey) sealedKey(at probe.Range) (privkey.Key, bool) {
	c := probe.Likely
	if k.full {
		c = probe.Confirmed
	}
	key, ok := privkey.OpaqueKey(privkey.Encrypted, at, k.private(k.sealed), c)
	if !ok {
		return key, false
	}
	var spki []byte
	switch {
	case k.rsa() && privkey.RSAPublic(k.public('n'), k.public('e')):
		spki = privkey.SPKIForRSA(k.public('n'), k.public('e'))
	case k.algo == "dsa" && privkey.DSADomain(k.public('p'), k.public('q'), k.public('g')) && k.public('y') != nil:
		spki = privkey.SPKIForDSA(k.public('p'), k.public('q'), k.public('g'), k.public('y'))
	case k.curve != "":
		spki = curveSPKI(curveOID(k.curve), k.public('q'))
	}
	if spki != nil {
		key.SPKI, key.Identity = spki, spki
	}
	return key, true
}

// lines replaces each range of a parameter by those of its lines.
func (k *sexpKey) lines(ranges []probe.Range) []probe.Range {
	var out []probe.Range
	for _, g := range ranges {
		for _, a := range k.params {
			if len(a.at) > 0 && a.at[0].Start == g.Start {
				out = append(out, a.at...)
			}
		}
		if a := k.sealed; len(a.at) > 0 && a.at[0].Start == g.Start {
			out = append(out, a.at...)
		}
	}
	slices.SortFunc(out, func(a, b probe.Range) int { return a.Start - b.Start })
	return out
}

// curveOID returns the content octets of the object identifier of a curve by its
// name in libgcrypt (cipher/ecc-curves.c), nil for an unknown one.
func curveOID(name string) []byte {
	var c privkey.Curve
	switch name {
	case "Ed25519", "1.3.6.1.4.1.11591.15.1":
		return []byte(oidEd25519Legacy)
	case "Curve25519", "1.3.6.1.4.1.3029.1.5.1", "X25519":
		return []byte(oidX25519Legacy)
	case "Ed448", "1.3.101.113":
		return []byte(privkey.OIDEd448)
	case "X448", "1.3.101.111":
		return []byte(privkey.OIDX448)
	case "NIST P-256", "nistp256", "prime256v1", "secp256r1", "1.2.840.10045.3.1.7":
		c = privkey.P256
	case "NIST P-384", "nistp384", "secp384r1", "1.3.132.0.34":
		c = privkey.P384
	case "NIST P-521", "nistp521", "secp521r1", "1.3.132.0.35":
		c = privkey.P521
	case "secp256k1", "1.3.132.0.10":
		c = privkey.Secp256k1
	case "brainpoolP256r1":
		c = privkey.BrainpoolP256r1
	case "brainpoolP384r1":
		c = privkey.BrainpoolP384r1
	case "brainpoolP512r1":
		c = privkey.BrainpoolP512r1
	}
	return []byte(c)
}
