package randomrun

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// probetest.Accept puts secrets between random bytes and at odd offsets, where by
// its contract this detector sees nothing; so these tests stand for it.

func searcher(t testing.TB) *search.Searcher {
	s, err := search.New([]probe.Detector{New()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// between puts p between zeros, at offset 64.
func between(p []byte) []byte {
	data := make([]byte, 64+len(p)+64)
	copy(data[64:], p)
	return data
}

func TestKeys(t *testing.T) {
	s := searcher(t)
	r := rand.NewChaCha8([32]byte{3})
	for _, n := range []int{16, 24, 32, 48, 64, 96, 128} {
		const rounds = 400
		found := 0
		for range rounds {
			p := make([]byte, n)
			r.Read(p)
			data := between(p)
			fs := probetest.Matches(s, data, len(data))
			if one := probetest.Matches(s, data, 1); len(one) != len(fs) {
				t.Fatalf("%d bytes: %d matches in one chunk, %d in many", n, len(fs), len(one))
			}
			if len(fs) == 0 {
				continue
			}
			f := fs[0]
			if f.Start < 64 || f.End > 64+n || f.Confidence != probe.Possible {
				t.Fatalf("%d bytes: found at %d to %d", n, f.Start, f.End)
			}
			if f.Start == 64 && f.End == 64+n {
				found++
			}
			if red := probetest.Redact(data, fs); len(probetest.Matches(s, red, len(red))) > 0 {
				t.Fatal("the redacted copy is found again")
			}
		}
		t.Logf("%d bytes: %d of %d found", n, found, rounds)
		if found < rounds*85/100 {
			t.Errorf("%d bytes: only %d of %d found", n, found, rounds)
		}
	}
}

func TestNearMisses(t *testing.T) {
	s := searcher(t)
	r := rand.NewChaCha8([32]byte{4})
	key := make([]byte, 256)
	r.Read(key)
	id := bytes.Clone(key[:16])
	id[6], id[8] = id[6]&15|0x40, id[8]&63|0x80
	var doubles, pointers []byte
	for i := range 4 {
		doubles = binary.LittleEndian.AppendUint64(doubles, math.Float64bits(math.Sqrt(float64(i+2))))
		pointers = binary.LittleEndian.AppendUint64(pointers, 0x7f31_9a77_0000+uint64(i)*0x1357)
	}
	for name, p := range map[string][]byte{
		"bulk": key, "forty bytes": key[:40], "one word": key[:8], "a UUID": id, "doubles": doubles,
		"pointers": pointers, "hex": []byte(hex.EncodeToString(key[:16])), "fill": bytes.Repeat([]byte{probe.Fill}, 32),
		"the rest of a redacted run": append(bytes.Repeat([]byte{probe.Fill}, 8), key[:32]...),
		"repeated":                   bytes.Repeat(key[:8], 4),
	} {
		for _, f := range probetest.Matches(s, between(p), 1<<20) {
			t.Errorf("%s: found at %d to %d", name, f.Start, f.End)
		}
	}
}

func FuzzDetect(f *testing.F) {
	key := make([]byte, 32)
	rand.NewChaCha8([32]byte{5}).Read(key)
	f.Add(between(key))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		s := searcher(t)
		all, one := probetest.Matches(s, data, max(1, len(data))), probetest.Matches(s, data, 7)
		if len(all) != len(one) {
			t.Fatalf("%d matches in one chunk, %d in chunks of seven bytes", len(all), len(one))
		}
		if red := probetest.Redact(data, all); len(all) > 0 && len(probetest.Matches(s, red, len(red))) > 0 {
			t.Fatal("the redacted copy is found again")
		}
	})
}

func BenchmarkFilter(b *testing.B) {
	data := make([]byte, 1<<20)
	r := rand.New(rand.NewPCG(1, 2))
	for i := 0; i < len(data); i += 8 {
		binary.LittleEndian.PutUint64(data[i:], []uint64{0, 0x7f0000001000 + r.Uint64()%4096, r.Uint64(), r.Uint64() % 1000}[r.IntN(4)])
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		New().Filter(data, 0, 0, len(data), func(int) {})
	}
}

// Windows that hold no aligned word, as at the end of a file of any length, are
// looked at without harm.
func TestOddEnds(t *testing.T) {
	data := make([]byte, 64)
	for n := range len(data) {
		for lo := range n {
			for hi := lo; hi <= n; hi++ {
				for base := range int64(word) {
					New().Filter(data[:n], base, lo, hi, func(int) {})
				}
			}
		}
	}
}

// TestCandidates compares candidates with their definition: words that are random behind one that is not, in
// runs as long as keys.
func TestCandidates(t *testing.T) {
	candidates := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 4))
		data, base := make([]byte, r.IntN(6000)), int64(r.IntN(100))
		for i := 0; i < len(data); {
			n := 1 + r.IntN(1+r.IntN(300))
			kind := r.IntN(3)
			for ; n > 0 && i < len(data); n, i = n-1, i+1 {
				switch kind {
				case 0:
					data[i] = byte(r.Uint32())
				case 1: // words with few bits, of which some are random all the same
					data[i] = byte(r.Uint32() & r.Uint32())
				}
			}
		}
		lo := r.IntN(len(data) + 1)
		hi := lo + r.IntN(len(data)-lo+1)
		want := map[int]bool{}
		for i := lo; i < hi; i++ {
			at := func(i int) bool { return i >= 0 && i+word <= len(data) && random(binary.LittleEndian.Uint64(data[i:])) }
			if (base+int64(i))%word == 0 && at(i) && !at(i-word) && fewest(run(data, i)) > 0 {
				want[i] = true
			}
		}
		candidates += len(want)
		last := -1
		New().Filter(data, base, lo, hi, func(i int) {
			if !want[i] || i <= last {
				t.Fatalf("seed %d: %d behind %d is no candidate in [%d, %d) of %d", seed, i, last, lo, hi, len(data))
			}
			delete(want, i)
			last = i
		})
		if len(want) > 0 {
			t.Fatalf("seed %d: candidates %v in [%d, %d) are missed", seed, want, lo, hi)
		}
	}
	if candidates < 300 {
		t.Errorf("%d candidates only", candidates)
	}
}

// TestCrowded holds crowded to its word: what is clustered is crowded.
func TestCrowded(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 8))
	clusters, crowds := 0, 0
	const rounds = 200_000
	for range rounds {
		n := 4 + 2*r.IntN(5)
		p := make([]byte, 4*n)
		first, wide := r.IntN(256), 1+r.IntN(256)
		for i := range p {
			p[i] = byte(first + r.IntN(wide))
		}
		is := false // read literally
		for i := 3; i < len(p); i += 4 {
			near := 0
			for k := 3; k < len(p); k += 4 {
				if p[k]-p[i] < 16 {
					near++
				}
			}
			is = is || 2*near > n
		}
		if is != clustered(p) || is && !crowded(p, n) {
			t.Fatalf("%x: clustered %t, crowded %t, want %t", p, clustered(p), crowded(p, n), is)
		}
		if is {
			clusters++
		}
		if crowded(p, n) {
			crowds++
		}
	}
	if clusters == 0 || crowds == rounds {
		t.Errorf("%d clustered and %d crowded of %d", clusters, crowds, rounds)
	}
}
