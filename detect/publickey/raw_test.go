package publickey

import (
	"bytes"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/binary"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

func TestPoint(t *testing.T) {
	d := pointDetector{}
	for _, c := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		for range 20 {
			k := ecKey(c)
			point, err := k.PublicKey.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			// Behind its length it is found at any offset.
			data := append([]byte{byte(len(point))}, point...)
			accept(t, c.Params().Name, data, spkiOf(t, &k.PublicKey), probe.Confirmed, false, d)
			point[len(point)-1] ^= 1
			if fs := found(t, point, len(point), d); len(fs) > 0 {
				t.Error("a point beside the curve is found")
			}
		}
	}
	point, _ := privkey.ECPublic(privkey.Secp256k1, octetsOf(31))
	accept(t, "secp256k1", append([]byte{65}, point...), privkey.SPKIForEC(privkey.Secp256k1, point), probe.Confirmed, false, d)
	for _, c := range rarePointCurves {
		point, ok := privkey.ECPublic(c, octetsOf(c.Size()-1))
		if !ok {
			t.Fatal("no point")
		}
		accept(t, "rare", append([]byte{byte(len(point))}, point...), privkey.SPKIForEC(c, point), probe.Confirmed, false, d)
	}
}

func TestLimbPoint(t *testing.T) {
	for _, f := range newFields() {
		point, ok := privkey.ECPublic(f.curve, octetsOf(f.size-1))
		if !ok {
			t.Fatal("no point")
		}
		limbs := func(be []byte) []byte {
			n := new(big.Int).SetBytes(be)
			n.Lsh(n, uint(8*f.size)).Mod(n, f.prime)
			b := n.FillBytes(make([]byte, f.size))
			slices.Reverse(b)
			return b
		}
		x, y := limbs(point[1:1+f.size]), limbs(point[1+f.size:])
		gap := make([]byte, chunk)
		spki := privkey.SPKIForEC(f.curve, point)
		d := limbPointDetector{newFields()}
		accept(t, "array", slices.Concat(x, y, []byte(f.one)), spki, probe.Confirmed, false, d)
		accept(t, "chunks", slices.Concat(x, gap, y, gap, []byte(f.one)), spki, probe.Confirmed, false, d)
		if fs := found(t, slices.Concat(y, x, []byte(f.one)), 1<<20, d); len(fs) > 0 {
			t.Error("coordinates in the wrong order are found")
		}
	}
}

// image is memory that begins at base, in which objects are laid one by one.
type image struct {
	order binary.ByteOrder
	b     []byte
}

const imageBase = 0x7f0000010000

func (m *image) put(ws ...uint64) (addr uint64) {
	m.b = append(m.b, make([]byte, 16)...)
	addr = imageBase + uint64(len(m.b))
	for _, w := range ws {
		b := make([]byte, 8)
		m.order.PutUint64(b, w)
		m.b = append(m.b, b...)
	}
	return addr
}

// ints returns two 32-bit integers as the word that they are in memory.
func (m *image) ints(a, b uint32) uint64 {
	p := make([]byte, 8)
	m.order.PutUint32(p, a)
	m.order.PutUint32(p[4:], b)
	return m.order.Uint64(p)
}

func words(n *big.Int) []uint64 {
	b := n.FillBytes(make([]byte, (n.BitLen()+63)/64*8))
	ws := make([]uint64, 0, len(b)/8)
	for i := len(b) - 8; i >= 0; i -= 8 {
		ws = append(ws, binary.BigEndian.Uint64(b[i:]))
	}
	return ws
}

// n0 returns -1/w modulo 2^64.
func n0(w uint64) uint64 {
	x := w
	for range 6 {
		x *= 2 - w*x
	}
	return -x
}

// objects lay a modulus in memory the way some program does.
var objects = map[string]func(m *image, n *big.Int){
	"openssl rsa_st": func(m *image, n *big.Int) {
		nn, ee := m.put(words(n)...), m.put(65537)
		k := uint32(len(words(n)))
		nb := m.put(nn, m.ints(k, k), 0)
		eb := m.put(ee, m.ints(1, 1), 0)
		m.put(0, nb, eb, 0)
	},
	"openssl BN_MONT_CTX": func(m *image, n *big.Int) {
		k := uint32(len(words(n)))
		m.put(2048, 0, m.ints(0, 0), 0, m.put(words(n)...), m.ints(k, k), 0, 0, 0, 0, n0(words(n)[0]), 0)
	},
	"boringssl BN_MONT_CTX": func(m *image, n *big.Int) {
		k := uint32(len(words(n)))
		m.put(0, m.ints(0, 0), 0, m.put(words(n)...), m.ints(k, k), 0, n0(words(n)[0]), 0)
	},
	"go big.Int": func(m *image, n *big.Int) {
		k := uint64(len(words(n)))
		m.put(m.put(0, m.put(words(n)...), k, k+4), 65537)
	},
	"go bigmod": func(m *image, n *big.Int) {
		k := uint64(len(words(n)))
		nat := m.put(m.put(words(n)...), k, k)
		m.put(m.put(nat, 1, n0(words(n)[0]), 0), 65537)
	},
	"nettle": func(m *image, n *big.Int) {
		k := uint32(len(words(n)))
		m.put(256, m.ints(k, k), m.put(words(n)...), m.ints(1, 1), m.put(65537))
	},
}

func moduli(t *testing.T, m *image) []search.Found {
	t.Helper()
	s, err := search.New([]probe.Detector{modulusDetector{}})
	if err != nil {
		t.Fatal(err)
	}
	var fs []search.Found
	s.Search(search.Window{Data: m.b, Addr: func(i int) uint64 { return imageBase + uint64(i) }, Hi: len(m.b)}, func(f search.Found) { fs = append(fs, f) })
	return fs
}

func TestModulus(t *testing.T) {
	k := rsaKey()
	for name, lay := range objects {
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			m := &image{order: order, b: probetest.Noise(5, 512)}
			alone := strings.Contains(name, "MONT")
			want := probe.Likely
			if alone {
				want = probe.Confirmed
			}
			if lay(m, k.N); !has(moduli(t, m), spkiOf(t, &k.PublicKey), want) {
				t.Errorf("%s, %s: not found", name, order)
			}
			// A prime that only its Montgomery word explains is secret.
			for what, n := range map[string]*big.Int{"prime": k.Primes[0], "exponent": even(k.D), "multiple": new(big.Int).Mul(k.Primes[0], big.NewInt(3))} {
				m := &image{order: order}
				if lay(m, n); len(moduli(t, m)) > 0 && (alone || what != "prime") {
					t.Errorf("%s, %s: a %s is found", name, order, what)
				}
			}
		}
	}
}

// even returns n made even, as the exponent of no key is and R² often.
func even(n *big.Int) *big.Int { return new(big.Int).SetBit(n, 0, 0) }

func TestMontgomeryWordIsNeeded(t *testing.T) {
	n := rsaKey().N
	m := &image{order: binary.LittleEndian}
	k := uint32(len(words(n)))
	m.put(0, m.put(words(n)...), m.ints(k, k), 0, n0(words(n)[0])+2, 0, 0, n0(words(n)[0])+2)
	if len(moduli(t, m)) > 0 {
		t.Error("a modulus without its word is found")
	}
}

func TestRawRejects(t *testing.T) {
	r := octetsOf(1 << 20)
	sized := bytes.Repeat([]byte{32, 0, 0, 0, 32, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0}, 1<<14)
	fours := bytes.Repeat([]byte{4, 0xc1, 0x92, 0x83, 4, 0xe5, 0xa6, 0x97, 0}, 1<<14)
	for name, data := range map[string][]byte{"random": r, "noise": probetest.Noise(1, 1<<20), "sized": sized, "fours": fours} {
		if fs := found(t, data, len(data), rawDetectors()...); len(fs) > 0 {
			t.Errorf("%s: %d keys found", name, len(fs))
		}
	}
}

func TestPrime(t *testing.T) {
	p, err := rand.Prime(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	if !prime(p.Bytes()) || smooth(p.Bytes()) {
		t.Error("a prime is not known")
	}
	if n := rsaKey().N.Bytes(); prime(n) || smooth(n) {
		t.Error("a modulus is taken for something else")
	}
}
