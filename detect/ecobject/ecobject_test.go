package ecobject

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/binary"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

const where = 0x7f0000012340

// memoryOf is a process that holds p at where.
func memoryOf(p []byte) probe.Facts {
	return probe.Facts{Memory: func(addr uint64, b []byte) bool {
		if addr != where || len(b) > len(p) {
			return false
		}
		copy(b, p)
		return true
	}}
}

// record writes the object as gcc lays it out: libctx and propq, the flag, 57 octets, padding,
// pointer, length, type, references.
func record(public []byte, number uint32) []byte {
	b := binary.LittleEndian.AppendUint64(nil, 0x55d0c0ffe000)
	b = binary.LittleEndian.AppendUint64(b, 0)
	b = append(b, 1)
	b = append(b, public...)
	b = append(b, make([]byte, 63-len(public))...)
	b = binary.LittleEndian.AppendUint64(b, where)
	b = binary.LittleEndian.AppendUint64(b, uint64(len(public)))
	b = binary.LittleEndian.AppendUint32(b, number)
	return binary.LittleEndian.AppendUint32(b, 1)
}

// fresh returns a key of each type, by number: private and public octets.
func fresh(t *testing.T) (keys [4][2][]byte) {
	x, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys[0] = [2][]byte{x.Bytes(), x.PublicKey().Bytes()}
	e, k, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys[2] = [2][]byte{k.Seed(), e}
	// The standard library has no Curve448; package privkey tests its own.
	p := make([]byte, 57)
	rand.Read(p)
	keys[1] = [2][]byte{p[:56], privkey.X448Public(p[:56])}
	keys[3] = [2][]byte{p, privkey.Ed448Public(p)}
	return keys
}

func find(t *testing.T, d probe.Detector, data []byte, chunk int) []search.Found {
	t.Helper()
	s, err := search.New([]probe.Detector{d})
	if err != nil {
		t.Fatal(err)
	}
	return probetest.Matches(s, data, chunk)
}

func TestObjects(t *testing.T) {
	kinds := [...]string{privkey.X25519, privkey.X448, privkey.Ed25519, privkey.Ed448}
	for n, k := range fresh(t) {
		d := New(memoryOf(k[0]))
		one := record(k[1], uint32(n))
		noise := probetest.Noise(5, 128)
		for _, data := range [][]byte{one, bytes.Join([][]byte{noise, one, noise, one}, nil)} {
			for _, chunk := range []int{len(data), 100, 1} {
				fs := find(t, d, data, chunk)
				if len(fs) != bytes.Count(data, k[1]) {
					t.Fatalf("type %d, chunks of %d: %d matches", n, chunk, len(fs))
				}
				for _, f := range fs {
					if f.Kind != kinds[n] || f.Confidence != probe.Confirmed || len(f.Redact) > 0 || len(f.SPKI) == 0 ||
						len(f.Remote) != 1 || f.Remote[0] != (probe.Block{Addr: where, Len: len(k[0])}) {
						t.Errorf("type %d: a match is wrong: %s, %d blocks", n, f.Kind, len(f.Remote))
					}
				}
			}
		}
		d.Detect(probe.View{Data: one, At: 16 + length}, func(m probe.Match) {
			if len(m.Values) < 2 || !bytes.Equal(m.Values[0], k[0]) {
				t.Errorf("type %d: %d values", n, len(m.Values))
			}
		})
		// The pointer leads to another key, or nowhere.
		other := bytes.Clone(k[0])
		other[7] ^= 0x55
		probetest.Reject(t, New(memoryOf(other)), "another key", one)
		probetest.Reject(t, New(memoryOf(nil)), "no memory", one)
		for _, i := range []int{16, 16 + 4, 16 + 63, len(one) - 8} {
			bad := bytes.Clone(one)
			bad[i] ^= 1
			probetest.Reject(t, d, "a bit of the object", bad)
		}
		probetest.Reject(t, d, "an object cut off", one[:len(one)-5])
	}
	if New(probe.Facts{}) != nil {
		t.Error("a prover without memory")
	}
}

func FuzzObject(f *testing.F) {
	seed := make([]byte, 32)
	rand.Read(seed)
	one := record(privkey.Ed25519Public(seed), 2)
	s, err := search.New([]probe.Detector{New(memoryOf(seed))})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(one, uint16(9))
	f.Add(make([]byte, 200), uint16(50))
	f.Fuzz(func(t *testing.T, data []byte, cut uint16) {
		if len(data) > 4096 {
			return
		}
		whole := probetest.Matches(s, data, max(1, len(data)))
		if parts := probetest.Matches(s, data, max(1, int(cut))); len(whole) != len(parts) {
			t.Fatalf("%d matches in one piece, %d in pieces of %d", len(whole), len(parts), cut)
		}
		for _, m := range whole {
			if !bytes.Contains(data[m.Start:m.End], one[17:49]) {
				t.Fatal("a match without the public key")
			}
		}
	})
}
