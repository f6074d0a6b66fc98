package layout

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// claim is one call of Builder.Claim.
type claim struct {
	kind         Kind
	off, n, addr uint64
	name         string
}

func build(t testing.TB, size int64, claims []claim) *Layout {
	t.Helper()
	b := NewBuilder("test", size)
	for _, c := range claims {
		b.Claim(c.kind, c.off, c.n, c.addr, c.name)
	}
	l, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func region(off, n int64, k Kind, addr uint64, name string) Region {
	return Region{Span: Span{off, n}, Kind: k, Addr: addr, Name: name}
}

func TestTile(t *testing.T) {
	const top = math.MaxUint64
	tests := []struct {
		name    string
		size    int64
		claims  []claim
		want    []Region
		missing int64
	}{
		{"empty file", 0, []claim{{Memory, 0, 8, 1, "m"}}, nil, 8},
		{"negative size", -1, []claim{{Memory, 0, 8, 1, "m"}}, nil, 8},
		{"nothing claimed", 10, nil, []Region{region(0, 10, Unclaimed, 0, "")}, 0},
		{"claim of nothing", 10, []claim{{Structure, 3, 0, 0, "s"}, {Memory, top, 0, 0, "m"}}, []Region{region(0, 10, Unclaimed, 0, "")}, 0},
		{
			"gaps", 10,
			[]claim{{Memory, 6, 2, 100, "b"}, {Memory, 2, 2, 50, "a"}},
			[]Region{region(0, 2, Unclaimed, 0, ""), region(2, 2, Memory, 50, "a"), region(4, 2, Unclaimed, 0, ""), region(6, 2, Memory, 100, "b"), region(8, 2, Unclaimed, 0, "")},
			0,
		},
		{
			"stronger inside weaker", 10,
			[]claim{{Memory, 0, 10, 100, "m"}, {Structure, 4, 2, 0, "s"}},
			[]Region{region(0, 4, Memory, 100, "m"), region(4, 2, Structure, 0, "s"), region(6, 4, Memory, 106, "m")},
			0,
		},
		{
			"weaker inside stronger", 10,
			[]claim{{Memory, 4, 2, 100, "m"}, {Registers, 0, 10, 0, "r"}},
			[]Region{region(0, 10, Registers, 0, "r")},
			0,
		},
		{
			"every strength at one byte", 5,
			[]claim{{Memory, 0, 5, 9, "m"}, {Text, 1, 4, 0, "t"}, {Registers, 2, 3, 0, "r"}, {Structure, 3, 2, 0, "s"}},
			[]Region{region(0, 1, Memory, 9, "m"), region(1, 1, Text, 0, "t"), region(2, 1, Registers, 0, "r"), region(3, 2, Structure, 0, "s")},
			0,
		},
		{
			"equals: the one that starts first", 10,
			[]claim{{Memory, 3, 6, 900, "late"}, {Memory, 0, 6, 100, "early"}},
			[]Region{region(0, 6, Memory, 100, "early"), region(6, 3, Memory, 903, "late"), region(9, 1, Unclaimed, 0, "")},
			0,
		},
		{
			"an old claim ends under a young one", 10,
			[]claim{{Memory, 0, 4, 100, "a"}, {Memory, 1, 2, 200, "b"}, {Memory, 2, 8, 300, "c"}},
			[]Region{region(0, 4, Memory, 100, "a"), region(4, 6, Memory, 302, "c")},
			0,
		},
		{
			"alias: two addresses, one place", 4,
			[]claim{{Memory, 0, 4, 0x9000, "m"}, {Memory, 0, 4, 0x1000, "m"}},
			[]Region{region(0, 4, Memory, 0x9000, "m")},
			0,
		},
		{
			"neighbours in file and address are one", 8,
			[]claim{{Memory, 0, 4, 100, "m"}, {Memory, 4, 4, 104, "m"}},
			[]Region{region(0, 8, Memory, 100, "m")},
			0,
		},
		{
			"neighbours in the file only are two", 8,
			[]claim{{Memory, 0, 4, 100, "m"}, {Memory, 4, 4, 200, "m"}},
			[]Region{region(0, 4, Memory, 100, "m"), region(4, 4, Memory, 200, "m")},
			0,
		},
		{
			"past the end", 10,
			[]claim{{Memory, 8, 5, 100, "m"}, {Text, 10, 7, 0, "t"}, {Text, 1 << 40, 1, 0, "t"}},
			[]Region{region(0, 8, Unclaimed, 0, ""), region(8, 2, Memory, 100, "m")},
			3 + 7 + 1,
		},
		{
			"hostile numbers", 10,
			[]claim{{Memory, top, top, top, "m"}, {Text, 9, top, 0, "t"}, {Structure, top - 1, 5, 0, "s"}},
			[]Region{region(0, 9, Unclaimed, 0, ""), region(9, 1, Text, 0, "t")},
			math.MaxInt64,
		},
		{
			"the last page of the address space", 8,
			[]claim{{Memory, 0, 8, top - 7, "m"}},
			[]Region{region(0, 8, Memory, top-7, "m")},
			0,
		},
		{
			"past the last address", 8,
			[]claim{{Memory, 0, 8, top - 2, "m"}},
			[]Region{region(0, 3, Memory, top-2, "m"), region(3, 5, Memory, 0, "m")},
			0,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := build(t, tt.size, tt.claims)
			if !slices.Equal(l.Regions, tt.want) {
				t.Errorf("regions %v, want %v", l.Regions, tt.want)
			}
			if l.Missing != tt.missing || l.Truncated != (tt.missing > 0) {
				t.Errorf("missing %d truncated %v, want %d", l.Missing, l.Truncated, tt.missing)
			}
			checkLayout(t, l, max(tt.size, 0))
		})
	}
}

func TestExtents(t *testing.T) {
	l := build(t, 100, []claim{
		{Memory, 50, 10, 0x2000, "m"},
		{Memory, 0, 10, 0x2000, "m"},  // one address, two places
		{Memory, 50, 10, 0x1000, "m"}, // one place, two addresses
		{Memory, 50, 10, 0x2000, "m"}, // said twice
		{Memory, 50, 20, 0x2000, "m"},
		{Memory, 95, 10, 0x3000, "m"}, // cut by the end of the file
		{Memory, 200, 10, 0x4000, "m"},
		{Text, 0, 100, 0x5000, "t"},
	})
	want := []Extent{
		{0x1000, Span{50, 10}},
		{0x2000, Span{0, 10}},
		{0x2000, Span{50, 10}},
		{0x2000, Span{50, 20}},
		{0x3000, Span{95, 5}},
	}
	if !slices.Equal(l.Memory, want) {
		t.Errorf("extents %v, want %v", l.Memory, want)
	}
	for _, r := range l.Regions {
		if r.Kind != Text {
			t.Errorf("%v stands over text", r)
		}
	}
}

func TestMissing(t *testing.T) {
	b := NewBuilder("test", 10)
	b.Missing(5)
	b.Missing(math.MaxUint64)
	b.Missing(math.MaxUint64)
	l, err := b.Build()
	if err != nil || l.Missing != math.MaxInt64 || !l.Truncated {
		t.Errorf("%v %v", l, err)
	}
}

func TestAt(t *testing.T) {
	l := build(t, 100, []claim{{Memory, 10, 10, 0, "m"}, {Text, 15, 1, 0, "t"}, {Structure, 99, 1, 0, "s"}})
	for off := range int64(100) {
		r := l.Regions[l.At(off)]
		if off < r.Off || off >= r.End() {
			t.Errorf("At(%d) is %v", off, r)
		}
	}
	if l.Bytes(Memory) != 9 || l.Bytes(Text) != 1 || l.Bytes(Structure) != 1 || l.Bytes(Unclaimed) != 89 {
		t.Errorf("byte counts of %v", l.Regions)
	}
}

// TestTooManyClaims checks that a layout stays bounded. The worst that is let through would not
// end before the test's own limit if it took more than sorting.
func TestTooManyClaims(t *testing.T) {
	b := NewBuilder("test", 1<<30)
	for i := range uint64(maxClaims) {
		b.Claim(Memory, i, 1<<20, i<<32, "m") // all open at once
	}
	l, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(l.Regions); n > 2*maxClaims+1 {
		t.Errorf("%d regions of %d claims", n, maxClaims)
	}
	b.Claim(Memory, 0, 1, 0, "m")
	if _, err := b.Build(); err == nil {
		t.Error("one claim too many made no error")
	}
}

// TestTileModel compares with a model that looks at each byte by itself.
func TestTileModel(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		size := rng.Int64N(40)
		claims := make([]claim, rng.IntN(12))
		for i := range claims {
			claims[i] = claim{
				kind: Kind(rng.IntN(5)),
				off:  hostile(rng, 44),
				n:    hostile(rng, 20),
				addr: hostile(rng, 30),
				name: []string{"a", "b"}[rng.IntN(2)],
			}
		}
		compareModel(t, size, claims)
	}
}

// hostile returns mostly numbers below n, and some close to a power of two.
func hostile(rng *rand.Rand, n uint64) uint64 {
	switch rng.IntN(8) {
	case 0:
		return math.MaxUint64 - rng.Uint64N(n)
	case 1:
		return 1<<63 + rng.Uint64N(4) - 2
	}
	return rng.Uint64N(n)
}

// compareModel builds claims and asks of every byte what the model asks: which
// claim is the strongest, then the one that starts first, then the longest, then
// the one that was made first.
func compareModel(t *testing.T, size int64, claims []claim) {
	t.Helper()
	l := build(t, size, claims)
	checkLayout(t, l, size)
	for off := range uint64(size) {
		got := l.Regions[l.At(int64(off))]
		want := Region{Kind: Unclaimed}
		wantStart, wantLen, found := uint64(0), uint64(0), false
		for _, c := range pieces(claims) {
			if c.n == 0 || off < c.off || off-c.off >= c.n {
				continue
			}
			n := min(c.n, uint64(size)-c.off)
			better := !found || c.kind > want.Kind ||
				c.kind == want.Kind && (c.off < wantStart || c.off == wantStart && n > wantLen)
			if !better {
				continue
			}
			want = Region{Kind: c.kind, Name: c.name}
			if c.kind == Memory {
				want.Addr = c.addr + (off - c.off)
			}
			wantStart, wantLen, found = c.off, n, true
		}
		if got.Kind == Memory {
			got.Addr += off - uint64(got.Off)
		}
		if got.Kind != want.Kind || got.Name != want.Name || got.Addr != want.Addr {
			t.Fatalf("byte %d of %v is %v, the model says %v", off, claims, got, want)
		}
	}
}

// pieces cuts the claims that run past the last address.
func pieces(claims []claim) []claim {
	var out []claim
	for _, c := range claims {
		if end := c.addr + c.n; c.kind == Memory && end < c.addr && end != 0 {
			rest := c
			rest.n, rest.addr = end, 0
			c.n -= end
			rest.off += c.n
			out = append(out, c)
			if rest.off >= c.off { // else past any file
				out = append(out, rest)
			}
			continue
		}
		out = append(out, c)
	}
	return out
}

// checkLayout checks what every layout promises.
func checkLayout(t testing.TB, l *Layout, size int64) {
	t.Helper()
	if l.Size != size {
		t.Fatalf("size %d, want %d", l.Size, size)
	}
	pos := int64(0)
	for i, r := range l.Regions {
		if r.Off != pos || r.Len <= 0 {
			t.Fatalf("region %d is %v, the one before ends at %d", i, r, pos)
		}
		if r.Kind != Memory && r.Addr != 0 {
			t.Fatalf("%v has an address", r)
		}
		if r.Addr+uint64(r.Len)-1 < r.Addr {
			t.Fatalf("%v wraps around", r)
		}
		if i > 0 {
			if p := l.Regions[i-1]; p.Kind == r.Kind && p.Name == r.Name && p.Kind != Memory {
				t.Fatalf("%v and %v are one", p, r)
			}
		}
		pos = r.End()
	}
	if pos != size {
		t.Fatalf("regions end at %d of %d", pos, size)
	}
	for i, e := range l.Memory {
		if e.Off < 0 || e.Len <= 0 || e.End() > size || e.Addr+uint64(e.Len)-1 < e.Addr {
			t.Fatalf("extent %v of a file of %d", e, size)
		}
		if i > 0 && !before(l.Memory[i-1], e) {
			t.Fatalf("extents %v and %v out of order", l.Memory[i-1], e)
		}
	}
}

func before(x, y Extent) bool {
	if x.Addr != y.Addr {
		return x.Addr < y.Addr
	}
	return x.Off < y.Off || x.Off == y.Off && x.Len < y.Len
}

// FuzzBuilder takes claims from the input and compares with the model.
func FuzzBuilder(f *testing.F) {
	f.Add(uint8(20), []byte{})
	seed := make([]byte, 3*claimBytes)
	seed[0], seed[claimBytes], seed[2*claimBytes] = 1, 4, 1
	seed[1], seed[claimBytes+9] = 3, 200
	f.Add(uint8(20), seed)
	f.Fuzz(func(t *testing.T, size uint8, data []byte) {
		var claims []claim
		for ; len(data) >= claimBytes && len(claims) < 64; data = data[claimBytes:] {
			claims = append(claims, claim{
				kind: Kind(data[0] % 5),
				off:  spread(data[1:]),
				n:    spread(data[9:]),
				addr: binary.LittleEndian.Uint64(data[17:]),
				name: string('a' + rune(data[0]>>7)),
			})
		}
		compareModel(t, int64(size), claims)
	})
}

// claimBytes is a kind and three numbers.
const claimBytes = 1 + 3*8

// spread makes half of all numbers small.
func spread(b []byte) uint64 {
	v := binary.LittleEndian.Uint64(b)
	if v&1 == 0 {
		return v >> 1 & 0xff
	}
	return v
}
