package ecscalar

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha512"
	"math/big"
	"testing"

	"github.com/cloudflare/circl/sign/ed448"
	"golang.org/x/crypto/sha3"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

func scalarBelow(n *big.Int) *big.Int {
	k, _ := rand.Int(rand.Reader, new(big.Int).Sub(n, big.NewInt(1)))
	return k.Add(k, big.NewInt(1))
}

// TestLanes compares the x coordinates of all windows of long lanes with what
// other implementations compute.
func TestLanes(t *testing.T) {
	for _, c := range []privkey.Curve{privkey.P224, privkey.P256, privkey.P384, privkey.P521, privkey.Secp256k1, privkey.BrainpoolP256r1, privkey.BrainpoolP384r1, privkey.BrainpoolP512r1} {
		s, _ := shapeOf(c)
		if s.turns {
			continue // see TestTurned
		}
		b := newBatch(newGroup(s), maxLanes)
		for i := range 5 {
			w := b.next(i, s.span)
			toWords(new(big.Int).SetBytes(random(8*s.span)), w)
		}
		lanes := make([][]uint64, 5)
		for i, l := range b.lanes {
			lanes[i] = append(lanes[i], b.words[l.first:l.first+l.count]...)
		}
		seen := 0
		b.run(func(id, k int, x []uint64) {
			seen++
			d := fromWords(lanes[id][k : k+s.words])
			d.Lsh(d, uint(64*k)).Mod(d, s.order)
			point, ok := privkey.ECPublic(c, d.Bytes())
			if !ok || x == nil || b.g.f.number(x).Cmp(new(big.Int).SetBytes(point[1:1+s.size])) != 0 {
				t.Errorf("curve of %d octets, lane %d, window %d", s.size, id, k)
			}
		})
		if want := 5 * (s.span - s.words + 1); seen != want {
			t.Errorf("%d windows, want %d", seen, want)
		}
	}
}

// TestEdwards holds that the points of the Edwards curves are mapped rightly.
func TestEdwards(t *testing.T) {
	seed := random(32)
	h := sha512.Sum512(seed)
	h[0] &= 248
	h[31] = h[31]&127 | 64
	pub := ed25519.NewKeyFromSeed(seed)[32:]
	check(t, montgomery25519(), public{kind: privkey.Ed25519, raw: pub}, h[:32])
	x := random(32)
	xp := privkey.X25519Public(x)
	x[0] &= 248
	x[31] = x[31]&127 | 64
	check(t, montgomery25519(), public{kind: privkey.X25519, raw: xp}, x)

	seed = random(57)
	h448 := make([]byte, 114)
	sha3.ShakeSum256(h448, seed)
	h448[0] &= 252
	h448[55] |= 128
	pub448 := ed448.NewKeyFromSeed(seed)[57:]
	check(t, montgomery448(), public{kind: privkey.Ed448, raw: pub448}, h448[:56])
	x = random(56)
	xp = privkey.X448Public(x)
	x[0] &= 252
	x[55] |= 128
	check(t, montgomery448(), public{kind: privkey.X448, raw: xp}, x)
}

func check(t *testing.T, s shape, k public, scalar []byte) {
	t.Helper()
	tg := newTargets(s, []public{k})
	if tg == nil {
		t.Fatalf("%s: the public key is refused", k.kind)
	}
	b := newBatch(tg.group, maxLanes)
	toWords(new(big.Int).SetBytes(reversed(scalar)), b.next(0, s.words))
	m := new(big.Int).SetBytes(reversed(scalar))
	m.Lsh(m, uint(64*s.words)).Mod(m, s.order)
	toWords(m, b.next(s.words, s.words))
	b.run(func(id, _ int, x []uint64) {
		if m, ok := tg.lookup(x); !ok || m.shift != id {
			t.Errorf("%s: the scalar does not meet the public key, shift %d", k.kind, id)
		}
	})
}

func BenchmarkLanes(b *testing.B) {
	for _, c := range []privkey.Curve{privkey.P256, privkey.P384, privkey.P521} {
		for _, long := range []bool{false, true} {
			s, _ := shapeOf(c)
			bt := newBatch(newGroup(s), maxLanes)
			n := s.words
			if long && s.turns {
				continue // there are none
			} else if long {
				n = s.span
			}
			b.Run(string('0'+rune(s.words))+map[bool]string{true: "long"}[long], func(b *testing.B) {
				windows := 0
				for windows < b.N {
					for !bt.full() {
						toWords(new(big.Int).SetBytes(random(8*n)), bt.next(0, n))
					}
					bt.run(func(int, int, []uint64) { windows++ })
				}
			})
		}
	}
}

// TestField compares products with those of math/big, at the ends of the range too.
func TestField(t *testing.T) {
	p256, _ := shapeOf(privkey.P256)
	k1, _ := shapeOf(privkey.Secp256k1)
	p521, _ := shapeOf(privkey.P521)
	p384, _ := shapeOf(privkey.P384)
	for _, s := range []shape{p256, k1, p384, p521, montgomery25519(), montgomery448()} {
		f := newField(s.p)
		last := new(big.Int).Sub(s.p, big.NewInt(1))
		for i := range 2000 {
			x, y := scalarBelow(s.p), scalarBelow(s.p)
			if i < 4 {
				x.Sub(last, big.NewInt(int64(i&1)))
				y.Sub(last, big.NewInt(int64(i>>1)))
			}
			z := make([]uint64, f.limbs)
			f.mul(z, f.element(x), f.element(y))
			want := new(big.Int).Mul(x, y)
			if f.number(z).Cmp(want.Mod(want, s.p)) != 0 {
				t.Fatalf("prime of %d bits: a product is wrong", s.p.BitLen())
			}
			f.add(z, f.element(x), f.element(y))
			want.Add(x, y)
			if f.number(z).Cmp(want.Mod(want, s.p)) != 0 {
				t.Fatalf("prime of %d bits: a sum is wrong", s.p.BitLen())
			}
			f.sub(z, f.element(x), f.element(y))
			want.Sub(x, y)
			if f.number(z).Cmp(want.Mod(want, s.p)) != 0 {
				t.Fatalf("prime of %d bits: a difference is wrong", s.p.BitLen())
			}
		}
	}
}
