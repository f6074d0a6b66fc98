package scrub

import (
	"cmp"
	"context"
	"hash/maphash"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// The ranks of public keys: what is tried first when there are too many.
const (
	rankGiven   = iota // by the user
	rankPrivate        // the private half was found
	rankSeen           // seen in the dump
	rankRoot           // seen as the root of a trust store
)

// fact is a public key and the best reason to try it.
type fact struct {
	spki []byte
	rank int
	off  int64 // in the file, of the first sight at this rank
	root bool  // seen as a root somewhere, whatever else it was seen as
}

// order is the rank by which a fact is tried. A library that has loaded a trust store
// holds the same keys decoded, as bare points and numbers and as certificates that
// other authorities issued: such sights do not make a root a server's own key.
func (f *fact) order() int {
	if f.root && f.rank == rankSeen {
		return rankRoot
	}
	return f.rank
}

// better keeps the better of two sights of one key.
func (f *fact) better(o *fact) bool {
	return cmp.Or(cmp.Compare(f.rank, o.rank), cmp.Compare(f.off, o.off)) < 0
}

// maxFacts bounds the public keys that are proven against. A trust store has 150
// roots, a busy server some hundreds of peers; every key costs time at every
// candidate.
const maxFacts = 2048

// fewRoots is how many roots are no trust store: a private authority has some, a
// store more than a hundred. So few are as likely the program's own as others.
const fewRoots = 16

// learned returns what pass one learned, for the provers. all holds everything that
// the collectors saw.
func (res *Result) learned(all *collector, l *layout.Layout, m *memory, given [][]byte) probe.Facts {
	for i, spki := range given {
		all.learn(res.set.ID(spki), fact{spki: spki, rank: rankGiven, off: int64(i)})
	}
	ordered := make([]*fact, 0, len(all.facts))
	for _, f := range all.facts {
		ordered = append(ordered, f)
	}
	slices.SortFunc(ordered, func(a, b *fact) int {
		return cmp.Or(cmp.Compare(a.order(), b.order()), cmp.Compare(a.off, b.off), slices.Compare(a.spki, b.spki))
	})
	res.PublicKeys = len(ordered)
	if len(ordered) > maxFacts {
		res.Untried = len(ordered) - maxFacts
		ordered = ordered[:maxFacts]
	}
	f := probe.Facts{Arch: l.Arch, BigEndian: bigEndian(l.Arch), Memory: m.read, Glued: all.glued.sorted(), Randoms: all.hellos.sorted()}
	for _, o := range ordered {
		f.SPKI = append(f.SPKI, o.spki)
		if o.order() < rankRoot {
			f.Roots = len(f.SPKI)
		}
	}
	if len(f.SPKI)-f.Roots < fewRoots {
		f.Roots = len(f.SPKI)
	}
	all.full = all.full || all.glued.cut || all.hellos.cut
	values := all.values
	f.Secret = func(v []byte) bool { return values[maphash.Bytes(res.seed, v)] }
	return f
}

// bigEndian reports whether a processor of layout's naming is.
func bigEndian(arch string) bool {
	switch arch {
	case "s390", "s390x", "ppc", "ppc64", "mips", "mips64", "sparc", "sparc64", "m68k", "hppa", "armeb", "arm64be":
		return true
	}
	return strings.HasSuffix(arch, "be")
}

// prove runs the second pass: detectors that know the facts of the first. It is
// repeated while it brings new public keys to light, as keys that were shielded
// do.
func (res *Result) prove(ctx context.Context, all *collector, l *layout.Layout, set Settings) error {
	if set.Provers == nil {
		return nil
	}
	m := newMemory(res.tiles, l)
	defer m.close()
	for range maxRounds {
		f := res.learned(all, l, m, set.Hunt)
		known := len(all.facts)
		ds := set.Provers(f)
		if len(ds) == 0 {
			return nil
		}
		s, err := search.New(ds)
		if err != nil {
			return err
		}
		res.facts = f
		all.raws.remove(func(f *Finding) bool { return f.marks.has(proven) })
		if err := res.pass(ctx, s, all, l, set, "prove"); err != nil {
			return err
		}
		if len(all.facts) == known {
			return nil
		}
	}
	return nil
}

// maxRounds bounds the repetitions of the second pass. Keys inside keys inside
// keys have not been seen.
const maxRounds = 3

// memory reads the dumped process's memory by address.
type memory struct {
	mu      sync.Mutex
	cache   *tileCache
	extents []layout.Extent
}

func newMemory(t *tiles, l *layout.Layout) *memory {
	return &memory{cache: newTileCache(t), extents: l.Memory}
}

// spans returns where n bytes from addr on lie in the file, or nil when some of
// them do not.
func (m *memory) spans(addr uint64, n int) []layout.Span {
	var out []layout.Span
	for n > 0 {
		i := sort.Search(len(m.extents), func(i int) bool { return m.extents[i].Addr > addr }) - 1
		if i < 0 || addr-m.extents[i].Addr >= uint64(m.extents[i].Len) {
			return nil
		}
		e := m.extents[i]
		in := int64(addr - e.Addr)
		k := min(int64(n), e.Len-in)
		out = append(out, layout.Span{Off: e.Off + in, Len: k})
		n -= int(k)
		addr += uint64(k)
	}
	return out
}

// read is [probe.Facts.Memory].
func (m *memory) read(addr uint64, p []byte) bool {
	spans := m.spans(addr, len(p))
	if spans == nil {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range spans {
		if m.cache.read(p[:s.Len], s.Off) != nil {
			return false // a source that moved ends the run when its tile is copied
		}
		p = p[s.Len:]
	}
	return true
}

func (m *memory) close() { m.cache.close() }

// learn notes a public key, and returns a copy of it that stays.
func (c *collector) learn(id sweep.ID, f fact) []byte {
	f.root = f.root || f.rank == rankRoot
	old := c.facts[id]
	if old != nil && !f.better(old) {
		old.root = old.root || f.root
		return old.spki
	}
	if old != nil {
		f.root, f.spki = f.root || old.root, old.spki
	} else {
		f.spki = slices.Clone(f.spki)
	}
	c.facts[id] = &f
	return f.spki
}

// rankOf returns the rank of a public key that a detector saw: harvesters are
// less sure of keys that belong to trust stores.
func rankOf(m probe.Match) int {
	switch {
	case !m.Public:
		return rankPrivate
	case m.Confidence == probe.Confirmed:
		return rankSeen
	}
	return rankRoot
}
