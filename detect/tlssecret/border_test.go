package tlssecret

import (
	"encoding/binary"
	mathbits "math/bits"
	"math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
)

// TestPlaces compares the positions that are looked at, and what is said of them, with their definition.
func TestPlaces(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	visits := 0
	for round := range 300 {
		data := make([]byte, r.IntN(900))
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		for i := r.IntN(60); i < len(data); i += 4 + r.IntN(150) { // what ends runs, and what does not
			copy(data[i:], []string{"\x00\x00\x00\x00", "\x00\x00", "\xff\xff", "\xdb\xdb\xdb\xdb\xdb\xdb\xdb\xdb", "\x07\x00\x00\x00\x00\x00\x00\x00"}[r.IntN(5)])
		}
		base := r.Int64N(1000)
		lo := r.IntN(len(data) + 1)
		hi := lo + r.IntN(len(data)-lo+1)
		f := newScan(data, base)
		got := map[int][2]int{}
		f.windows(lo, hi, func(i, before, from int) { got[i] = [2]int{before, from} })
		for i := lo; i < hi; i++ {
			if (base+int64(i))%word != 0 {
				continue
			}
			before, from := 0, 0
			for ; i-before >= word && before <= edge && !border(binary.LittleEndian.Uint32(data[i-before-word:])); before += word {
			}
			for ; i+from+word <= len(data) && from < widest && !border(binary.LittleEndian.Uint32(data[i+from:])); from += word {
			}
			if from < size256 || !f.placed(i, before, from-size256) && !(from >= size384 && f.placed(i, before, from-size384)) {
				continue
			}
			if !lively(data[i+8-int((base+int64(i))&7):][:24]) {
				if _, ok := got[i]; ok {
					t.Fatalf("round %d: words at %d do not look random", round, i)
				}
				continue
			}
			visits++
			if g, ok := got[i]; !ok || g != [2]int{before, from} {
				t.Fatalf("round %d, base %d, [%d, %d) of %d: at %d %v, want %d before and %d from there on", round, base, lo, hi, len(data), i, g, before, from)
			}
		}
	}
	if visits < 1000 {
		t.Errorf("%d places only", visits)
	}
}

// lively reports whether two of the three words of p look random, those of a window that begins in the word before.
func lively(p []byte) bool {
	var bits [1]uint64
	var room [kernel.WordBytes]byte
	copy(room[:], p)
	kernel.Random(bits[:], room[:])
	return mathbits.OnesCount64(bits[0]) >= 2
}
