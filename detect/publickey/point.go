package publickey

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// pointForm begins an uncompressed point (SEC 1, section 2.3.3).
const pointForm = 4

// pointStep is the distance of the words that the filter looks at. Both coordinates
// of the smallest curve are 64 bytes, so that three of these words lie in them,
// wherever they begin.
const pointStep = 16

// pointCurves are the curves whose points are looked for.
var pointCurves = [...]privkey.Curve{privkey.P256, privkey.Secp256k1, privkey.P384, privkey.P521}

// rarePointCurves are those whose points are looked for only behind their length or a zero, as
// structures have them.
var rarePointCurves = [...]privkey.Curve{privkey.BrainpoolP256r1, privkey.BrainpoolP384r1, privkey.BrainpoolP512r1, privkey.P224}

// brainpools are the curves of RFC 5639 of which points are looked for.
var brainpools = rarePointCurves[:3]

// pointDetector finds uncompressed points without anything around them. It finds
// them at any offset, in big-endian bytes as every program stores them.
type pointDetector struct{}

func (pointDetector) Spec() probe.Spec {
	const largest = 1 + 2*66
	return spec("public-key-point", "uncompressed elliptic-curve points, proven by the curve's equation", 8, largest)
}

// Filter names the bytes of value four behind which random words come and that
// stand where a program would put a point.
func (pointDetector) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	const last = 2*pointStep + 8 // of the bytes read from a step on
	q := lo + pointStep - int(uint64(base+int64(lo))%pointStep)
	if q+last > len(data) {
		return
	}
	first, second := random(binary.LittleEndian.Uint64(data[q:])), random(binary.LittleEndian.Uint64(data[q+pointStep:]))
	for ; q < hi+pointStep && q+last <= len(data); q += pointStep {
		third := random(binary.LittleEndian.Uint64(data[q+2*pointStep:]))
		if (first && (second || third)) || second && third {
			for i := max(lo, q-pointStep); i < min(hi, q); i++ {
				if data[i] == pointForm && placed(data, base, i) {
					hit(i)
				}
			}
		}
		first, second = second, third
	}
}

// placed reports whether a point may stand at data[i]: behind its length (57, 65,
// 97, 129 or 133), behind a zero byte, such as the count of unused bits in a BIT STRING, or
// aligned as an allocation is. In random data this spares seven checks of eight.
func placed(data []byte, base int64, i int) bool {
	if (base+int64(i))%8 == 0 || i == 0 {
		return true
	}
	switch data[i-1] {
	case 0, 57, 65, 97, 129, 133:
		return true
	}
	return false
}

func (pointDetector) Detect(v probe.View, emit func(probe.Match)) {
	for _, c := range pointCurves {
		if pointOn(c, v, emit) {
			return
		}
	}
	for _, c := range rarePointCurves {
		if v.At > 0 && (v.Data[v.At-1] == 0 || int(v.Data[v.At-1]) == 1+2*c.Size()) && pointOn(c, v, emit) {
			return
		}
	}
}

// pointOn emits the point at v.At if it is one of the curve.
func pointOn(c privkey.Curve, v probe.View, emit func(probe.Match)) bool {
	n := 1 + 2*c.Size()
	if v.At+n > len(v.Data) {
		return false
	}
	point := v.Data[v.At : v.At+n]
	if c == privkey.P521 && (point[1] > 1 || point[1+n/2] > 1) { // 521 bits
		return false
	}
	if privkey.Junk(point[1:]) {
		return false
	}
	on, known := satisfies(c, point)
	if !on || !known {
		return false
	}
	emit(match(privkey.SPKIForEC(c, point), probe.Raw, false, probe.Range{Start: v.At, End: v.At + n}))
	return true
}
