package plausible

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// RSA returns p with the numbers marked as cut that the others contradict, so
// that they are private where they lie and have no value. Where nothing proves
// the key, and for more than two primes, p is returned as it is.
func RSA(p privkey.RSAParts) privkey.RSAParts {
	if p.N == nil || p.E == nil || len(p.More) > 0 {
		return p
	}
	first, second, d := value(p.P), value(p.Q), value(p.D)
	if !privkey.ProveRSA(p.N, p.E, nil, first, second) {
		var ok bool
		if first, second, ok = privkey.RSAFromExponent(p.N, p.E, d); !ok {
			return p
		}
	}
	own, ok := privkey.RSAFromPrimes(p.E, first, second)
	if !ok {
		return p
	}
	// Some implementations store the inverse of the other prime.
	swapped, _ := privkey.RSAFromPrimes(p.E, second, first)
	known := [][]byte{own.D, own.DPhi, own.P, own.Q, own.DP, own.DQ, own.QInv, swapped.QInv}
	settle := func(n *privkey.Number) {
		v := value(*n)
		for _, k := range known {
			if bytes.Equal(v, k) {
				return
			}
		}
		n.Cut = true
	}
	if !privkey.ProveRSA(p.N, p.E, d, first, second) {
		settle(&p.D)
	}
	for _, n := range []*privkey.Number{&p.P, &p.Q, &p.DP, &p.DQ, &p.QInv} {
		settle(n)
	}
	p.Rest = append([]privkey.Number(nil), p.Rest...)
	for i := range p.Rest {
		settle(&p.Rest[i])
	}
	return p
}

func value(n privkey.Number) []byte {
	if n.Cut || privkey.Redacted(n.Bytes) {
		return nil
	}
	return der.Trim(n.Bytes)
}

// valueHead is how many octets of an encrypted key are hunted for. Nothing
// confirms the later ones: where the structure was cut they are other memory.
const valueHead = 32

// Sealed cuts the octets n of an encrypted key where they cannot go on, and
// returns which of them are worth a search for copies.
func Sealed(n privkey.Number) (kept privkey.Number, values [][]byte) {
	if k := Prefix(n.Bytes); k < len(n.Bytes) {
		n.Bytes, n.At.End, n.Cut = n.Bytes[:k], n.At.Start+k, true
	}
	if len(n.Bytes) < valueHead {
		return n, nil
	}
	return n, [][]byte{n.Bytes[:valueHead]}
}
