package publickey

import (
	"crypto/rand"
	"encoding/binary"
	"math/big"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// limbWords returns x in so many limbs.
func limbWords(x *big.Int, n int) []uint64 {
	ws := words(x)
	return append(ws, make([]uint64, n-len(ws))...)
}

// ecPointOf lays ec_point_st of coordinates in the memory m, and returns it.
func ecPointOf(m *image, name uint64, affine bool, coordinates ...*big.Int) []byte {
	ws := []uint64{0x7f00_1234_5678, name}
	for _, c := range coordinates {
		k := uint32(len(words(c)))
		ws = append(ws, m.put(m.put(words(c)...), m.ints(k, k+2), 0))
	}
	ws = append(ws, 0)
	if affine {
		ws[len(ws)-1] = 1
	}
	return le64(ws...)
}

func le64(ws ...uint64) (b []byte) {
	for _, w := range ws {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return b
}

// TestPointObjects has points of every curve in both objects, their coordinates times a random number as
// those of multiples are.
func TestPointObjects(t *testing.T) {
	names := map[privkey.Curve]uint64{}
	for n, c := range curveNames() {
		names[c] = n
	}
	for _, f := range limbFields() {
		var x, y, z *big.Int
		var spki []byte
		n := (f.size + 7) / 8
		mul := func(a, b *big.Int) *big.Int { return new(big.Int).Mod(new(big.Int).Mul(a, b), f.prime) }
		r := new(big.Int).Lsh(big.NewInt(1), uint(64*n))
		random := func(v *big.Int) bool { return dense(le64(limbWords(mul(v, r), n)...)[:32]) }
		for d := make([]byte, f.size-1); ; {
			rand.Read(d)
			point, ok := privkey.ECPublic(f.curve, d)
			if !ok {
				t.Fatal("no point")
			}
			x, y, spki = new(big.Int).SetBytes(point[1:1+f.size]), new(big.Int).SetBytes(point[1+f.size:]), privkey.SPKIForEC(f.curve, point)
			if z, _ = rand.Int(rand.Reader, f.prime); random(z) && random(mul(x, z)) && random(mul(y, z)) {
				break
			}
		}
		z2 := mul(z, z)
		for name, make := range map[string]func(*image) []byte{
			"affine": func(m *image) []byte {
				return ecPointOf(m, names[f.curve], true, mul(x, r), mul(y, r), mul(r, big.NewInt(1)))
			},
			"plain": func(m *image) []byte { return ecPointOf(m, names[f.curve], true, x, y, big.NewInt(1)) },
			"jacobian": func(m *image) []byte {
				return ecPointOf(m, names[f.curve], false, mul(mul(x, z2), r), mul(mul(y, mul(z, z2)), r), mul(z, r))
			},
			"homogeneous": func(m *image) []byte {
				put := func(v *big.Int) uint64 { return m.put(limbWords(mul(v, r), n)...) }
				return le64(0, fourWords|uint64(f.size)>>3&1, 0x7f00_1234_5678, put(mul(x, z)), put(mul(y, z)), put(z), 0, 0x21)
			},
		} {
			m := &image{order: binary.LittleEndian}
			data := make(m)
			m.put()
			d := PointObjects(probe.Facts{Memory: remote{imageBase, m.b}.read})
			for _, chunk := range []int{9, len(data)} {
				fs := found(t, data, chunk, d)
				if len(fs) != 1 || !has(fs, spki, probe.Confirmed) || !fs[0].Public {
					t.Errorf("%x %s: %d points", f.curve, name, len(fs))
				}
			}
			data[16+7] ^= 0x40
			probetest.Reject(t, d, "no pointer", data)
		}
		m := &image{order: binary.LittleEndian}
		base := new(big.Int).Mod(new(big.Int).Mul(f.base, r), f.prime)
		data := ecPointOf(m, names[f.curve], true, base, mul(y, r), mul(r, big.NewInt(1)))
		probetest.Reject(t, PointObjects(probe.Facts{Memory: remote{imageBase, m.b}.read}), "another point", data)
	}
	if PointObjects(probe.Facts{}) != nil {
		t.Error("a harvester without memory")
	}
}
