package ecscalar

import (
	"encoding/binary"
	"math/big"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/publickey"
)

// limbReach is how far apart the coordinates of a point may lie, in bytes.
const limbReach = 4 << 10

// limbs finds public points of which the coordinates lie in little-endian limbs near each other, as they are or
// in Montgomery form, and nothing else says that there is a point: the curve's equation does. Each is a run of words
// that are not hard, or both are one, or they are one with the scalar, as in the keys of RustCrypto's p256.
type limbs struct{ curves []equation }

// equation is that of a curve, y² = x³ + a·x + b, in Montgomery form.
type equation struct {
	shape
	name       privkey.Curve
	f          field
	am, bm, r2 []uint64 // r2 is R² as it is, which makes Montgomery forms
	unit       []uint64 // 1 as it is, which undoes them
}

// Limbs returns the harvester of points in limbs. It redacts nothing.
func Limbs() []probe.Detector {
	d := limbs{}
	k := privkey.Secp256k1
	for _, c := range []privkey.Curve{privkey.P256, k, privkey.P384, privkey.P521} {
		s, ok := shapeOf(c)
		if !ok {
			continue
		}
		e := equation{shape: s, name: c, f: newField(s.p)}
		// b follows from the base point.
		b := new(big.Int).Mul(s.gx, s.gx)
		b.Add(b, s.a4).Mul(b, s.gx)
		b.Sub(new(big.Int).Mul(s.gy, s.gy), b)
		e.am, e.bm = e.f.element(new(big.Int).Mod(s.a4, s.p)), e.f.element(b.Mod(b, s.p))
		r := power2(uint(64*e.f.limbs), 0)
		e.r2, e.unit = e.f.element(r.Mod(r, s.p)), make([]uint64, e.f.limbs)
		e.unit[0] = 1
		d.curves = append(d.curves, e)
	}
	return []probe.Detector{&d}
}

// Spec implements [probe.Detector].
func (*limbs) Spec() probe.Spec {
	const most = 8 * (2*9 + 2)
	return probe.Spec{
		ID: "public-key-coordinates", About: "coordinates of elliptic-curve points as limbs, proven by the curve's equation",
		Kinds: []string{publickey.Kind}, Before: limbReach + most, After: limbReach + most,
	}
}

// Depth implements [probe.Shallow].
func (*limbs) Depth() int { return 8 }

// Gate implements [probe.Gated]. It has none: to look for runs costs less than to look around each of them for the
// other coordinate, which is done once for a block.
func (*limbs) Gate() probe.Gate { return probe.Gate{} }

// Filter names the x coordinates of points.
func (d *limbs) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	skew := int(-base & 7)
	var places [3][]int // of numbers of each length
	coordinates(data, skew, lo, hi, func(size, at int) { places[size] = append(places[size], at) })
	if len(places[0])+len(places[1])+len(places[2]) == 0 {
		return
	}
	var all [3][]int
	coordinates(data, skew, lo-limbReach, hi+limbReach, func(size, at int) { all[size] = append(all[size], at) })
	var found []int
	for i := range d.curves {
		e := &d.curves[i]
		size := sizeOf(e.f.limbs)
		if len(places[size]) == 0 || len(all[size]) < 2 {
			continue
		}
		e.pairs(data, places[size], all[size], func(x, _ int, _ bool) { found = append(found, x) })
	}
	slices.Sort(found)
	for _, at := range slices.Compact(found) {
		hit(at)
	}
}

// Detect emits the points of which x lies at v.At.
func (d *limbs) Detect(v probe.View, emit func(probe.Match)) {
	skew := int(-v.Addr & 7)
	for i := range d.curves {
		e := &d.curves[i]
		var all []int
		mine := false
		coordinates(v.Data, skew, v.At-limbReach, v.At+limbReach+1, func(size, at int) {
			if size == sizeOf(e.f.limbs) {
				all = append(all, at)
				mine = mine || at == v.At
			}
		})
		if !mine {
			continue
		}
		e.pairs(v.Data, []int{v.At}, all, func(x, y int, plain bool) {
			spki := privkey.SPKIForEC(e.name, e.point(v.Data, x, y, plain))
			m := probe.Match{
				Kind: publickey.Kind, Encoding: probe.Mont, Confidence: probe.Confirmed,
				Range: probe.Range{Start: x, End: x + 8*e.f.limbs}, Public: true, SPKI: spki, Identity: spki,
			}
			if plain {
				m.Encoding = probe.LimbsLE
			}
			emit(m)
		})
	}
}

// sizeOf is the index of a number of so many limbs among lengths.
func sizeOf(limbs int) int {
	all := lengths()
	return slices.Index(all[:], limbs)
}

// lengths returns the limbs of the numbers that are looked for.
func lengths() [3]int { return [3]int{4, 6, 9} }

// coordinates calls yield for the places in [lo, hi) of what may be a coordinate, in ascending order for each size.
// Words are at skew plus a multiple of eight.
func coordinates(data []byte, skew, lo, hi int, yield func(size, at int)) {
	const margin = 8 * (2*9 + 2) // runs that are longer are none
	last := min(hi+margin, len(data))
	start := max(lo-margin, 0)
	start += (skew - start) & 7
	le := binary.LittleEndian
	in := func(size, at int) {
		if at >= lo && at < hi && at+8*lengths()[size] <= len(data) && varied(data[at:], 8*lengths()[size]) {
			yield(size, at)
		}
	}
	cut := start >= 8 // the run may have begun before
	for at := start; ; at += 8 {
		if at+8 <= last && classify(le.Uint64(data[at:])) != hard {
			continue
		}
		if n := (at - start) / 8; n >= 4 && !cut && (at+8 <= last || last == len(data)) {
			for size, limbs := range lengths() {
				switch {
				case limbs == 9:
					if n == 8 && at+8 <= len(data) && le.Uint64(data[at:]) < 1<<9 {
						in(size, start)
					}
				case n == limbs || n == limbs+1:
					in(size, start)
				case n == 2*limbs || n == 2*limbs+1:
					in(size, start)
					in(size, start+8*limbs)
				case n == 3*limbs || n == 3*limbs+1: // the scalar beside them
					for k := range 3 {
						in(size, start+8*k*limbs)
					}
				}
			}
		}
		if at+8 > last {
			return
		}
		start, cut = at+8, false
	}
}
