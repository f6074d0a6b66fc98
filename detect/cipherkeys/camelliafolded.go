package cipherkeys

import (
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// CamelliaFolded is the identifier of the detector of Camellia's subkeys with the
	// whitening keys folded into the others.
	CamelliaFolded = "camellia-folded-key-schedule"

	// foldedReach is more than a schedule reaches from the pair that the filter names.
	foldedReach = 8 * 34
	// foldedProof is how many subkeys beside the pairs that hold the key and KA must be what the key
	// says; that KA belongs to the key is 128 bits of proof already.
	foldedProof = 4
)

// folding is a way in which the subkeys lie in memory.
type folding struct {
	order          int // as of an arrangement
	reversed, long bool
}

// kind is 1 for reversed ones and 2 more for long ones.
func (f *folding) kind() (n int) {
	if f.reversed {
		n = 1
	}
	if f.long {
		n += 2
	}
	return n
}

// foldings returns those that there are, the ones of equal relations adjacent. Pairs of words are
// reversed by no library.
func foldings() []folding {
	return []folding{
		{64, false, false}, {32, false, false}, {8, false, false}, {64, true, false}, {8, true, false},
		{64, false, true}, {32, false, true}, {8, false, true}, {64, true, true}, {8, true, true},
	}
}

type camelliaFolded struct{ foldings []folding }

// NewCamelliaFolded returns the detector of the subkeys of Camellia as libgcrypt and nettle
// store them. It implements [probe.Filter].
func NewCamelliaFolded() probe.Detector { return &camelliaFolded{foldings()} }

// Spec implements [probe.Detector].
func (*camelliaFolded) Spec() probe.Spec {
	return probe.Spec{
		ID:     CamelliaFolded,
		About:  "expanded Camellia keys, as libgcrypt and nettle store them",
		Kinds:  []string{Camellia},
		Before: foldedReach, After: foldedReach,
	}
}

// Depth implements [probe.Shallow]: a candidate lies among bytes that look random.
func (*camelliaFolded) Depth() int { return 256 }

// Gate implements [probe.Gated]: a candidate stands among subkeys.
func (*camelliaFolded) Gate() probe.Gate { return probe.Gate{Words: 16, Others: 2, Near: 32} }

// Filter implements [probe.Filter]. Three pairs of subkeys are related by sums and rotations
// of all their 128 bits, as ARIA's round keys are, so that the sums of their octets are, too,
// whatever the order of the octets.
func (d *camelliaFolded) Filter(data []byte, _ int64, lo, hi int, hit func(i int)) {
	const words = 16
	var (
		room  [kernel.FoldsBack + 64*words + kernel.FoldsAhead]byte
		marks [words]uint64
	)
	for q := lo; q < hi; {
		n := min(words, (hi-q+63)/64, (len(data)-kernel.OctetsAhead-kernel.FoldsAhead-q)/64)
		if n <= 0 || q < kernel.FoldsBack {
			if d.related(data, q, 15) {
				hit(q)
			}
			q++
			continue
		}
		sums := room[:kernel.FoldsBack+64*n+kernel.FoldsAhead]
		kernel.Octets(sums, data[q-kernel.FoldsBack:])
		kernel.Folds(marks[:n], sums)
		for k, m := range marks[:n] {
			for ; m != 0; m &= m - 1 {
				i := 64*k + bits.TrailingZeros64(m)
				if p := q + i; p < hi && d.related(data, p, foldedKinds(sums[i:])) {
					hit(p)
				}
			}
		}
		q += 64 * n
	}
}

// foldedKinds returns which kinds of relation there are of the sums around the one at FoldsBack.
func foldedKinds(sums []byte) (kinds byte) {
	at := func(d int) byte { return sums[kernel.FoldsBack+d] }
	here, up, down := at(0), at(64), at(-64)
	turned := bits.RotateLeft8(here, 1)
	for kind, is := range [4]bool{
		at(-40) == bits.RotateLeft8(here^up, 2), at(40) == bits.RotateLeft8(here^down, 2),
		at(-24) == turned^up, at(24) == turned^down,
	} {
		if is {
			kinds |= 1 << kind
		}
	}
	return kinds
}

// related reports whether subkeys around p are related as those of a key are, of one of the kinds.
func (d *camelliaFolded) related(data []byte, p int, kinds byte) bool {
	if p+16 > len(data) || load64(data, p) == load64(data, p+8) {
		return false
	}
	here, same := octetSum(data[p:]), false
	for i := range d.foldings {
		f := &d.foldings[i]
		if kinds>>f.kind()&1 == 0 {
			continue
		}
		if i == 0 || f.long != d.foldings[i-1].long || f.reversed != d.foldings[i-1].reversed {
			same = f.sums(data, p, here)
		}
		if same {
			if _, ok := f.key(data, p); ok {
				return true
			}
		}
	}
	return false
}

// sums reports whether the sums of the octets of related pairs are: of those that [folding.key]
// compares, and of two more, which are KL + KA or KR + KA, rotated. here is the sum at p.
func (f *folding) sums(data []byte, p int, here byte) bool {
	far, sum, ok := f.places(p, len(data))
	if !ok {
		return false
	}
	at := func(distance int) (byte, bool) {
		q := p + distance
		if f.reversed {
			q = p - distance
		}
		if q < 0 || q+16 > len(data) {
			return 0, false
		}
		return octetSum(data[q:]), true
	}
	there, both := octetSum(data[far:]), octetSum(data[sum:])
	if f.long {
		if both != bits.RotateLeft8(here, 1)^there {
			return false
		}
		third, ok1 := at(-64)
		other, ok2 := at(88)
		return ok1 && ok2 && other == third^bits.RotateLeft8(there, 1)
	}
	if both != bits.RotateLeft8(here^there, 2) {
		return false
	}
	one, ok1 := at(-24)
	other, ok2 := at(88)
	return ok1 && ok2 && other == bits.RotateLeft8(one, 7)
}

// Detect emits the subkeys around v.At.
func (d *camelliaFolded) Detect(v probe.View, emit func(probe.Match)) {
	for i := range d.foldings {
		f := &d.foldings[i]
		if k, ok := f.key(v.Data, v.At); ok {
			if m, ok := f.match(v.Data, v.At, &k); ok {
				emit(m)
				return
			}
		}
	}
}

// expanded are the halves of a key, and KA (RFC 3713, section 2.2).
type expanded struct{ kl, kr, ka wide }

// places returns where the pairs are that are related to the one at p, which holds KA of a short
// key or KL of a long one: eight subkeys on, the other one of the two, and the sum of both.
// n is the length of the data.
func (f *folding) places(p, n int) (far, sum int, ok bool) {
	far, sum = p+64, p-40
	if f.long {
		sum = p - 24
	}
	if f.reversed {
		far, sum = 2*p-far, 2*p-sum
	}
	return far, sum, min(far, sum) >= 0 && max(far, sum, p)+16 <= n
}

// pair reads two subkeys of which the lower one lies at p, and the first one lower unless
// reversed.
func (f *folding) pair(data []byte, p int) wide {
	a := arrangement{order: f.order}
	w := wide{a.get(data[p:]), a.get(data[p+8:])}
	if f.reversed {
		w.hi, w.lo = w.lo, w.hi
	}
	return w
}

// key returns the key of which the pair at p holds a part, and whether it is what the others say.
func (f *folding) key(data []byte, p int) (k expanded, ok bool) {
	far, sum, ok := f.places(p, len(data))
	if !ok {
		return k, false
	}
	if !f.long {
		k.ka, k.kl = f.pair(data, p).rotate(128-30), f.pair(data, far).rotate(128-77)
		if k.kl.rotate(15).xor(k.ka) != f.pair(data, sum) {
			return k, false
		}
	} else {
		k.kl, k.ka = f.pair(data, p).rotate(128-60), f.pair(data, far).rotate(128-77)
		third := 2*p - far
		if k.kl.xor(k.ka).rotate(45) != f.pair(data, sum) || third < 0 || third+16 > len(data) {
			return k, false
		}
		k.kr = f.pair(data, third).rotate(128 - 30)
	}
	return k, k.kl.xor(k.kr).two(0).xor(k.kl).two(2) == k.ka
}

// match returns what lies around the pair at p of the subkeys of the key.
func (f *folding) match(data []byte, p int, k *expanded) (m probe.Match, ok bool) {
	var room [camelliaLong / 8]uint64
	want := camelliaFold(camelliaSubkeys(room[:0], k.kl, k.kr, f.long))
	n, index := len(want), 8
	if f.long {
		index = 16
	}
	slot := func(i int) int { // counted from the lowest address
		if f.reversed {
			return n - 1 - i
		}
		return i
	}
	if f.reversed {
		index++ // the lower one of the pair
	}
	base, a := p-8*slot(index), arrangement{order: f.order}
	var is [camelliaLong / 8]bool
	held := 0
	for i, w := range want {
		if i == 1 {
			w = want[0] // libgcrypt leaves this place empty, nettle has the first subkey here
		}
		at := base + 8*slot(i)
		if at >= 0 && at+8 <= len(data) && a.get(data[at:]) == w && !(i == 1 && is[slot(0)]) {
			is[slot(i)] = true
			held++
		}
	}
	pairs := 4
	if f.long {
		pairs = 6
	}
	if held < pairs+foldedProof {
		return m, false
	}
	key := camelliaKey(k.kl, k.kr, f.long)
	m = probe.Match{
		Kind: Camellia, Encoding: direction(f.reversed), Confidence: probe.Confirmed,
		Identity: key, Values: [][]byte{key}, Redact: slots(base, 8, is[:n], len(data)),
	}
	m.Range = probe.Range{Start: m.Redact[0].Start, End: m.Redact[len(m.Redact)-1].End}
	return m, true
}
