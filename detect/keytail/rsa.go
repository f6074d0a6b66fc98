package keytail

import (
	"bytes"
	"math/big"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// reach holds the numbers of a key of 4096 bits to either side of a prime.
	reach = 2 << 10
	// minCut is how many octets of a second prime that is cut must be there.
	minCut = 32
)

type rsaTail struct{}

// RSA returns the detector of RSA keys without a head.
func RSA() probe.Detector { return rsaTail{} }

func (rsaTail) Spec() probe.Spec {
	return probe.Spec{
		ID: "rsa-key-tail", About: "RSA private keys in DER that have lost their head",
		Kinds: []string{privkey.RSA},
		// Primes of 1024, 1536 and 2048 bits; the last is the private exponent of a
		// shorter key as well.
		Anchors: []string{"\x02\x81\x81\x00", "\x02\x81\xc1\x00", "\x02\x82\x01\x01\x00"},
		Before:  reach, After: reach,
	}
}

// Detect implements [probe.Detector].
func (rsaTail) Detect(v probe.View, emit func(probe.Match)) {
	list := integers(v.Data, v.At)
	if len(list) < 2 || !likePrime(list[0]) {
		return
	}
	if follows(v.Data, v.At, list[0]) {
		return // the anchor of the prime before leads to both
	}
	var p privkey.RSAParts
	p.P = list[0]
	e := exponent(list, 0, 2)
	switch {
	case e != nil && exponent(list, 1, 3) != nil:
		p.Q, p.DP, p.DQ = list[1], list[2], list[3]
		if len(list) > 4 {
			p.QInv = list[4]
		}
		p.N = new(big.Int).Mul(integer(p.P), integer(p.Q)).Bytes()
		p.E = e
	case e != nil && (len(list) < 4 || len(list[1].Bytes) == len(list[0].Bytes) && likePrime(list[1])):
		p.Q, p.DP, p.Rest = list[1], list[2], list[3:]
	case e != nil:
		// The prime before is lost, and what follows are both exponents.
		p.DP, p.DQ, p.Rest = list[1], list[2], list[3:]
	case likePrime(list[1]) && sameSize(list[0], list[1]) && prime(list[0]) && (list[1].Cut || prime(list[1])):
		p.Q, p.Rest = list[1], list[2:]
	default:
		return
	}
	d, whole := exponentBefore(v.Data, v.At, len(p.P.Bytes)-1)
	if whole {
		return
	}
	p.D = d
	start := v.At
	if d.At.Len() > 0 {
		start = d.At.Start
	}
	k, ok := privkey.RSAKey(probe.Range{Start: start, End: list[len(list)-1].At.End}, p)
	if !ok {
		return
	}
	if e != nil {
		k.Confidence = probe.Confirmed
	}
	emit(k.Match(probe.DER, 0))
}

// integers reads up to five INTEGERs in a row; the last may be cut.
func integers(data []byte, i int) (list []privkey.Number) {
	c := der.At(data, i)
	for range 5 {
		v, ok := c.Expect(der.Integer)
		if !ok || v.Len > reach {
			break
		}
		n := privkey.Number{Bytes: c.Bytes(v), At: probe.Range{Start: v.Start, End: v.End}, Cut: v.End-v.Start < v.Len}
		if privkey.Redacted(n.Bytes) {
			break
		}
		list = append(list, n)
		if n.Cut {
			break
		}
	}
	return list
}

// likePrime reports whether n is odd and has its top bit set.
func likePrime(n privkey.Number) bool {
	b := n.Bytes
	if n.Cut {
		return len(b) >= minCut && b[0] == 0 && b[1] >= 0x80 && !privkey.Junk(b)
	}
	return len(b) >= 129 && b[0] == 0 && b[1] >= 0x80 && b[len(b)-1]&1 == 1 && !privkey.Junk(b)
}

// prime reports whether n is one: where no exponent proves two numbers to be the
// primes they may be the exponent and the coefficient of a key that is whole.
func prime(n privkey.Number) bool { return integer(n).ProbablyPrime(0) }

// sameSize reports whether b is as long as a, as far as it is there.
func sameSize(a, b privkey.Number) bool { return len(a.Bytes) == len(b.Bytes) || b.Cut }

// follows reports whether the INTEGER before data[at] has the size of n and looks
// like a prime too.
func follows(data []byte, at int, n privkey.Number) bool {
	size := n.At.End - at
	if at < size || !bytes.Equal(data[at-size:at-size+3], data[at:at+3]) {
		return false
	}
	before := integers(data[:at], at-size)
	return len(before) == 1 && !before[0].Cut && likePrime(before[0])
}

// exponent returns the public exponent of which list[d] is the inverse modulo
// list[p] less one, or nil.
func exponent(list []privkey.Number, p, d int) []byte {
	if d >= len(list) || list[d].Cut || list[p].Cut || len(list[d].Bytes) > len(list[p].Bytes) || !likePrime(list[p]) {
		return nil
	}
	one := big.NewInt(1)
	order := integer(list[p])
	order.Sub(order, one)
	for _, e := range [...]int64{65537, 3, 17, 5, 257, 37, 35} {
		x := new(big.Int).Mul(integer(list[d]), big.NewInt(e))
		if x.Mod(x, order).Cmp(one) == 0 {
			return big.NewInt(e).Bytes()
		}
	}
	return nil
}

func integer(n privkey.Number) *big.Int { return new(big.Int).SetBytes(n.Bytes) }

// exponentBefore returns what is left of the private exponent, which ends at
// data[at]; half is the length of a prime. The structure is whole when modulus and
// version stand before it.
func exponentBefore(data []byte, at, half int) (d privkey.Number, whole bool) {
	for n := 2*half + 1; n >= 2*half-8; n-- {
		i := at - n - 4
		if i < 0 || data[i] != der.Integer || data[i+1] != 0x82 || int(data[i+2])<<8|int(data[i+3]) != n {
			continue
		}
		d = privkey.Number{Bytes: data[i+4 : at], At: probe.Range{Start: i + 4, End: at}}
		// The public exponent takes up to eight octets here, more is not in use.
		for e := 3; e <= 8; e++ {
			head := i - e - 4 - (2*half + 1) - 3
			if head >= 4 && data[head-4] == der.Sequence && bytes.HasPrefix(data[head:], []byte("\x02\x01\x00\x02\x82")) {
				return d, true
			}
		}
		return d, false
	}
	start := max(0, at-2*half)
	// Two zeros in a row belong to what was written over the head.
	if k := bytes.LastIndex(data[start:at], []byte{0, 0}); k >= 0 {
		start += k + 2
	}
	if b := data[start:at]; len(b) >= minCut && !privkey.Junk(b) && !privkey.Redacted(b) {
		return privkey.Number{Bytes: b, At: probe.Range{Start: start, End: at}, Cut: true}, false
	}
	return d, false
}
