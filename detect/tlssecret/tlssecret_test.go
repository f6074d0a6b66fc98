package tlssecret

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"hash"
	mathrand "math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// fresh returns a secret that the filter takes for one.
func fresh(n int) []byte {
	b := make([]byte, n)
	for {
		rand.Read(b)
		if dense(b) {
			return b
		}
	}
}

// derive is HKDF-Expand-Label as the standard library computes it.
func derive(secret []byte, label string, n int) []byte {
	h := func() hash.Hash { return sha256.New() }
	if len(secret) == size384 {
		h = sha512.New384
	}
	b := binary.BigEndian.AppendUint16(nil, uint16(n))
	b = append(append(append(b, byte(len(label))), label...), 0)
	k, err := hkdf.Expand(h, secret, string(b), n)
	if err != nil {
		panic(err)
	}
	return k
}

// knows returns facts that hold the given values.
func knows(values ...[]byte) probe.Facts {
	m := map[string]bool{}
	for _, v := range values {
		m[string(v)] = true
	}
	return probe.Facts{Secret: func(v []byte) bool { return m[string(v)] }}
}

func join(ps ...[]byte) []byte { return bytes.Join(ps, nil) }

func find(t *testing.T, d probe.Detector, data []byte) []search.Found {
	t.Helper()
	s, err := search.New([]probe.Detector{d})
	if err != nil {
		t.Fatal(err)
	}
	return probetest.Matches(s, data, max(1, len(data)))
}

func TestExpand(t *testing.T) {
	var s schedule
	for _, n := range []int{size256, size384} {
		secret := fresh(n)
		s.set(secret)
		for _, p := range protocols() {
			for _, l := range []string{p.key, p.iv, p.next, p.done, p.mask} {
				for _, k := range []int{ivLen, shortKey, longKey, n} {
					if !bytes.Equal(s.expand(info(l, k), k), derive(secret, l, k)) {
						t.Errorf("%d bytes of %q from %d bytes differ from crypto/hkdf", k, l, n)
					}
				}
			}
		}
	}
	if n := testing.AllocsPerRun(10, func() { s.expand(s.in256[:14], 16) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestVector is the secret and key of RFC 9001, appendix A.1, published test
// values.
func TestVector(t *testing.T) {
	secret := []byte{
		0xc0, 0x0c, 0xf1, 0x51, 0xca, 0x5b, 0xe0, 0x75, 0xed, 0x0e, 0xbf, 0xb5, 0xc8, 0x03, 0x23, 0xc4,
		0x2d, 0x6b, 0x7d, 0xb6, 0x78, 0x81, 0x28, 0x9a, 0xf4, 0x00, 0x8f, 0x1f, 0x6c, 0x35, 0x7a, 0xea,
	}
	key := []byte{0x1f, 0x36, 0x96, 0x13, 0xdd, 0x76, 0xd5, 0x46, 0x77, 0x30, 0xef, 0xcb, 0xe3, 0xb1, 0xa2, 0x2d}
	if fs := find(t, New(knows(key)), secret); len(fs) != 1 {
		t.Errorf("%d matches, want 1", len(fs))
	}
}

func TestAccept(t *testing.T) {
	if New(probe.Facts{}) != nil {
		t.Error("a prover without facts")
	}
	for i, p := range protocols() {
		for _, c := range []struct{ size, key int }{{32, 16}, {32, 32}, {48, 32}} {
			secret := fresh(c.size)
			key := derive(secret, p.key, c.key)
			gap := make([]byte, 200)
			for _, f := range []struct {
				name  string
				facts probe.Facts
				data  []byte
			}{
				{"known", knows(key), secret},
				{"raw behind", knows(), join(secret, gap, key)},
				{"raw before", knows(), join(key, gap, secret)},
			} {
				if i > 0 && f.name != "known" {
					continue // the labels make no difference there
				}
				// Accept puts cases at every offset; a secret has an alignment.
				d := &aligned{New(f.facts)}
				probetest.Accept(t, d, probetest.Case{
					Name: p.key + "/" + f.name, Data: f.data, Kind: Kind, Encoding: probe.Raw,
					Confidence: probe.Confirmed, Private: [][]byte{secret},
				})
			}
		}
	}
}

// aligned is a prover that tries all alignments, as Accept demands.
type aligned struct{ probe.Detector }

func (d *aligned) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	seen := make([]bool, hi)
	for k := range int64(inner) {
		d.Detector.(probe.Filter).Filter(data, base+k, lo, hi, func(i int) { seen[i] = true })
	}
	for i, ok := range seen {
		if ok {
			hit(i)
		}
	}
}

func TestValues(t *testing.T) {
	secret := fresh(32)
	key := derive(secret, "tls13 key", 16)
	var got probe.Match
	New(knows(key)).Detect(probe.View{Data: secret}, func(m probe.Match) { got = m })
	for _, want := range [][]byte{secret, key, derive(secret, "tls13 iv", 12),
		derive(secret, "tls13 finished", 32), derive(secret, "tls13 traffic upd", 32)} {
		found := false
		for _, v := range got.Values {
			found = found || bytes.Equal(v, want)
		}
		if !found {
			t.Errorf("a value of %d bytes is missing", len(want))
		}
	}
	if !bytes.Equal(got.Identity, secret) {
		t.Error("identity is not the secret")
	}
}

// TestSlots holds that the other slots of a connection are found, and random data
// that stands near no slot is not.
func TestSlots(t *testing.T) {
	for _, n := range []int{size256, size384} {
		secret, other, far := fresh(n), fresh(n), fresh(n)
		tail := make([]byte, line-n)
		key := derive(secret, "tls13 key", 32)
		d := New(knows(key))
		lead := make([]byte, 20)
		data := join(lead, other, tail, secret, tail, make([]byte, 128), other[:n/2], make([]byte, 960), far, tail)
		fs := find(t, d, data)
		if len(fs) != 2 || fs[0].Confidence != probe.Likely || fs[0].Start != 20 ||
			fs[1].Confidence != probe.Confirmed || fs[1].Start != 20+line {
			t.Errorf("size %d: %d matches, want the two slots", n, len(fs))
		}
		if red := probetest.Redact(data, fs); len(find(t, d, red)) > 0 {
			t.Error("found again after redaction")
		}
		// Without zeros behind it, nothing says that the secret stands in a slot.
		data = join(lead, other, tail, secret, fresh(32), other, tail)
		if fs := find(t, d, data); len(fs) != 1 {
			t.Errorf("size %d: %d matches, want the secret alone", n, len(fs))
		}
	}
}

func TestReject(t *testing.T) {
	secret := fresh(32)
	key := derive(secret, "tls13 key", 16)
	random := make([]byte, 1<<16)
	rand.Read(random)
	d := New(knows(key))
	probetest.Reject(t, d, "random", random)
	probetest.Reject(t, d, "the key alone", join(key, key))
	probetest.Reject(t, d, "misaligned", join([]byte{1}, secret))
	probetest.Reject(t, d, "noise", probetest.Noise(3, 1<<14))
	probetest.Reject(t, New(knows()), "no key", secret)
	probetest.Reject(t, New(knows()), "key too far", join(secret, make([]byte, near), key))
	probetest.Reject(t, New(knows()), "key misaligned", join(secret, []byte{0}, key))
	filled := bytes.Clone(secret)
	for i := range filled[8:18] {
		filled[8+i] = probe.Fill
	}
	probetest.Reject(t, New(knows(derive(filled, "tls13 key", 16))), "redacted in part", filled)
}

// TestBulk holds that long dense data is thinned and short is not, wherever it is
// cut.
func TestBulk(t *testing.T) {
	secret := fresh(32)
	d := New(knows(derive(secret, "tls13 key", 16)))
	s, err := search.New([]probe.Detector{d})
	if err != nil {
		t.Fatal(err)
	}
	noise := make([]byte, 3*sampleOf)
	for i := 0; i < len(noise); i += 32 {
		copy(noise[i:], fresh(32))
	}
	for _, c := range []struct {
		at   int
		want int
	}{{1008, 1}, {1004, 0}, {sample + 2000, 0}, {sampleOf + 96, 1}, {len(noise) - 1008, 1}, {sampleOf - 4*word, 0}} {
		data := bytes.Clone(noise)
		copy(data[c.at:], secret)
		for _, n := range []int{len(data), 8192, 5000} {
			if fs := probetest.Matches(s, data, n); len(fs) != c.want {
				t.Errorf("at %d in chunks of %d: %d matches, want %d", c.at, n, len(fs), c.want)
			}
		}
	}
	data := join(make([]byte, sample+112), noise[:1792], secret, noise[:1800], make([]byte, 5000))
	if fs := find(t, d, data); len(fs) != 1 {
		t.Errorf("in short dense data: %d matches, want 1", len(fs))
	}
}

// TestRow holds that six slots in a row need no key, and fewer do.
func TestRow(t *testing.T) {
	for _, n := range []int{size256, size384} {
		data := make([]byte, 100)
		for k := 1; k <= 2*minRow; k++ {
			data = join(data, fresh(n), make([]byte, line-n))
			want := k
			if k < minRow {
				want = 0
			}
			fs := find(t, New(knows()), data)
			if len(fs) != want {
				t.Errorf("%d slots of %d bytes: %d matches, want %d", k, n, len(fs), want)
			}
			if red := probetest.Redact(data, fs); len(find(t, New(knows()), red)) > 0 {
				t.Error("found again after redaction")
			}
		}
	}
	apart := make([]byte, 100)
	for range 2 * minRow {
		apart = join(apart, fresh(size256), make([]byte, 2*line-size256))
	}
	probetest.Reject(t, New(knows()), "every other slot", apart)
}

// TestBrokenRow holds that a row of slots in a freed connection is found when others have written
// into one or two of them, and not into three.
func TestBrokenRow(t *testing.T) {
	for _, n := range []int{size256, size384} {
		for broken := 1; broken <= 3; broken++ {
			for first := 1; first < minRow; first++ {
				data := make([]byte, 100)
				for k := range minRow + broken {
					s := fresh(n)
					if k >= first && k < first+broken {
						clear(s[8:24])
					}
					data = join(data, s, make([]byte, line-n))
				}
				want := minRow
				if broken > maxGap {
					want = 0
				}
				if fs := find(t, New(knows()), data); len(fs) != want {
					t.Errorf("%d slots of %d bytes, %d behind %d of them broken: %d matches, want %d", minRow, n, broken, first, len(fs), want)
				}
			}
		}
	}
}

// TestDense holds the share of random windows that doc.go says are lost.
func TestDense(t *testing.T) {
	const windows = 200_000
	r := mathrand.NewChaCha8([32]byte{1})
	var b [size384]byte
	lost256, lost384 := 0, 0
	for range windows {
		r.Read(b[:])
		if !dense(b[:size256]) {
			lost256++
		}
		if !dense(b[:]) {
			lost384++
		}
	}
	if lost256 > windows/1500 || lost384 > windows/1000 {
		t.Errorf("of %d windows %d and %d are lost", windows, lost256, lost384)
	}
	t.Logf("lost: %d of 32 bytes, %d of 48, of %d", lost256, lost384, windows)
	for _, s := range []string{"a line of plain text, 32 letters.", "-----BEGIN CERTIFICATE-----\nMIIB8T"} {
		if dense([]byte(s)[:size256]) {
			t.Errorf("%q is dense", s)
		}
	}
}
