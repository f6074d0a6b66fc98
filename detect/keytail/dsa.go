package keytail

import (
	"bytes"
	"math/big"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// orders are how many octets subgroup orders have (FIPS 186-4, section 4.2).
var orders = [...]int{20, 28, 32}

// shorter is how many octets less than the order the private number may have: one key in 2^16 has fewer.
const shorter = 1

type dsaTail struct{}

// DSA returns the detector of DSA keys of PKCS #8 without a head.
func DSA() probe.Detector { return dsaTail{} }

func (dsaTail) Spec() probe.Spec {
	spec := probe.Spec{
		ID: "dsa-key-tail", About: "DSA private keys in DER that have lost their head",
		// p, q and g of 4096 bits with their headers, and the algorithm's identifier.
		Kinds: []string{privkey.DSA}, Before: 2*(512+5) + 3 + 33 + 32, After: 4 + 1 + 32,
	}
	for _, n := range orders {
		for len := n - shorter; len <= n+1; len++ { // with an octet of zero before the top bit
			spec.Anchors = append(spec.Anchors, string([]byte{der.OctetString, byte(len + 2), der.Integer, byte(len)}))
		}
	}
	return spec
}

// Detect implements [probe.Detector]. The OCTET STRING with the private number stands behind the parameters p, q and
// g (RFC 5958, section 2; RFC 3279, section 2.3.2), of which p may be lost in part.
func (dsaTail) Detect(v probe.View, emit func(probe.Match)) {
	x, ok := whole(v.Data, v.At+2)
	if !ok || x.At.End != v.At+4+int(v.Data[v.At+3]) || privkey.Redacted(x.Bytes) || privkey.Junk(x.Bytes) {
		return
	}
	g, ok := before(v.Data, v.At, 64, 513)
	if !ok {
		return
	}
	q, ok := before(v.Data, g.start, orders[0]+1, orders[len(orders)-1]+1)
	if !ok || q.Bytes[0] != 0 || q.Bytes[1] < 0x80 {
		return
	}
	Q, X := integer(q.Number), integer(x)
	if X.Sign() == 0 || X.Cmp(Q) >= 0 || Q.Bit(0) == 0 || integer(g.Number).BitLen() < 2*Q.BitLen() || !Q.ProbablyPrime(0) {
		return
	}
	m := probe.Match{
		Kind: privkey.DSA, Encoding: probe.DER, Confidence: probe.Confirmed,
		Range: probe.Range{Start: q.start, End: x.At.End}, Redact: []probe.Range{x.At},
		Identity: X.Bytes(), Values: [][]byte{X.Bytes()},
	}
	if p, ok := before(v.Data, q.start, 64, 513); ok {
		if headed(v.Data, p.start) {
			return
		}
		if P := integer(p.Number); new(big.Int).Exp(integer(g.Number), Q, P).Cmp(big.NewInt(1)) != 0 {
			return
		}
	}
	emit(m)
}

// headed reports whether all that stands before the parameters is there, which begin right before data[at]: nothing
// is lost then.
func headed(data []byte, at int) bool {
	const version = "\x02\x01\x00\x30"
	const oid = "\x06\x07" + privkey.OIDDSA
	head := data[max(0, at-32):at]
	k := bytes.Index(head, []byte(version))
	return k >= 4 && head[k-4] == der.Sequence && head[k-3] == 0x82 && bytes.Contains(head[k:], []byte(oid))
}

// placed is an INTEGER that begins with its header at start.
type placed struct {
	privkey.Number
	start int
}

// before returns the INTEGER of least to most octets that ends at data[end], the shortest one.
func before(data []byte, end, least, most int) (placed, bool) {
	for n := least; n <= most && n < end; n++ {
		width := 2
		switch {
		case n >= 1<<8:
			width = 4
		case n >= 1<<7:
			width = 3
		}
		start := end - n - width
		if start < 0 || data[start] != der.Integer {
			continue
		}
		if x, ok := whole(data, start); ok && x.At.End == end && x.At.Start == start+width && x.Bytes[0] < 0x80 {
			return placed{x, start}, true
		}
	}
	return placed{}, false
}

// whole reads the INTEGER at data[i].
func whole(data []byte, i int) (privkey.Number, bool) {
	c := der.At(data, i)
	v, ok := c.Expect(der.Integer)
	if !ok || !v.Whole() || v.Len == 0 {
		return privkey.Number{}, false
	}
	return privkey.Number{Bytes: c.Bytes(v), At: probe.Range{Start: v.Start, End: v.End}}, true
}
