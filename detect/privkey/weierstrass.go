package privkey

import (
	"math/big"
	"sync"
)

// Weierstrass is a curve y² = x³ + A·x + B over the integers modulo P with a base point of the prime
// order N. Nobody may change its numbers.
type Weierstrass struct{ P, A, B, N, Gx, Gy *big.Int }

// brainpools are made when the first key on one of these curves is met.
var brainpools = [...]struct {
	curve  Curve
	params func() *Weierstrass
}{
	{BrainpoolP256r1, sync.OnceValue(func() *Weierstrass {
		return weierstrass(
			"a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377",
			"7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9",
			"26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6",
			"a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7",
			"8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262",
			"547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997")
	})},
	{BrainpoolP384r1, sync.OnceValue(func() *Weierstrass {
		return weierstrass(
			"8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53",
			"7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826",
			"04a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c11",
			"8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565",
			"1d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8e826e03436d646aaef87b2e247d4af1e",
			"8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec5864e19c054ff99129280e4646217791811142820341263c5315")
	})},
	{BrainpoolP512r1, sync.OnceValue(func() *Weierstrass {
		return weierstrass(
			"aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3",
			"7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94ca",
			"3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94cadc083e67984050b75ebae5dd2809bd638016f723",
			"aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069",
			"81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f78e2d0d48d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f822",
			"7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4bd88a2763aed1ca2b2fa8f0540678cd1e0f3ad80892")
	})},
}

func weierstrass(numbers ...string) *Weierstrass {
	var w Weierstrass
	for i, x := range []**big.Int{&w.P, &w.A, &w.B, &w.N, &w.Gx, &w.Gy} {
		*x, _ = new(big.Int).SetString(numbers[i], 16)
	}
	return &w
}

// Brainpool returns the parameters of a curve of RFC 5639, section 3, that is computed with, else nil:
// brainpoolP256r1, P384r1 and P512r1 are.
func (c Curve) Brainpool() *Weierstrass {
	for i := range brainpools {
		if brainpools[i].curve == c {
			return brainpools[i].params()
		}
	}
	return nil
}

// Holds reports whether x, y is a point of the curve.
func (w *Weierstrass) Holds(x, y *big.Int) bool {
	if x.Cmp(w.P) >= 0 || y.Cmp(w.P) >= 0 {
		return false
	}
	left := new(big.Int).Mul(y, y)
	return left.Sub(left, w.square(x)).Mod(left, w.P).Sign() == 0
}

// HoldsPoint is Holds of an uncompressed point (SEC 1, section 2.3.3).
func (w *Weierstrass) HoldsPoint(point []byte) bool {
	size := (w.P.BitLen() + 7) / 8
	if len(point) != 1+2*size || point[0] != 4 {
		return false
	}
	return w.Holds(new(big.Int).SetBytes(point[1:1+size]), new(big.Int).SetBytes(point[1+size:]))
}

// square returns y², reduced, for the points with the given x.
func (w *Weierstrass) square(x *big.Int) *big.Int {
	z := new(big.Int).Mul(x, x)
	return z.Add(z, w.A).Mul(z, x).Add(z, w.B).Mod(z, w.P)
}

// decompress returns the uncompressed form of a compressed point.
func (w *Weierstrass) decompress(point []byte) ([]byte, bool) {
	x := new(big.Int).SetBytes(point[1:])
	if x.Cmp(w.P) >= 0 {
		return nil, false
	}
	y := new(big.Int).ModSqrt(w.square(x), w.P)
	if y == nil {
		return nil, false
	}
	if y.Bit(0) != uint(point[0]&1) {
		y.Sub(w.P, y)
	}
	return w.octets(x, y), true
}

func (w *Weierstrass) octets(x, y *big.Int) []byte {
	size := (w.P.BitLen() + 7) / 8
	out := make([]byte, 1+2*size)
	out[0] = 4
	x.FillBytes(out[1 : 1+size])
	y.FillBytes(out[1+size:])
	return out
}

// public returns the uncompressed point of a scalar, by doubling and adding in Jacobian coordinates
// (x = X/Z², y = Y/Z³). It takes a millisecond for 256 bits, and fails for what is not in the order.
func (w *Weierstrass) public(scalar []byte) ([]byte, bool) {
	k := new(big.Int).SetBytes(scalar)
	if k.Sign() == 0 || k.Cmp(w.N) >= 0 {
		return nil, false
	}
	x, y, z := w.Gx, w.Gy, big.NewInt(1)
	for i := k.BitLen() - 2; i >= 0; i-- {
		x, y, z = w.double(x, y, z)
		if k.Bit(i) == 1 {
			x, y, z = w.addBase(x, y, z)
		}
	}
	inv := new(big.Int).ModInverse(z, w.P)
	if inv == nil {
		return nil, false
	}
	square := w.mul(inv, inv)
	return w.octets(w.mul(x, square), w.mul(y, w.mul(square, inv))), true
}

func (w *Weierstrass) mul(a, b *big.Int) *big.Int {
	z := new(big.Int).Mul(a, b)
	return z.Mod(z, w.P)
}

// sub returns a - k·b modulo P.
func (w *Weierstrass) sub(a *big.Int, k int64, b *big.Int) *big.Int {
	z := new(big.Int).Mul(big.NewInt(k), b)
	return z.Sub(a, z).Mod(z, w.P)
}

// double doubles a point: with m = 3x² + a·z⁴ and s = 4·x·y², the new x is m² - 2s, the new y is
// m·(s - x) - 8y⁴, and the new z is 2·y·z.
func (w *Weierstrass) double(x, y, z *big.Int) (*big.Int, *big.Int, *big.Int) {
	yy, zz := w.mul(y, y), w.mul(z, z)
	m := new(big.Int).Mul(big.NewInt(3), w.mul(x, x))
	m.Add(m, w.mul(w.A, w.mul(zz, zz))).Mod(m, w.P)
	s := w.mul(new(big.Int).Lsh(x, 2), yy)
	x2 := w.sub(w.mul(m, m), 2, s)
	return x2, w.sub(w.mul(m, w.sub(s, 1, x2)), 8, w.mul(yy, yy)), w.mul(new(big.Int).Lsh(y, 1), z)
}

// addBase adds the base point to another: a multiple of it that is neither its equal nor its
// opposite, as all are that begin a scalar below the order.
func (w *Weierstrass) addBase(x, y, z *big.Int) (*big.Int, *big.Int, *big.Int) {
	zz := w.mul(z, z)
	h := w.sub(w.mul(w.Gx, zz), 1, x)
	r := w.sub(w.mul(w.Gy, w.mul(zz, z)), 1, y)
	hh := w.mul(h, h)
	hhh, v := w.mul(hh, h), w.mul(x, hh)
	x2 := w.sub(w.sub(w.mul(r, r), 1, hhh), 2, v)
	return x2, w.sub(w.mul(r, w.sub(v, 1, x2)), 1, w.mul(y, hhh)), w.mul(z, h)
}
