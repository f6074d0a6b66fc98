package encoded

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/pem"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/textmap"
)

// binaryHead stands for an anchor of a structure.
const binaryHead = "\x30\x82\xd3\x02\x91"

// digitSoup returns n bytes and more of encoded text, of noise with binaryHead in it and without, and what breaks lines.
func digitSoup(r *rand.Rand, n int) []byte {
	var p []byte
	for len(p) < n {
		line := make([]byte, r.IntN(60))
		for i := range line {
			line[i] = byte(' ' + r.IntN(95))
			if r.IntN(12) == 0 {
				line[i] = byte(r.Uint32())
			}
		}
		if r.IntN(4) == 0 {
			for i := range line {
				line[i] = byte(r.Uint32())
			}
			copy(line[r.IntN(len(line)+1):], binaryHead)
		}
		var q []byte
		switch r.IntN(4) {
		case 0:
			q = []byte(base64.StdEncoding.EncodeToString(line))
		case 1:
			q = []byte(hex.EncodeToString(line))
		case 2:
			q = line
		default:
			q = make([]byte, r.IntN(30))
		}
		if r.IntN(3) == 0 {
			q = append(q, '\n')
		}
		if r.IntN(3) == 0 {
			q = probetest.Widen(q)
		}
		p = append(p, q...)
	}
	return p
}

// TestLines compares what the filter finds with bitmaps, for windows of any borders,
// with what it finds by looking at samples of the text.
func TestLines(t *testing.T) {
	ds, err := New([]probe.Detector{pem.New(), marker{"head", []string{binaryHead}, false}})
	if err != nil {
		t.Fatal(err)
	}
	d := ds[0].(digits)
	total := 0
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		data, base := digitSoup(r, 1+r.IntN(3*textmap.Block)), int64(r.IntN(1<<20))
		var want, got []int
		for parity := range 3 {
			x, _ := probe.TextOf(probe.View{Data: data, At: parity, Wide: parity < 2})
			for i := 0; i < x.Len(); {
				b := blockOf(x, base, i)
				d.runs(data, x, b, i, b.end, nil, func(start, _ int) { want = append(want, x.Range(start, start).Start) })
				i = b.end
			}
		}
		slices.Sort(want)
		for lo := 0; lo < len(data); {
			hi := min(lo+1+r.IntN(len(data)), len(data))
			d.Filter(data, base, lo, hi, func(i int) {
				if i < lo || i >= hi {
					t.Fatalf("seed %d: hit at %d, not in [%d, %d)", seed, i, lo, hi)
				}
				got = append(got, i)
			})
			lo = hi
		}
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: %d hits, %d by samples", seed, len(got), len(want))
		}
		total += len(got)
	}
	if total < 100 {
		t.Errorf("%d hits in all", total)
	}
}

// TestHexText compares hexText, which skips, with a look at every digit.
func TestHexText(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	found := 0
	for range 20000 {
		p := make([]byte, r.IntN(40))
		for i := range p {
			switch p[i] = byte(' ' + r.IntN(95)); r.IntN(20) {
			case 0:
				p[i] = byte(r.Uint32())
			case 1:
				p[i] = 0
			}
		}
		digits := []byte("0" + hex.EncodeToString(p))[r.IntN(2):]
		var want uint8
		for phase := range 2 {
			n, zeros := 0, 0
			for i := phase; i+2 <= len(digits); i += 2 {
				switch b := hexValue[digits[i]]<<4 | hexValue[digits[i+1]]; {
				case b >= 0x20 && b < 0x7f:
					n, zeros = n+1, 0
				case b == 0 && n > 0 && zeros == 0:
					zeros++
				default:
					n, zeros = 0, 0
				}
				if n >= hexStretch {
					want |= 1 << phase
				}
			}
		}
		if got := hexText(digits); got != want {
			t.Fatalf("hexText is %b, not %b", got, want)
		}
		if want != 0 {
			found++
		}
	}
	if found < 100 {
		t.Errorf("text in %d strings only", found)
	}
}
