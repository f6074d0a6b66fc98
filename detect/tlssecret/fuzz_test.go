package tlssecret

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// FuzzProver holds that what is found gives the key, does not depend on where the
// data was cut, and is not found again after redaction.
func FuzzProver(f *testing.F) {
	secret := fresh(32)
	key := derive(secret, "tls13 key", 32)
	s, err := search.New([]probe.Detector{New(knows(key))})
	if err != nil {
		f.Fatal(err)
	}
	tail := make([]byte, 32)
	f.Add(join(secret, tail, fresh(32), tail), uint16(10), uint16(9))
	f.Add(join(fresh(48), make([]byte, 16), derive(secret, "dtls13key", 16)), uint16(64), uint16(100))
	f.Add(make([]byte, 200), uint16(65), uint16(70))
	f.Fuzz(func(t *testing.T, data []byte, at, cut uint16) {
		if len(data) > 4096 {
			return
		}
		at &^= inner - 1 // whatever stands around it
		if int(at) < len(data) {
			data = join(data[:at], secret, data[at:]) // what fuzzing could not guess
		}
		whole := probetest.Matches(s, data, max(1, len(data)))
		parts := probetest.Matches(s, data, max(16, int(cut)))
		if len(whole) != len(parts) {
			t.Fatalf("%d matches in one piece, %d in pieces of %d", len(whole), len(parts), cut)
		}
		proven := false
		for i, m := range whole {
			if m.Range != parts[i].Range || m.Confidence != parts[i].Confidence {
				t.Fatalf("match %d differs", i)
			}
			proven = proven || bytes.Equal(data[m.Start:m.End], secret) && m.Confidence == probe.Confirmed
		}
		if int(at) < len(data)-len(secret) && !proven {
			t.Fatal("the secret is not found")
		}
		if red := probetest.Redact(data, whole); len(probetest.Matches(s, red, max(1, len(red)))) > 0 {
			t.Fatal("found again after redaction")
		}
	})
}

// FuzzSession holds that the redacted part lies in the structure and is not found
// again, and that cutting the data makes no difference.
func FuzzSession(f *testing.F) {
	s, err := search.New([]probe.Detector{NewSession()})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(inStruct(binary.LittleEndian, 8, tls12, fresh(48)))
	f.Add(join([]byte{0x30, 0x45, 2, 1, 1, 2, 2, 3, 3, 4, 2, 0xc0, 0x30, 4, 0, 4, 48}, fresh(48), []byte{0xa1, 3, 2, 1, 7}))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		whole := probetest.Matches(s, data, max(1, len(data)))
		for _, m := range whole {
			r := m.Redact[0]
			if len(m.Redact) != 1 || r.Start < m.Start || r.End > m.End || r.Len() < shortest || r.Len() > masterLen {
				t.Fatalf("redacts %d bytes of %d", r.Len(), m.Len())
			}
		}
		if parts := probetest.Matches(s, data, 100); len(parts) != len(whole) {
			t.Fatalf("%d matches in one piece, %d in pieces", len(whole), len(parts))
		}
		if red := probetest.Redact(data, whole); len(probetest.Matches(s, red, max(1, len(red)))) > 0 {
			t.Fatal("found again after redaction")
		}
	})
}

func BenchmarkFilter(b *testing.B) {
	dense := make([]byte, 1<<16)
	for i := 0; i < len(dense); i += 32 {
		copy(dense[i:], fresh(32))
	}
	d := New(knows()).(*prover)
	for name, data := range map[string][]byte{
		"zeros": make([]byte, 1<<20), "memory": probetest.Noise(1, 1<<20),
		"text": bytes.Repeat([]byte("a line of Text, 42 "), 50000), "dense": dense[:4096],
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				d.Filter(data, 0, 0, len(data), func(int) {})
			}
		})
	}
}
