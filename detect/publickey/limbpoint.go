package publickey

import (
	"bytes"
	"cmp"
	"crypto/elliptic"
	"math/big"
	"slices"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// field is the arithmetic of a curve whose coordinates programs keep in Montgomery
// form: multiplied by R, the power of two that fills the limbs, modulo the prime.
type field struct {
	curve   privkey.Curve
	size    int // bytes of an element
	prime   *big.Int
	base    *big.Int // x of the base point
	inverse *big.Int // of R
	one     string   // R modulo the prime in limbs: the Z of a point in affine form
}

// newFields returns the fields of which the elements fill their limbs.
func newFields() []field {
	return slices.DeleteFunc(limbFields(), func(f field) bool { return f.size%8 != 0 })
}

// limbFields returns the fields of all curves of which points in limbs are looked for, those of short
// elements first.
func limbFields() []field {
	var fs []field
	add := func(c privkey.Curve, prime, base *big.Int) {
		size := c.Size()
		words := (size + 7) / 8
		r := new(big.Int).Lsh(big.NewInt(1), uint(64*words))
		one := make([]byte, 8*words)
		new(big.Int).Mod(r, prime).FillBytes(one)
		slices.Reverse(one)
		fs = append(fs, field{c, size, prime, base, new(big.Int).ModInverse(r, prime), string(one)})
	}
	for c, e := range map[privkey.Curve]elliptic.Curve{
		privkey.P224: elliptic.P224(), privkey.P256: elliptic.P256(), privkey.P384: elliptic.P384(), privkey.P521: elliptic.P521(),
	} {
		add(c, e.Params().P, e.Params().Gx)
	}
	k := secp256k1.Params()
	add(privkey.Secp256k1, k.P, k.Gx)
	for _, c := range brainpools {
		w := c.Brainpool()
		add(c, w.P, w.Gx)
	}
	slices.SortFunc(fs, func(a, b field) int { return cmp.Or(cmp.Compare(a.size, b.size), cmp.Compare(a.curve, b.curve)) })
	return fs
}

// limbPointDetector finds points X, Y, Z of which Z is one, in little-endian limbs
// and Montgomery form, as Go and OpenSSL keep public keys.
type limbPointDetector struct{ fields []field }

// chunk is what glibc's malloc puts between two allocations whose size is a
// multiple of 16: the size of the next, and padding.
const chunk = 16

func (d limbPointDetector) Spec() probe.Spec {
	var as []string
	longest := 0
	for _, f := range d.fields {
		as = append(as, f.one)
		longest = max(longest, f.size)
	}
	return spec("public-key-limbs", "elliptic-curve points in Montgomery form", 2*(longest+chunk), longest, as...)
}

func (d limbPointDetector) Detect(v probe.View, emit func(probe.Match)) {
	for i := range d.fields {
		f := &d.fields[i]
		if !bytes.HasPrefix(v.Data[v.At:], []byte(f.one)) {
			continue
		}
		// The coordinates lie in one array or in three allocations.
		for _, stride := range [...]int{f.size, f.size + chunk} {
			x, y := v.At-2*stride, v.At-stride
			if x < 0 || !dense(v.Data[x:x+f.size]) || !dense(v.Data[y:y+f.size]) {
				continue
			}
			point := f.point(v.Data[x:x+f.size], v.Data[y:y+f.size])
			if on, _ := satisfies(f.curve, point); on {
				emit(match(privkey.SPKIForEC(f.curve, point), probe.Mont, false, probe.Range{Start: x, End: v.At}))
			}
		}
	}
}

// point returns the uncompressed point of coordinates in Montgomery form.
func (f *field) point(x, y []byte) []byte {
	p := make([]byte, 1+2*f.size)
	p[0] = pointForm
	for i, c := range [][]byte{x, y} {
		be := slices.Clone(c)
		slices.Reverse(be)
		n := new(big.Int).SetBytes(be)
		n.Mul(n, f.inverse).Mod(n, f.prime)
		n.FillBytes(p[1+i*f.size : 1+(i+1)*f.size])
	}
	return p
}
