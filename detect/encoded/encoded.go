package encoded

import (
	"fmt"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

const (
	// blockLen is how many characters of memory one decode owns.
	blockLen = 16 << 10
	// context is how many characters to either side of them are decoded too: 18 KiB
	// of base64, more than a PEM file with an RSA key of 16,384 bits has.
	context = 24 << 10
	// maxDepth is how many encodings may lie in one another.
	maxDepth = 3
	// maxWork bounds the bytes that are decoded for one block at all depths: an
	// honest one needs its own length, and the same less a quarter at each depth.
	maxWork = 1 << 20
)

// core is what both detectors share. It does not change but for the memory that it keeps for later blocks.
type core struct {
	inner *search.Searcher
	kinds []string
	heads *heads
	rooms sync.Pool // of *lines
}

// New returns the detectors of what inner finds in encoded form.
func New(inner []probe.Detector) ([]probe.Detector, error) {
	s, err := search.New(inner)
	if err != nil {
		return nil, fmt.Errorf("encoded: %w", err)
	}
	c := &core{inner: s, kinds: s.Kinds()}
	if c.heads, err = newHeads(inner); err != nil {
		return nil, fmt.Errorf("encoded: %w", err)
	}
	return []probe.Detector{digits{c}, escapes{c}}, nil
}

// spec returns the specification of one of the detectors. The reach is in bytes:
// of two for each character, for text may be UTF-16LE.
func (c *core) spec(id, about string) probe.Spec {
	return probe.Spec{
		ID: id, About: about, Kinds: c.kinds,
		Before: 2 * (blockLen + context), After: 2 * (blockLen + context),
	}
}

// view returns the characters of v, the index of the one at v.At, and the block
// that it lies in. A filter's candidate stands in UTF-16LE when a zero follows.
func view(v probe.View) (t probe.Text, at int, b block) {
	v.Wide = v.At+1 < len(v.Data) && v.Data[v.At+1] == 0
	t, at = probe.TextOf(v)
	return t, at, blockOf(t, int64(v.Addr&(1<<62-1)), at)
}

// block is the characters [start, end) of a text: a multiple of blockLen of memory,
// or as much of it as is there.
type block struct{ start, end int }

// blockOf returns the block of character i; base is the address of the first byte.
func blockOf(t probe.Text, base int64, i int) block {
	width := int64(t.Range(0, 1).Len())
	base += int64(t.Range(0, 0).Start)
	size := blockLen * width
	first := (base + int64(i)*width) / size * size
	up := func(addr int64) int { return int((addr - base + width - 1) / width) }
	start := 0
	if first > base {
		start = up(first)
	}
	return block{start, min(up(first+size), t.Len())}
}
