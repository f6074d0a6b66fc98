package pgp

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/keyder/plausible"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// The object identifiers that OpenPGP uses for Curve25519 and no one else does
// (RFC 9580, section 9.2), and the prefix of its point (section 11.2).
const (
	oidEd25519Legacy = "\x2b\x06\x01\x04\x01\xda\x47\x0f\x01"
	oidX25519Legacy  = "\x2b\x06\x01\x04\x01\x97\x55\x01\x05\x01"
	nativePoint      = 0x40
)

// minPrivate is how many private bytes must be there for a packet to be worth a
// finding.
const minPrivate = 8

// kinds lists what a packet can be.
func kinds() []string { return []string{privkey.PGP} }

// key turns p into a verdict; its ranges are positions in the packet's source.
func (p *packet) key(start int) (privkey.Key, bool) {
	s, ok := parseSecret(p.body, p.open)
	if !ok || p.tag == tagSecretKey && s.algo >= algoMLKEM768 {
		return privkey.Key{}, false
	}
	full := !p.cut && s.state == whole && (p.open && s.sealed.Len() == 0 || s.end == len(p.body))
	k, ok := s.key(full, p.cut || p.open)
	if !ok {
		return k, false
	}
	var private []probe.Range
	for _, g := range k.Private {
		private = append(private, p.ranges(g)...)
	}
	end := p.end
	if p.open {
		end = start + 1 + s.end
	}
	k.Private, k.Range = private, probe.Range{Start: start, End: end}
	return k, len(private) > 0
}

// key makes a key of the fields; its ranges are indices in s.body. full says that
// the packet is all there and ends where its last field does, vague that where it
// ends is not known.
func (s *secretKey) key(full, vague bool) (privkey.Key, bool) {
	if !full && !vague && s.state == whole {
		return privkey.Key{}, false // the length in the header belongs to something else
	}
	if !vague && s.state != whole && s.sealed.Len() == 0 && s.algo >= algoX25519 {
		return privkey.Key{}, false // octets of a known number, and a body too short for them
	}
	if s.sealed.Len() > 0 {
		return s.sealedKey(full)
	}
	n := 0
	for _, g := range s.secret {
		if p := s.body[g.Start:g.End]; live(p) {
			if n == 0 && !plausible.Random(p) {
				return privkey.Key{}, false
			}
			n += len(p)
		}
	}
	if n < minPrivate || !s.sizes() {
		return privkey.Key{}, false
	}
	k, ok := s.build()
	if !ok {
		return k, false
	}
	if s.summed && full {
		k.Confidence = probe.Confirmed
	}
	// Where no field has a count there is nothing left to recognise a key by.
	if k.Confidence != probe.Confirmed && s.state == whole && s.algo >= algoX25519 {
		return k, false
	}
	k.Kind = privkey.PGP
	slices.SortFunc(k.Private, func(a, b probe.Range) int { return a.Start - b.Start })
	return k, true
}

// leastSealed is how many octets of an encrypted key are all that
// plausible.Prefix leaves where not even the first ones are random.
const leastSealed = 32

// sealedKey makes a key of encrypted fields.
func (s *secretKey) sealedKey(full bool) (privkey.Key, bool) {
	text := s.body[s.sealed.Start:s.sealed.End]
	if full && s.algo >= algoX25519 && len(text) <= s.sealedSize()-maxCheck {
		return privkey.Key{}, false
	}
	if !live(text) || !plausible.Random(text) {
		return privkey.Key{}, false
	}
	kept, values := plausible.Sealed(privkey.Number{Bytes: text, At: s.sealed})
	if kept.Cut && kept.At.Len() <= leastSealed {
		return privkey.Key{}, false
	}
	c := probe.Likely
	if full && !kept.Cut {
		c = probe.Confirmed
	}
	k, ok := privkey.OpaqueKey(privkey.PGP, s.sealed, kept, c)
	if !ok {
		return k, false
	}
	k.Values = values
	if spki := s.spki(); spki != nil {
		k.SPKI, k.Identity = spki, spki
	}
	return k, true
}

// sizes reports whether every secret MPI that is not redacted has as many bits
// as it claims.
func (s *secretKey) sizes() bool {
	_, secret := layout(s.algo)
	r := reader{b: s.body}
	for i, g := range s.secret {
		if secret[i].shape == mpi && live(s.body[g.Start:g.End]) && (i+1 < len(s.secret) || s.state == whole) && !r.exact(g) {
			return false
		}
	}
	return true
}

// number returns secret field i, absent when it is not there or zeroed.
func (s *secretKey) number(i int) privkey.Number {
	if i >= len(s.secret) {
		return privkey.Number{}
	}
	g := s.secret[i]
	p := s.body[g.Start:g.End]
	if !live(p) {
		return privkey.Number{}
	}
	return privkey.Number{Bytes: p, At: g, Cut: i == len(s.secret)-1 && s.state != whole && !s.summed}
}

// field returns the content of public field i.
func (s *secretKey) field(i int) []byte { return s.body[s.public[i].Start:s.public[i].End] }

// build makes a key of plain fields; it is confirmed when they prove each other.
func (s *secretKey) build() (privkey.Key, bool) {
	at := probe.Range{Start: 0, End: s.end}
	switch s.algo {
	case algoRSA, algoRSAEncrypt, algoRSASign:
		return privkey.RSAKey(at, plausible.RSA(privkey.RSAParts{
			N: s.field(0), E: s.field(1), D: s.number(0), P: s.number(1), Q: s.number(2), QInv: s.number(3),
		}))
	case algoDSA:
		return privkey.DSAKey(at, privkey.DSAParts{P: s.field(0), Q: s.field(1), G: s.field(2), Y: s.field(3), X: s.number(0)})
	case algoECDH, algoECDSA, algoEdDSA:
		return curveKey(at, s.field(0), s.field(1), s.number(0))
	case algoX25519:
		return privkey.EdKey(at, privkey.EdParts{Kind: privkey.X25519, Seed: s.number(0), Public: s.field(0)})
	case algoX448:
		return privkey.EdKey(at, privkey.EdParts{Kind: privkey.X448, Seed: s.number(0), Public: s.field(0)})
	case algoEd25519:
		return privkey.EdKey(at, privkey.EdParts{Kind: privkey.Ed25519, Seed: s.number(0), Public: s.field(0)})
	case algoEd448:
		return privkey.EdKey(at, privkey.EdParts{Kind: privkey.Ed448, Seed: s.number(0), Public: s.field(0)})
	case algoMLDSA65:
		return s.composite(privkey.Ed25519, privkey.MLDSA65)
	case algoMLDSA87:
		return s.composite(privkey.Ed448, privkey.MLDSA87)
	case algoSLHDSA128s, algoSLHDSA128f, algoSLHDSA256s:
		return privkey.PQKey(at, privkey.PQParts{Set: slhdsa(s.algo), Expanded: s.number(0), Public: s.field(0)})
	case algoMLKEM768:
		return s.composite(privkey.X25519, privkey.MLKEM768)
	case algoMLKEM1024:
		return s.composite(privkey.X448, privkey.MLKEM1024)
	}
	return privkey.OpaqueKey(privkey.PGP, at, s.number(0), probe.Likely) // Elgamal
}

// composite makes a key of a classical and a post-quantum half.
func (s *secretKey) composite(kind string, set privkey.ParameterSet) (privkey.Key, bool) {
	at := probe.Range{Start: 0, End: s.end}
	k, ok := privkey.PQKey(at, privkey.PQParts{Set: set, Seed: s.number(1), Public: s.field(1)})
	e, also := privkey.EdKey(at, privkey.EdParts{Kind: kind, Seed: s.number(0), Public: s.field(0)})
	switch {
	case !ok:
		return e, also
	case also:
		k.Add(e)
	}
	return k, true
}

// slhdsa returns the parameter set of an SLH-DSA algorithm (RFC 9980, section
// 2.4), by its object identifier of RFC 9909, section 3.
func slhdsa(algo byte) privkey.ParameterSet {
	const shake = "\x60\x86\x48\x01\x65\x03\x04\x03"
	switch algo {
	case algoSLHDSA128s:
		return shake + "\x1a"
	case algoSLHDSA128f:
		return shake + "\x1b"
	}
	return shake + "\x1e"
}
