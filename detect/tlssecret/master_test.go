package tlssecret

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// keyBlock is the key block of RFC 5246, section 6.3, by the standard library's HMAC.
func keyBlock(size int, master, server, client []byte, n int) []byte {
	h := func() hash.Hash { return sha256.New() }
	if size == size384 {
		h = sha512.New384
	}
	mac := func(parts ...[]byte) []byte {
		m := hmac.New(h, master)
		m.Write(join(parts...))
		return m.Sum(nil)
	}
	seed := join([]byte(expansion), server, client)
	var out []byte
	for a := mac(seed); len(out) < n; a = mac(a) {
		out = append(out, mac(a, seed)...)
	}
	return out[:n]
}

// keysOf returns the client's and the server's key.
func keysOf(s suite, master, server, client []byte) (c, v []byte) {
	b := keyBlock(s.hash, master, server, client, 2*s.mac+2*s.key)[2*s.mac:]
	return b[:s.key], b[s.key:]
}

// withRandoms returns facts with one pair, sure or not, and known values.
func withRandoms(server, client []byte, sure bool, values ...[]byte) probe.Facts {
	f := knows(values...)
	r := probe.Randoms{Sure: sure}
	copy(r.Server[:], server)
	copy(r.Client[:], client)
	f.Randoms = []probe.Randoms{r}
	return f
}

func TestPRF(t *testing.T) {
	master, server, client := fresh(masterLen), fresh(randomLen), fresh(randomLen)
	var p prf
	for _, size := range []int{size256, size384} {
		p.set(master, size, server, client)
		for _, n := range []int{16, 32, 33, maxBlock} {
			if !bytes.Equal(p.first(n), keyBlock(size, master, server, client, n)) {
				t.Errorf("%d bytes with digests of %d differ from crypto/hmac", n, size)
			}
		}
	}
	if n := testing.AllocsPerRun(10, func() { p.set(master, size256, server, client); p.first(maxBlock) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestMasterAccept tries every family of suites, with the key known and raw.
func TestMasterAccept(t *testing.T) {
	for i, s := range suites() {
		master, server, client := fresh(masterLen), fresh(randomLen), fresh(randomLen)
		key, _ := keysOf(s, master, server, client)
		gap := make([]byte, 200)
		for _, c := range []struct {
			name  string
			facts probe.Facts
			data  []byte
		}{
			{"known", withRandoms(server, client, true, key), master},
			{"raw", withRandoms(server, client, true), join(master, gap, key)},
		} {
			if i > 0 && c.name == "raw" {
				continue
			}
			probetest.Accept(t, &aligned{NewMaster(c.facts)}, probetest.Case{
				Name: c.name, Data: c.data, Kind: Kind, Encoding: probe.Raw,
				Confidence: probe.Confirmed, Private: [][]byte{master},
			})
		}
	}
}

// TestMasterValues holds that both MAC keys and both keys go with the secret.
func TestMasterValues(t *testing.T) {
	master, server, client := fresh(masterLen), fresh(randomLen), fresh(randomLen)
	for _, s := range suites() {
		block := keyBlock(s.hash, master, server, client, 2*s.mac+2*s.key)
		_, key := keysOf(s, master, server, client)
		var got probe.Match
		// The server's key alone is proof where it is made with the client's.
		if s.mac == 0 && 2*s.key <= s.hash {
			NewMaster(withRandoms(server, client, true, key)).Detect(probe.View{Data: master}, func(m probe.Match) { got = m })
			if got.Identity == nil {
				t.Errorf("%+v: not proven by the server's key", s)
			}
		}
		key, _ = keysOf(s, master, server, client)
		got = probe.Match{}
		NewMaster(withRandoms(server, client, true, key)).Detect(probe.View{Data: master}, func(m probe.Match) { got = m })
		want := [][]byte{master}
		for _, n := range []int{s.mac, s.mac, s.key, s.key} {
			if n > 0 {
				want = append(want, block[:n])
			}
			block = block[n:]
		}
		if len(got.Values) != len(want) {
			t.Errorf("%+v: %d values, want %d", s, len(got.Values), len(want))
			continue
		}
		for i := range want {
			if !bytes.Equal(got.Values[i], want[i]) {
				t.Errorf("%+v: value %d is wrong", s, i)
			}
		}
	}
}

func TestMasterReject(t *testing.T) {
	master, server, client := fresh(masterLen), fresh(randomLen), fresh(randomLen)
	s := suites()[0]
	key, _ := keysOf(s, master, server, client)
	if NewMaster(knows(key)) != nil {
		t.Error("a prover without randoms")
	}
	d := NewMaster(withRandoms(server, client, true, key))
	random := make([]byte, 1<<16)
	rand.Read(random)
	probetest.Reject(t, d, "random", random)
	probetest.Reject(t, d, "noise", probetest.Noise(3, 1<<14))
	probetest.Reject(t, d, "another master", fresh(masterLen))
	probetest.Reject(t, NewMaster(withRandoms(client, server, true, key)), "randoms the other way round", master)
	probetest.Reject(t, NewMaster(withRandoms(server, client, true)), "no key", master)
	// In the midst of dense data a pair that is not sure is not tried.
	amid := join(fresh(64), master, fresh(64))
	if fs := find(t, d, amid); len(fs) != 1 {
		t.Errorf("%d matches amid dense data, want 1", len(fs))
	}
	probetest.Reject(t, NewMaster(withRandoms(server, client, false, key)), "amid dense data", amid)
	for _, f := range []probe.Facts{withRandoms(server, client, false, key), withRandoms(client, server, false, key)} {
		if fs := find(t, NewMaster(f), master); len(fs) != 1 {
			t.Errorf("%d matches with a pair that is not sure, want 1", len(fs))
		}
	}
}

// TestRowOfMasters holds that objects of one size are told by their row, and that
// redacting some changes nothing for the others.
func TestRowOfMasters(t *testing.T) {
	gap := make([]byte, 16)
	a, b, c := fresh(masterLen), fresh(masterLen), fresh(masterLen)
	server, client := fresh(randomLen), fresh(randomLen)
	key, _ := keysOf(suites()[0], b, server, client)
	d := NewMaster(withRandoms(server, client, false, key))
	for _, data := range [][]byte{join(gap, a, b, c, gap), join(gap, b, gap), join(gap, a, b, gap)} {
		fs := find(t, d, data)
		if len(fs) != 1 {
			t.Errorf("%d matches, want 1", len(fs))
		}
	}
	data := join(gap, fresh(32)[:16], a, b, c, gap)
	for _, i := range []int{16, 48} {
		for k := range 16 {
			data[i+k] = probe.Fill
		}
	}
	probetest.Reject(t, d, "redacted beside", data)
}

// TestNearest holds that of many pairs those near by are tried.
func TestNearest(t *testing.T) {
	var seeds []seed
	for i := range uint64(100) {
		seeds = append(seeds, seed{addr: 1000 * i})
	}
	for _, c := range []struct {
		at   uint64
		n    int
		want []uint64
	}{
		{0, 2, []uint64{0, 1000}}, {5400, 3, []uint64{5000, 6000, 4000}}, {1 << 40, 2, []uint64{99000, 98000}}, {7000, 1, []uint64{7000}}, {5, 0, nil},
	} {
		got := nearest(seeds, c.at, c.n)
		if len(got) != len(c.want) {
			t.Errorf("at %d: %d seeds", c.at, len(got))
			continue
		}
		for i, s := range got {
			if s.addr != c.want[i] {
				t.Errorf("at %d: seed %d is that of %d, want %d", c.at, i, s.addr, c.want[i])
			}
		}
	}
	if got := nearest(seeds, 50, 1000); len(got) != 100 {
		t.Errorf("%d of 100 seeds", len(got))
	}
}

// TestRandoms holds which pairs the collectors emit, wherever the data is cut.
func TestRandoms(t *testing.T) {
	server, client := fresh(randomLen), fresh(randomLen)
	mark := bytes.Clone(server)
	copy(mark[randomLen-8:], marks()[0])
	gap := make([]byte, 16)
	for _, c := range []struct {
		name string
		d    probe.Detector
		data []byte
		want [][]byte // servers' randoms
	}{
		{"marked, before", marked{}, join(gap, mark, client, gap), [][]byte{mark}},
		{"marked, behind", marked{}, join(gap, client, mark, gap), [][]byte{mark}},
		{"marked, alone", marked{}, join(gap, mark, make([]byte, 64)), nil},
		{"a pair", pairs{}, join(gap, server, client, gap), [][]byte{server}},
		{"three", pairs{}, join(gap, server, client, server, gap), nil},
		{"one", pairs{}, join(gap, server, gap, client, gap), nil},
		{"a marked pair", pairs{}, join(gap, mark, client, gap), nil},
	} {
		s, err := search.New([]probe.Detector{c.d})
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{len(c.data), 100, 8} {
			fs := probetest.Matches(s, c.data, n)
			if len(fs) != len(c.want) {
				t.Errorf("%s, in chunks of %d: %d pairs, want %d", c.name, n, len(fs), len(c.want))
				continue
			}
			for i, f := range fs {
				r := f.Randoms
				if r == nil || !f.Public || len(f.Redact) > 0 || !bytes.Equal(r.Server[:], c.want[i]) || bytes.Equal(r.Client[:], r.Server[:]) {
					t.Errorf("%s: pair %d is wrong", c.name, i)
				}
			}
		}
	}
}

// FuzzMaster holds that cutting the data makes no difference, and that what is redacted
// is not found again.
func FuzzMaster(f *testing.F) {
	master, server, client := fresh(masterLen), fresh(randomLen), fresh(randomLen)
	key, _ := keysOf(suites()[2], master, server, client)
	s, err := search.New([]probe.Detector{NewMaster(withRandoms(server, client, true, key)), marked{}, pairs{}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(make([]byte, 200), uint16(64), uint16(50))
	f.Add(join(fresh(48), fresh(48), []byte(marks()[1])), uint16(48), uint16(9))
	f.Fuzz(func(t *testing.T, data []byte, at, cut uint16) {
		if len(data) > 4096 {
			return
		}
		at &^= inner - 1
		planted := int(at) < len(data)
		if planted {
			data = join(data[:at], master, data[at:])
		}
		whole := probetest.Matches(s, data, max(1, len(data)))
		parts := probetest.Matches(s, data, max(16, int(cut)))
		if len(whole) != len(parts) {
			t.Fatalf("%d matches in one piece, %d in pieces of %d", len(whole), len(parts), cut)
		}
		found := false
		for i, m := range whole {
			if m.Range != parts[i].Range {
				t.Fatalf("match %d differs", i)
			}
			found = found || !m.Public && bytes.Equal(data[m.Start:m.End], master)
		}
		if planted && !found {
			t.Fatal("the secret is not found")
		}
	})
}

func BenchmarkMaster(b *testing.B) {
	master, server, client := fresh(masterLen), fresh(randomLen), fresh(randomLen)
	var p prf
	for b.Loop() {
		for _, h := range [...]int{size256, size384} {
			p.set(master, h, server, client)
			p.first(shortKey)
		}
	}
}
