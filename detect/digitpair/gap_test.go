package digitpair

import (
	"crypto/elliptic"
	"encoding/binary"
	"fmt"
	"math/big"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// thin returns x with the upper 13 bits of digit i clear, which makes its word a gap, but not a pointer.
func thin(f form, x *big.Int, i int) *big.Int {
	x = new(big.Int).Set(x)
	for b := (i+1)*f.radix - 13; b < (i+1)*f.radix; b++ {
		x.SetBit(x, b, 0)
	}
	lowest := (i - i%(8/f.width)) * f.radix // bit of the word
	x.SetBit(x, lowest, 1)
	if f.width == 8 {
		x.SetBit(x, lowest+40, 1)
	}
	return x
}

// TestGap has scalars and primes of which one digit has few bits.
func TestGap(t *testing.T) {
	for _, f := range forms() {
		for name, c := range map[privkey.Curve]elliptic.Curve{privkey.P256: elliptic.P256(), privkey.P384: elliptic.P384(), privkey.P521: elliptic.P521()} {
			last := c.Params().BitSize/f.radix - 1
			for _, i := range []int{0, 1, last - 1, last} {
				d, x, _ := ecKey(t, f, c)
				d = thin(f, d, i)
				point, ok := privkey.ECPublic(name, d.Bytes())
				if !ok {
					t.Fatal("no scalar")
				}
				x.SetBytes(point[1 : 1+len(point)/2])
				if !good(f, digits(f, x)) || !good(f, digits(f, d)) {
					continue // another gap, which chance has made
				}
				D := digits(f, d)
				check(t, New(), fmt.Sprintf("2^%d %s digit %d", f.radix, c.Params().Name, i), privkey.EC, f.encoding(), heap(D, digits(f, x)), D)
			}
		}
		last := 512/f.radix - 1
		for _, i := range []int{0, 1, last / 2, last} {
			p, q, _ := rsaKey(t, f, 512, 512)
			for p = thin(f, p, i); !p.ProbablyPrime(0); {
				p.Add(p, big.NewInt(2))
			}
			P, Q := digits(f, p), digits(f, q)
			if !good(f, P) || !good(f, digits(f, new(big.Int).Mul(p, q))) {
				continue
			}
			check(t, New(), fmt.Sprintf("2^%d prime, digit %d", f.radix, i), privkey.RSA, f.encoding(), heap(P, Q, digits(f, p.Mul(p, q))), P, Q)
		}
	}
}

// TestNoGap has pointers and sizes where digits may have few bits.
func TestNoGap(t *testing.T) {
	f := forms()[0]
	d, x, _ := ecKey(t, f, elliptic.P521())
	for name, w := range map[string]uint64{"a pointer": 0x7f12_3456_7890, "a size": 0x1234_5671} {
		data := heap(digits(f, d), digits(f, x))
		binary.LittleEndian.PutUint64(data[8+8*2:], w)
		probetest.Reject(t, New(), name, data)
		if s, ok := f.startAt(data, 8); ok || s.bridged != 2 {
			t.Errorf("%s: a run of %d words", name, s.bridged)
		}
	}
}

// TestPartner has keys of which the modulus is nowhere: primes, exponents, and what ties them together.
func TestPartner(t *testing.T) {
	one := big.NewInt(1)
	for _, f := range forms() {
		p, q, _ := rsaKey(t, f, 1024, 1024)
		e := big.NewInt(ordinary)
		p1, q1 := new(big.Int).Sub(p, one), new(big.Int).Sub(q, one)
		phi := new(big.Int).Mul(p1, q1)
		d, inv := new(big.Int).ModInverse(e, phi), new(big.Int).ModInverse(q, p)
		dp, dq := new(big.Int).ModInverse(e, p1), new(big.Int).ModInverse(e, q1)
		for name, c := range map[string]struct {
			beside []*big.Int
			known  bool // which key it is
		}{
			"inverse":   {[]*big.Int{dp, inv}, true},
			"d":         {[]*big.Int{d, dp}, true},
			"exponents": {[]*big.Int{dp, dq}, false},
			"all":       {[]*big.Int{dp, dq, inv, d}, true},
		} {
			numbers := [][]byte{digits(f, p), digits(f, q)}
			ready := true
			for _, x := range c.beside {
				numbers = append(numbers, digits(f, x))
				ready = ready && good(f, digits(f, x))
			}
			if !ready {
				continue
			}
			data := heap(numbers...)
			fs := find(t, data)
			if len(fs) == 0 || fs[0].Start != 8 || (len(fs[0].SPKI) > 0) != c.known {
				t.Errorf("2^%d %s: %d found", f.radix, name, len(fs))
				continue
			}
			values := map[string]bool{}
			New().Detect(probe.View{Data: data, At: 8}, func(m probe.Match) {
				for _, v := range m.Values {
					values[string(v)] = true
				}
			})
			for i, x := range []*big.Int{p, q, d, dp, dq, inv} {
				if !values[string(x.Bytes())] {
					t.Errorf("2^%d %s: number %d is not among the values", f.radix, name, i)
				}
			}
		}
	}
}

// TestNoTop has a scalar of which no full digit has its top bit set, as one of 256 bits in sixteen has.
func TestNoTop(t *testing.T) {
	for _, f := range forms() {
		d, x, _ := ecKey(t, f, elliptic.P256())
		for {
			for i := f.radix - 1; i < 256; i += f.radix {
				d.SetBit(d, i, 0)
			}
			point, ok := privkey.ECPublic(privkey.P256, d.Bytes())
			if !ok {
				t.Fatal("no scalar")
			}
			if x.SetBytes(point[1:33]); good(f, digits(f, x)) && good(f, digits(f, d)) {
				break
			}
			d.Add(d, big.NewInt(2))
		}
		D := digits(f, d)
		check(t, New(), fmt.Sprintf("2^%d", f.radix), privkey.EC, f.encoding(), heap(D, digits(f, x)), D)
	}
}
