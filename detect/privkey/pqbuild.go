package privkey

import "github.com/dumpscrub/dumpscrub/detect/probe"

// PQParts are the forms of an ML-KEM, ML-DSA or SLH-DSA private key, of which one
// or both are given.
type PQParts struct {
	Set      ParameterSet
	Seed     Number
	Expanded Number
	Public   []byte // nil when not known
	Full     bool   // the structure was read to its end
}

// PQKey returns the key that lies at at. It is confirmed when the seed expands to
// the expanded form or to the public half, when the expanded form holds the digest
// of the public half, or when there is nothing to compare with and the parse was
// full. Of the expanded form only the private pieces are redacted.
func PQKey(at probe.Range, p PQParts) (Key, bool) {
	kind := p.Set.Kind()
	if kind == "" || !fits(p.Seed, p.Set.SeedSize()) || !fits(p.Expanded, p.Set.ExpandedSize()) {
		return Key{}, false
	}
	seed, expanded := p.Seed.octets(p.Set.SeedSize()), p.Expanded.octets(p.Set.ExpandedSize())
	own, derived, known := p.Set.FromSeed(seed)
	proven, compared := false, false
	if known && expanded != nil {
		compared, proven = true, string(derived) == string(expanded)
	}
	if !known && expanded != nil {
		own, proven = p.Set.FromExpanded(expanded)
		known, compared = own != nil, kind != SLHDSA
	}
	if p.Public != nil && own != nil {
		same := string(p.Public) == string(own)
		compared, proven = true, same && (proven || !compared)
	}
	k, ok := gather(kind, at, proven, append([]Number{p.Seed}, p.Set.pieces(p.Expanded)...)...)
	if !ok {
		return Key{}, false
	}
	if known {
		k.public(SPKIForOID(string(p.Set), nil, own))
	}
	if p.Full && known && !compared {
		k.Confidence = probe.Confirmed
	}
	if p.Set.kem() != nil && derived == nil && p.Expanded.octets(p.Set.ExpandedSize()) != nil {
		k.Loose = 1 // z, which is random for itself
	}
	k.derive(p.Set.derived(derived))
	return k, true
}

// fits reports whether n is absent, has size octets, or is the beginning of them.
func fits(n Number, size int) bool {
	return len(n.Bytes) == 0 || len(n.Bytes) == size || n.Cut && len(n.Bytes) < size
}

// pieces returns the private pieces of an expanded key, as far as present. Where
// the octets do not lie as they are (in text), the whole is private.
func (s ParameterSet) pieces(n Number) []Number {
	if len(n.Bytes) == 0 || n.At.Len() != len(n.Bytes) {
		return []Number{n}
	}
	var ps []Number
	for _, piece := range s.secret() {
		start, end := min(piece.start, len(n.Bytes)), min(piece.end, len(n.Bytes))
		ps = append(ps, Number{
			Bytes: n.Bytes[start:end],
			At:    probe.Range{Start: n.At.Start + start, End: n.At.Start + end},
			Cut:   end < piece.end,
		})
	}
	return ps
}
