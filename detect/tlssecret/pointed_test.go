package tlssecret

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// asWords returns numbers as a process has them.
func asWords(f wordForm, ns ...uint64) (out []byte) {
	var order binary.AppendByteOrder = binary.LittleEndian
	if f.big {
		order = binary.BigEndian
	}
	for _, n := range ns {
		if f.size == 8 {
			out = order.AppendUint64(out, n)
		} else {
			out = order.AppendUint32(out, uint32(n))
		}
	}
	return out
}

// process is memory at addresses.
type process map[uint64][]byte

func (m process) read(addr uint64, p []byte) bool {
	b, ok := m[addr]
	return ok && copy(p, b) == len(p)
}

// TestPointed holds that a secret and randoms that one structure points to are proven, in
// either order, and that without a key a slice of the length is likely in a process
// that has marked randoms, and nothing in another.
func TestPointed(t *testing.T) {
	const ms, cs, ss = 0x1000_0000, 0x2000_0000, 0x3000_0000
	for _, f := range wordForms() {
		for _, s := range []suite{suites()[0], suites()[2], suites()[7]} {
			master, server, client := fresh(masterLen), fresh(randomLen), fresh(randomLen)
			key, _ := keysOf(s, master, server, client)
			m := process{ms: master, cs: client, ss: server}
			// As Go's closure has them: the client's random is a part of its hello.
			data := asWords(f, 0x40_0000, ss, 32, 32, cs, 32, 0xca, 0x303, 0x50_0000, ms, 48, 48, 7)
			at := 9 * f.size
			for _, c := range []struct {
				name string
				key  []byte
				sure bool
				want probe.Confidence
			}{
				{"key", key, false, probe.Confirmed},
				{"no key", fresh(32), true, probe.Likely},
				{"no key, no connection", fresh(32), false, 0},
			} {
				facts := knows(c.key)
				facts.Memory, facts.Randoms = m.read, []probe.Randoms{{Sure: c.sure}}
				var got []probe.Match
				for _, x := range find(t, NewPointed(facts), data) {
					got = append(got, x.Match)
				}
				name := fmt.Sprintf("words of %d bytes (big-endian %v), %+v, %s", f.size, f.big, s, c.name)
				if c.want == 0 {
					if len(got) > 0 {
						t.Errorf("%s: found", name)
					}
					continue
				}
				if len(got) != 1 || got[0].Confidence != c.want || got[0].Start != at || len(got[0].Redact) > 0 ||
					len(got[0].Remote) != 1 || got[0].Remote[0] != (probe.Block{Addr: ms, Len: masterLen}) || !bytes.Equal(got[0].Identity, master) {
					t.Errorf("%s: %d matches, or a wrong one", name, len(got))
				}
			}
			m[ms] = bytes.Repeat([]byte{probe.Fill}, masterLen)
			facts := knows(key)
			facts.Memory, facts.Randoms = m.read, []probe.Randoms{{Sure: true}}
			probetest.Reject(t, NewPointed(facts), "redacted", data)
		}
	}
	if NewPointed(knows()) != nil {
		t.Error("a prover without memory")
	}
}

// TestCounted holds that an array of 48 bytes is likely a secret in a process with marked
// randoms, and that other lengths and other processes are not concerned.
func TestCounted(t *testing.T) {
	server, client := fresh(randomLen), fresh(randomLen)
	object := func(n int, header []byte) []byte {
		// The next object's mark, with a hash of 31 bits.
		return join(make([]byte, 8), header, fresh(n), []byte{1, 0xa5, 0x99, 0xc3, 0x71, 0, 0, 0}, make([]byte, 16))
	}
	java := func(n int) []byte { return object(n, []byte{0x38, 0x68, 0, 0, byte(n), 0, 0, 0}) }
	for name, data := range map[string][]byte{
		"Java":             java(48),
		"Java, big-endian": object(48, []byte{0, 0, 0x68, 0x38, 0, 0, 0, 48}),
		".NET":             object(48, []byte{48, 0, 0, 0, 0, 0, 0, 0}),
	} {
		facts := withRandoms(server, client, true)
		facts.BigEndian = name == "Java, big-endian"
		fs := find(t, NewMaster(facts), data)
		if len(fs) != 1 || fs[0].Confidence != probe.Likely || fs[0].Start != 16 || fs[0].End != 64 {
			t.Errorf("%s: %d matches, want one that is likely", name, len(fs))
		}
		probetest.Reject(t, NewMaster(withRandoms(server, client, false)), name+", no marked randoms", data)
	}
	probetest.Reject(t, NewMaster(withRandoms(server, client, true)), "64 bytes", java(64))
	// A SEQUENCE of DER behind zeros begins like a length in the other byte order.
	probetest.Reject(t, NewMaster(withRandoms(server, client, true)), "another byte order", object(48, []byte{0, 0, 0, 0, 0, 0, 0, 48}))
	probetest.Reject(t, NewMaster(withRandoms(server, client, true)), "48 of 96 bytes", object(96, []byte{0x38, 0x68, 0, 0, 48, 0, 0, 0}))
}

// packedSession is what GnuTLS packs around a master secret.
func packedSession(master, client, server []byte) []byte {
	return join([]byte{0, 0, 4, 0, 0, 1, 0, 0, 0, 1, 0xc0, 0x2f, 48}, master, []byte{32}, client, []byte{32}, server,
		[]byte{0, 0, 0x40, 0, 0, 0, 0x40, 0, 0, 0, 0, 6})
}

func TestPacked(t *testing.T) {
	master, server, client := fresh(masterLen), fresh(randomLen), fresh(randomLen)
	mark := join(server[:24], []byte(marks()[0]))
	probetest.Accept(t, NewPacked(),
		probetest.Case{Name: "marked", Data: packedSession(master, client, mark), Kind: Kind, Encoding: probe.Raw,
			Confidence: probe.Confirmed, Private: [][]byte{master}},
		probetest.Case{Name: "not marked", Data: packedSession(master, client, server), Kind: Kind, Encoding: probe.Raw,
			Confidence: probe.Likely, Private: [][]byte{master}},
	)
	probetest.Reject(t, NewPacked(), "zeros for a random", packedSession(master, make([]byte, 32), server))
	probetest.Reject(t, NewPacked(), "noise", probetest.Noise(3, 1<<16))
}

// TestPointedFilter compares the words that the filter names, wherever data is cut, with those at which a pointer
// and a length begin.
func TestPointedFilter(t *testing.T) {
	d := &pointed{}
	rng := rand.New(rand.NewPCG(3, 7))
	some := []byte{0, 0, 0, 0, 0, masterLen, 0x10, 0xff}
	for range 2000 {
		data := make([]byte, 8+rng.IntN(60))
		for i := range data {
			data[i] = some[rng.IntN(len(some))]
		}
		base, lo := int64(rng.IntN(16)), rng.IntN(8)
		hi := lo + rng.IntN(len(data)-lo+1)
		var want, got []int
		for i := lo; i < hi && i+2*word <= len(data); i++ {
			if (base+int64(i))%word == 0 && d.begins(data, base, i) {
				want = append(want, i)
			}
		}
		d.Filter(data, base, lo, hi, func(i int) { got = append(got, i) })
		if !slices.Equal(got, want) {
			t.Fatalf("base %d, [%d, %d) of %x: %v, want %v", base, lo, hi, data, got, want)
		}
	}
}
