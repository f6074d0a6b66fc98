package cipherkeys

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

func detectors() []probe.Detector {
	return []probe.Detector{NewSM4(), NewDES(), NewChaCha(), NewHMAC(), NewHashState(), NewCamellia(), NewARIA(), NewCamelliaFolded()}
}

func randomBytes(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 77))
	p := make([]byte, n+8)
	for i := 0; i < n; i += 8 {
		w := r.Uint64()
		for k := range 8 {
			p[i+k] = byte(w >> (8 * k))
		}
	}
	return p[:n]
}

func unhex(t testing.TB, s string) []byte {
	p, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// only returns the single match of d in data, whose identity and values are those
// that are wanted.
func only(t *testing.T, d probe.Detector, data, identity []byte) search.Found {
	t.Helper()
	s, err := search.New([]probe.Detector{d})
	if err != nil {
		t.Fatal(err)
	}
	fs := probetest.Matches(s, data, len(data))
	if len(fs) != 1 {
		t.Fatalf("%d matches, want 1", len(fs))
	}
	if !bytes.Equal(fs[0].Identity, identity) {
		t.Fatal("another key")
	}
	return fs[0]
}

// Memory without keys gives nothing.
func TestReject(t *testing.T) {
	size := 32 << 20
	if racing {
		size = 2 << 20
	}
	self, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	samples := map[string][]byte{
		"random": randomBytes(1, size), "noise": probetest.Noise(3, size), "binary": self,
		"digits": bytes.Repeat([]byte("01 23;45<67=89>?:;, "), 1<<12),
		"pads":   bytes.Repeat(append(bytes.Repeat([]byte{ipad}, 64), bytes.Repeat([]byte{opad}, 64)...), 1<<12),
	}
	six := randomBytes(9, 1<<20)
	for i := range six {
		six[i] &= 0x3f
	}
	samples["six bits"] = six
	for n := 1; n < 48; n++ {
		samples[fmt.Sprintf("period %d", n)] = bytes.Repeat(randomBytes(uint64(n), n), 200)
		ramp := make([]byte, 4096)
		for i := range ramp {
			ramp[i] = byte(i * n >> 3)
		}
		samples[fmt.Sprintf("ramp %d", n)] = ramp
	}
	for _, d := range detectors() {
		for name, p := range samples {
			probetest.Reject(t, d, d.Spec().ID+" "+name, p)
		}
	}
}

// Matches do not depend on where data is cut, and redacting them comes to an end,
// whatever surrounds and repeats them.
func FuzzRedacted(f *testing.F) {
	for i := range 4 {
		f.Add(sm4Schedule(randomBytes(uint64(i), 16), i&1 != 0, i&2 != 0), uint16(i))
		f.Add(desSchedule(randomBytes(uint64(i), 8), desLayouts()[i], i&1 != 0), uint16(9*i))
	}
	f.Add(chachaState(sigma, randomBytes(5, 32)), uint16(3))
	f.Add(salsaState(tau, bytes.Repeat(randomBytes(6, 16), 2)), uint16(3))
	f.Add(twoPads(randomBytes(7, 20), 64, 0), uint16(3))
	f.Add(twoPads(randomBytes(8, 48), 128, 16)[:150], uint16(3))
	s, err := search.New(detectors())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, p []byte, cut uint16) {
		if len(p) > 4096 {
			return
		}
		k := min(int(cut), len(p))
		data := bytes.Join([][]byte{p[k:], p, p[:k]}, nil)
		fs := probetest.Matches(s, data, len(data))
		pieces := probetest.Matches(s, data, 37)
		if len(pieces) != len(fs) {
			t.Errorf("%d matches in pieces, %d in one", len(pieces), len(fs))
		}
		for i, m := range fs {
			if i < len(pieces) && (m.Range != pieces[i].Range || !bytes.Equal(m.Identity, pieces[i].Identity)) {
				t.Error("another match in pieces")
			}
			if len(m.Redact) == 0 || len(m.Identity) == 0 {
				t.Error("a match without redaction or identity")
			}
		}
		for range 8 {
			if fs = probetest.Matches(s, data, len(data)); len(fs) == 0 {
				return
			}
			data = probetest.Redact(data, fs)
		}
		t.Error("redaction does not come to an end")
	})
}

func BenchmarkFilters(b *testing.B) {
	self, err := os.ReadFile(os.Args[0])
	if err != nil {
		b.Fatal(err)
	}
	for name, data := range map[string][]byte{"random": randomBytes(1, 4<<20), "noise": probetest.Noise(3, 4<<20), "binary": self} {
		for _, d := range detectors() {
			filter, ok := d.(probe.Filter)
			if !ok {
				continue
			}
			b.Run(name+"/"+d.Spec().ID, func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				for b.Loop() {
					filter.Filter(data, 0, 0, len(data), func(int) {})
				}
			})
		}
	}
}
