package publickey

import (
	"encoding/binary"
	"math/big"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// pointObjects finds points of which the coordinates lie apart, each where a pointer says, as programs compute
// with them: in Montgomery form and with a third coordinate. It reads 64-bit little-endian processes. Two objects
// are known:
//
//   - ec_point_st of OpenSSL since 1.1.1 (crypto/ec/ec_local.h): the method, the number of the curve's name, pointers to
//     the BIGNUMs X, Y and Z of Jacobian coordinates, and whether Z is one.
//   - EcPoint of pycryptodome (src/ec_ws.c): pointers to the curve and to the limbs of X, Y and Z, which are homogeneous,
//     alone in a chunk of glibc's heap.
type pointObjects struct {
	memory func(addr uint64, p []byte) bool
	fields []field
}

const (
	// ecPointLen is the length of ec_point_st, and ecPointName where the curve's name stands in it.
	ecPointLen, ecPointName = 48, 8
	// fourWords is the size of a chunk for four words, as it stands before them but for the bits of malloc (malloc.c):
	// whether the chunk before is in use, and whether the arena is another than the main one.
	fourWords, sizeBits = 0x30, 0x5
)

// curveNames are the numbers that OpenSSL has for curves (obj_mac.h).
func curveNames() map[uint64]privkey.Curve {
	return map[uint64]privkey.Curve{
		415: privkey.P256, 713: privkey.P224, 714: privkey.Secp256k1, 715: privkey.P384, 716: privkey.P521,
		927: privkey.BrainpoolP256r1, 931: privkey.BrainpoolP384r1, 933: privkey.BrainpoolP512r1,
	}
}

// PointObjects returns the detector of points that objects point to, a harvester for the second pass, or
// nil when memory cannot be read by address.
func PointObjects(f probe.Facts) probe.Detector {
	if f.Memory == nil || f.BigEndian {
		return nil
	}
	return pointObjects{f.Memory, limbFields()}
}

func (pointObjects) Spec() probe.Spec {
	return spec("public-key-point-object", "elliptic-curve points whose coordinates objects point to", ecPointName, ecPointLen)
}

// Depth implements [probe.Shallow].
func (pointObjects) Depth() int { return 0 }

// Filter names the words before the pointers of such objects.
func (pointObjects) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	for i := lo + int(-(base+int64(lo))&7); i < hi && i+ecPointLen-ecPointName <= len(data); i += 8 {
		if w := binary.LittleEndian.Uint64(data[i:]); w&^sizeBits == fourWords && pointers(data[i+8:], 4) || w>>10 == 0 && w >= 415 && ecPoint(data, i) {
			hit(i)
		}
	}
}

// ecPoint reports whether the name of a curve stands at data[i] in ec_point_st.
func ecPoint(data []byte, i int) bool {
	_, named := curveNames()[binary.LittleEndian.Uint64(data[i:])]
	return named && i >= 8 && pointers(data[i-8:], 1) && pointers(data[i+8:], 3) && binary.LittleEndian.Uint32(data[i+32:]) <= 1
}

// pointers reports whether p begins with n different addresses of words.
func pointers(p []byte, n int) bool {
	last := uint64(0)
	for ; n > 0; n-- {
		w := binary.LittleEndian.Uint64(p)
		if w%8 != 0 || w>>12 == 0 || w>>47 != 0 || w == last {
			return false
		}
		p, last = p[8:], w
	}
	return true
}

func (d pointObjects) Detect(v probe.View, emit func(probe.Match)) {
	if v.At+ecPointLen-ecPointName > len(v.Data) {
		return
	}
	le, at := binary.LittleEndian, v.Data[v.At:]
	found := func(f *field, point []byte) {
		emit(match(privkey.SPKIForEC(f.curve, point), probe.Mont, false, probe.Range{Start: v.At, End: v.At + 8}))
	}
	if w := le.Uint64(at); w&^sizeBits != fourWords {
		if !ecPoint(v.Data, v.At) {
			return
		}
		for i := range d.fields {
			if f := &d.fields[i]; f.curve == curveNames()[w] {
				x, y, z := d.bignum(f, le.Uint64(at[8:])), d.bignum(f, le.Uint64(at[16:])), d.bignum(f, le.Uint64(at[24:]))
				if point := f.jacobian(x, y, z); point != nil {
					found(f, point)
				}
			}
		}
		return
	}
	if !pointers(at[8:], 4) {
		return
	}
	for i := range d.fields {
		f := &d.fields[i]
		var n [3]*big.Int
		for k := range n {
			if n[k] = d.limbs(le.Uint64(at[16+8*k:]), (f.size+7)/8); n[k] == nil {
				return // no random number begins there, be it as short as of the first curve
			}
		}
		if point := f.homogeneous(n[0], n[1], n[2]); point != nil {
			found(f, point)
			return
		}
	}
}

// limbs reads a number of so many limbs of which the first four look random.
func (d pointObjects) limbs(addr uint64, count int) *big.Int {
	p := make([]byte, 8*count)
	if !d.memory(addr, p) || !dense(p[:32]) {
		return nil
	}
	slices.Reverse(p)
	return new(big.Int).SetBytes(p)
}

// bignum reads a BIGNUM: the address of its limbs, how many are used and allocated, sign and flags.
func (d pointObjects) bignum(f *field, addr uint64) *big.Int {
	var b [24]byte
	if !d.memory(addr, b[:]) {
		return nil
	}
	le := binary.LittleEndian
	used, room, sign := le.Uint32(b[8:]), le.Uint32(b[12:]), le.Uint32(b[16:])
	if used == 0 || used > room || int(used) > (f.size+7)/8 || sign != 0 {
		return nil
	}
	p := make([]byte, 8*used)
	if !d.memory(le.Uint64(b[:]), p) {
		return nil
	}
	slices.Reverse(p)
	return new(big.Int).SetBytes(p)
}

// jacobian returns the uncompressed point of coordinates x/z² and y/z³, which are in Montgomery form or as they are,
// or nil when it is none of the curve, or the base point.
func (f *field) jacobian(x, y, z *big.Int) []byte {
	if x == nil || y == nil || z == nil {
		return nil
	}
	for _, r := range []*big.Int{f.inverse, big.NewInt(1)} {
		times := func(a, b *big.Int) *big.Int { return new(big.Int).Mod(new(big.Int).Mul(a, b), f.prime) }
		i := new(big.Int).ModInverse(times(z, r), f.prime)
		if i == nil {
			return nil
		}
		i2 := times(i, i)
		if point := f.affine(times(times(x, r), i2), times(times(y, r), times(i2, i))); point != nil {
			return point
		}
	}
	return nil
}

// homogeneous returns the uncompressed point of coordinates x/z and y/z, of which the form makes no difference.
func (f *field) homogeneous(x, y, z *big.Int) []byte {
	i := new(big.Int).ModInverse(z, f.prime)
	if i == nil {
		return nil
	}
	x, y = new(big.Int).Mul(x, i), i.Mul(i, y)
	return f.affine(x.Mod(x, f.prime), y.Mod(y, f.prime))
}

func (f *field) affine(x, y *big.Int) []byte {
	p := make([]byte, 1+2*f.size)
	p[0] = pointForm
	x.FillBytes(p[1 : 1+f.size])
	y.FillBytes(p[1+f.size:])
	if on, known := satisfies(f.curve, p); !on || !known || x.Cmp(f.base) == 0 {
		return nil
	}
	return p
}
