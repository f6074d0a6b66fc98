package aeskey

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

var sizes = []int{16, 24, 32}

func (f Form) String() string {
	return fmt.Sprintf("order%d-reversed=%t-mixed=%t", f.Order, f.Reversed, f.Mixed)
}

// testKey returns n bytes that depend on seed only.
func testKey(seed uint64, n int) []byte {
	r := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16), byte(seed >> 24), 7, byte(seed >> 32)})
	k := make([]byte, n)
	if _, err := r.Read(k); err != nil {
		panic(err)
	}
	return k
}

func randomBytes(seed uint64, n int) []byte { return testKey(seed, n) }

func mustEncode(t testing.TB, key []byte, f Form) []byte {
	t.Helper()
	p, err := Encode(key, f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func searcher(t testing.TB) *search.Searcher {
	t.Helper()
	s, err := search.New([]probe.Detector{New()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func matches(t testing.TB, data []byte) []search.Found {
	t.Helper()
	return probetest.Matches(searcher(t), data, max(1, len(data)))
}

func encoding(f Form) string {
	if f.Reversed || f.Mixed {
		return probe.SchedDec
	}
	return probe.SchedEnc
}

func TestAccept(t *testing.T) {
	for _, f := range Forms() {
		for _, n := range sizes {
			data := mustEncode(t, testKey(uint64(n), n), f)
			probetest.Accept(t, New(), probetest.Case{
				Name: fmt.Sprintf("%d/%s", 8*n, f), Data: data, Kind: Kind, Encoding: encoding(f),
				Confidence: probe.Confirmed, Private: [][]byte{data}, Cut: true,
			})
		}
	}
}

// Every form at every offset is found whole, and gives back its key.
func TestOffsets(t *testing.T) {
	for _, f := range Forms() {
		for _, n := range sizes {
			for off := range 128 {
				if testing.Short() && off%5 != n%5 {
					continue
				}
				key := testKey(uint64(off*100+n), n)
				sched := mustEncode(t, key, f)
				data := bytes.Join([][]byte{randomBytes(uint64(off), off), sched, randomBytes(9, 50)}, nil)
				fs := matches(t, data)
				if len(fs) != 1 {
					t.Fatalf("%d/%s at %d: %d matches", 8*n, f, off, len(fs))
				}
				m := fs[0]
				if m.Start != off || m.End != off+len(sched) || !bytes.Equal(m.Identity, key) ||
					m.Confidence != probe.Confirmed || m.Encoding != encoding(f) {
					t.Errorf("%d/%s at %d: [%d,%d) %s %s, key %t", 8*n, f, off, m.Start, m.End, m.Confidence, m.Encoding, bytes.Equal(m.Identity, key))
				}
			}
		}
	}
}

// fewest is how many round keys in a row are always found, at whatever offset:
// for the orders of POWER it is what the drifting positions meet.
func fewest(f Form, n int) int {
	switch {
	case f.Order < Swapped64:
		return 3
	case n == 24 && f.Order == Swapped64 && f.Reversed:
		return 10
	}
	return 8
}

// Every piece of at least fewest round keys is found whole, and gives back its key.
func TestFragments(t *testing.T) {
	for _, f := range Forms() {
		for _, n := range sizes {
			nr := lastRound(n / 4)
			for length := 3; length <= nr; length++ {
				for first := 0; first+length <= nr+1; first++ {
					need := fewest(f, n)
					if f.Mixed && first == 0 {
						need++ // this round key is not mixed
					}
					if f.Mixed && first+length == nr+1 {
						need++
					}
					if length >= need {
						fragment(t, f, n, first, length)
					}
				}
			}
		}
	}
}

func fragment(t *testing.T, f Form, n, first, length int) {
	t.Helper()
	step := 3
	if testing.Short() {
		step = 9
	}
	for off := first % 3; off < 16; off += step {
		key := testKey(uint64(off*100+n), n)
		part := mustEncode(t, key, f)[16*first : 16*(first+length)]
		start := 64 + off
		end := start + len(part)
		data := bytes.Join([][]byte{randomBytes(3, start), part, randomBytes(4, 64)}, nil)
		fs := matches(t, data)
		id := fmt.Sprintf("%d/%s, %d round keys from %d, at %d", 8*n, f, length, first, off)
		if len(fs) != 1 {
			t.Errorf("%s: %d matches", id, len(fs))
			continue
		}
		// Up to three bytes beside it may be those of the next word by chance.
		if m := fs[0]; m.Start > start || m.Start < start-3 || m.End < end || m.End > end+3 {
			t.Errorf("%s: [%d,%d), want [%d,%d)", id, m.Start, m.End, start, end)
		}
		if !bytes.Equal(fs[0].Identity, key) && (length > 3 || n != 32) {
			t.Errorf("%s: another key", id)
		}
	}
}
