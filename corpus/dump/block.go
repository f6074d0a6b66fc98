package dump

import (
	"math/rand/v2"

	"github.com/dumpscrub/dumpscrub/corpus/secret"
)

// Plant is a secret at a place of a dump.
type Plant struct {
	secret.Secret
	Place string // "heap", "border", "registers", …

	at int // in its block
}

// block is bytes with consecutive addresses, or without any.
type block struct {
	name   string
	addr   uint64
	perm   uint32 // PF_X 1, PF_W 2, PF_R 4
	data   []byte
	plants []Plant
	taken  []span
	cuts   []int // where segments end, ascending, besides the end of data
}

// span is the bytes [start, end) of a block.
type span struct{ start, end int }

// margin is kept free around plants, so that what a verdict takes from the
// noise beside one secret can be told from the next.
const margin = 96

// attempts to find a free place before giving up: full blocks are a mistake of
// whoever sized them, and then a plant is left out and the truth says so.
const attempts = 200

// tails are what stands behind a text: some delimiter and a terminator.
var tails = []string{"\x00", "\x00", "\x00", "\"\x00", " \x00", "\n\x00"}

// put plants s at offset at, or at the next one below that suits its alignment, if
// that is free.
func (b *block) put(s secret.Secret, at int, place string) bool {
	if s.Align > 1 {
		if b.addr == 0 {
			return false // what has no address is not aligned
		}
		at -= int((b.addr + uint64(at)) % uint64(s.Align))
	}
	end := at + s.Extent
	if at < 0 || at+len(s.Data) > len(b.data) {
		return false
	}
	for _, t := range b.taken {
		if at < t.end+margin && t.start < end+margin {
			return false
		}
	}
	b.taken = append(b.taken, span{at, end})
	copy(b.data[at:], s.Data)
	if s.Complete || s.Text {
		s.Extent = len(s.Data)
	}
	s.Extent = min(s.Extent, len(b.data)-at)
	b.plants = append(b.plants, Plant{Secret: s, Place: place, at: at})
	return true
}

// uproot takes back the plants from the nth on. Their places stay taken.
func (b *block) uproot(n int) {
	for _, p := range b.plants[n:] {
		clear(b.data[p.at : p.at+len(p.Data)])
	}
	b.plants = b.plants[:n]
}

// terminate writes what stands before and behind the text that was planted last.
func (b *block) terminate(rng *rand.Rand) {
	p := b.plants[len(b.plants)-1]
	if !p.Text {
		return
	}
	tail := []byte(tails[rng.IntN(len(tails))])
	if p.Encoding == "utf16le" {
		tail = secret.Widen(tail)
	}
	copy(b.data[max(0, p.at-2):p.at], "\x00\x00")
	copy(b.data[min(len(b.data), p.at+len(p.Data)):], tail)
}

// anywhere plants s at a random offset.
func (b *block) anywhere(rng *rand.Rand, s secret.Secret, place string) bool {
	for range attempts {
		room := len(b.data) - s.Extent - margin
		if room <= 0 {
			return false
		}
		if b.put(s, rng.IntN(room), place) {
			b.terminate(rng)
			return true
		}
	}
	return false
}

// acrossCut plants s over one of the block's cuts.
func (b *block) acrossCut(rng *rand.Rand, s secret.Secret, place string) bool {
	if len(b.cuts) == 0 || len(s.Data) < 2 {
		return false
	}
	for range attempts {
		cut := b.cuts[rng.IntN(len(b.cuts))]
		if b.put(s, cut-1-rng.IntN(len(s.Data)-1), place) {
			b.terminate(rng)
			return true
		}
	}
	return false
}

// atEnd plants s as the last bytes of the block.
func (b *block) atEnd(s secret.Secret, place string) bool {
	return b.put(s, len(b.data)-len(s.Data), place)
}

// decoy writes p at a random free offset.
func (b *block) decoy(rng *rand.Rand, p []byte) {
	for range attempts {
		room := len(b.data) - len(p) - margin
		if room <= 0 {
			return
		}
		at := rng.IntN(room)
		if b.put(secret.Secret{Data: p, Extent: len(p)}, at, "") {
			b.plants = b.plants[:len(b.plants)-1]
			copy(b.data[max(0, at-2):at], "\x00\x00") // no word of some message that it was put into
			copy(b.data[at+len(p):], "\x00\x00")
			return
		}
	}
}

// segments returns the pieces between the cuts.
func (b *block) segments() []span {
	var out []span
	start := 0
	for _, c := range b.cuts {
		out = append(out, span{start, c})
		start = c
	}
	return append(out, span{start, len(b.data)})
}
