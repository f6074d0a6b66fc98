package scrub

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"hash/maphash"
	"iter"
	"slices"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/spill"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// The ranks of public keys: what is tried first when there are too many.
const (
	rankGiven   = iota // by the user
	rankPrivate        // the private half was found, and is hunted for
	rankClaimed        // something that looks like the private half was found
	rankSeen           // seen in the dump
	rankRoot           // seen as the root of a trust store
)

// fact is a sight of a public key, or the best reason to try it.
type fact struct {
	id   sweep.ID // of its SPKI
	spki ref
	rank int32
	root bool  // seen as a root, or in a summary anywhere, whatever else it was seen as
	off  int64 // in the file, of the first sight at this rank
}

// compareFacts orders sights of one key by how good they are.
func compareFacts(a, b *fact) int {
	return cmp.Or(bytes.Compare(a.id[:], b.id[:]), cmp.Compare(a.rank, b.rank), cmp.Compare(a.off, b.off))
}

// order is the rank by which a fact is tried. A library that has loaded a trust store
// holds the same keys decoded, as bare points and numbers and as certificates that
// other authorities issued: such sights do not make a root a server's own key.
func (f *fact) order() int32 {
	if f.root && f.rank == rankSeen {
		return rankRoot
	}
	return f.rank
}

// maxFacts bounds the public keys that are proven against. A trust store has 150
// roots, a busy server some hundreds of peers; every key costs time at every
// candidate.
const maxFacts = 2048

// fewRoots is how many roots are no trust store: a private authority has some, a
// store more than a hundred. So few are as likely the program's own as others.
const fewRoots = 16

// learned returns what pass one learned, for the provers, and which of the public keys are of private ones that are
// hunted for in every form. all holds everything that the collectors saw.
func (res *Result) learned(all *collector, l *layout.Layout, m *memory, given [][]byte) (f probe.Facts, hunted map[string]bool) {
	for i, spki := range given {
		all.learn(spki, rankGiven, int64(i))
	}
	var ordered []fact
	better := func(a, b fact) int {
		if c := cmp.Or(cmp.Compare(a.order(), b.order()), cmp.Compare(a.off, b.off)); c != 0 {
			return c
		}
		return bytes.Compare(res.store.load(a.spki), res.store.load(b.spki))
	}
	res.PublicKeys = 0
	prune := func() {
		slices.SortFunc(ordered, better)
		ordered = ordered[:min(len(ordered), maxFacts)]
	}
	for f := range distinctFacts(all.facts) {
		res.PublicKeys++
		if ordered = append(ordered, f); len(ordered) == 2*maxFacts {
			prune()
		}
	}
	prune()
	res.Untried = res.PublicKeys - len(ordered)
	f, hunted = probe.Facts{Arch: l.Arch, BigEndian: l.Order() == binary.BigEndian, Memory: m.read}, make(map[string]bool)
	for _, o := range ordered {
		spki := res.store.load(o.spki)
		f.SPKI = append(f.SPKI, spki)
		if o.rank == rankPrivate {
			hunted[string(spki)] = true
		}
		if o.order() < rankRoot {
			f.Roots = len(f.SPKI)
		}
	}
	if len(f.SPKI)-f.Roots < fewRoots {
		f.Roots = len(f.SPKI)
	}
	if all.seen.Facts(&f) {
		all.full = true
	}
	f.Secret = res.secretValues(all.values)
	return f, hunted
}

// secretValues returns what tells whether a value is one of those whose hashes are
// given.
func (res *Result) secretValues(hashes *spill.Sorter[uint64]) func([]byte) bool {
	order := func(h *uint64) int64 { return int64(*h ^ 1<<63) } // as signed numbers
	known := spill.NewIndex(res.disk, order)
	sieve := make([]uint64, 1<<sieveBits/64) // of the upper bits of all hashes, which is quicker to ask
	last := uint64(0)
	for h := range hashes.All() {
		if known.Len() == 0 || h != last {
			known.Append(h)
		}
		last = h
		sieve[h>>(64-sieveBits)/64] |= 1 << (h >> (64 - sieveBits) % 64)
	}
	return func(v []byte) bool {
		h := maphash.Bytes(res.seed, v)
		if sieve[h>>(64-sieveBits)/64]>>(h>>(64-sieveBits)%64)&1 == 0 {
			return false
		}
		i := known.Find(order(&h))
		return i >= 0 && known.At(i) == h
	}
}

// sieveBits is log2 of the bits of a sieve: 16 KiB, of which some thousand values fill little.
const sieveBits = 17

// distinctFacts returns each key once, with the best of its sights.
func distinctFacts(sights *spill.Sorter[fact]) iter.Seq[fact] {
	return func(yield func(fact) bool) {
		var now fact
		any := false
		for f := range sights.All() {
			if any && f.id == now.id {
				now.root = now.root || f.root
				continue
			}
			if any && !yield(now) {
				return
			}
			now, any = f, true
		}
		if any {
			yield(now)
		}
	}
}

// fresh returns what is new in the facts of a later round: all but the public keys, memory, secret values and
// text that the rounds before were proven with, of which facts are the last. It puts the facts of
// the round in the order in which all of that was tried, so that proofs with them find what the
// rounds found and nothing else.
//
// A new key of which the private half is hunted for needs no proof. Nor do TLS secrets by values that provers
// found: keys of connections are found where they are expanded, or made of the secret that is looked for.
func fresh(facts *probe.Facts, f probe.Facts, hunted map[string]bool) (probe.Facts, probe.Facts) {
	all, only := f, f
	place := make(map[string]int, len(facts.SPKI))
	for i, spki := range facts.SPKI {
		place[string(spki)] = i
	}
	var own, roots [][]byte // that are new, or new among those that are no roots
	moved := make(map[string]bool)
	for i, spki := range f.SPKI {
		at, known := place[string(spki)]
		switch {
		case hunted[string(spki)]:
		case i < f.Roots && (!known || at >= facts.Roots):
			own = append(own, spki)
			moved[string(spki)] = true
		case i >= f.Roots && !known:
			roots = append(roots, spki)
		}
	}
	only.SPKI, only.Roots = slices.Concat(own, roots), len(own)
	only.Memory, only.Glued, only.Primes, only.Randoms, only.Sealed, only.Secret = nil, nil, nil, nil, nil, nil
	all.Randoms, all.Sealed, all.Secret = facts.Randoms, facts.Sealed, facts.Secret
	only.Signed = slices.DeleteFunc(slices.Clone(f.Signed), func(x probe.Signed) bool {
		return slices.ContainsFunc(facts.Signed, func(y probe.Signed) bool { return bytes.Equal(x.Text, y.Text) })
	})
	all.Signed = slices.Concat(facts.Signed, only.Signed)
	all.SPKI = slices.Concat(facts.SPKI[:facts.Roots], own)
	all.Roots = len(all.SPKI)
	for _, spki := range slices.Concat(facts.SPKI[facts.Roots:], roots) {
		if !moved[string(spki)] {
			all.SPKI = append(all.SPKI, spki)
		}
	}
	return only, all
}

// prove runs the second pass: detectors that know the facts of the first. It is
// repeated with what is new while it brings new public keys to light, as keys that were
// shielded do.
func (res *Result) prove(ctx context.Context, all *collector, sh *shared, l *layout.Layout, set Settings) error {
	if set.Provers == nil {
		return nil
	}
	m := newMemory(res.tiles, l)
	defer m.close()
	for round := range maxRounds {
		f, hunted := res.learned(all, l, m, set.Hunt)
		known, untried := res.PublicKeys, f
		if round > 0 {
			untried, f = fresh(&res.facts, f, hunted)
		}
		ds := set.Provers(untried)
		if len(ds) == 0 {
			return nil
		}
		s, err := search.New(ds)
		if err != nil {
			return err
		}
		res.facts = f
		now := *sh
		now.raws = res.proofs
		if err := res.pass(ctx, s, all, &now, l, set, "prove"); err != nil {
			return err
		}
		n := 0
		for range distinctFacts(all.facts) {
			n++
		}
		if n == known {
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
	mu     sync.Mutex
	cache  *tile.Cache
	layout *layout.Layout
}

func newMemory(t *tile.Tiles, l *layout.Layout) *memory {
	return &memory{cache: tile.NewCache(t), layout: l}
}

// spans returns where n bytes from addr on lie in the file, or nil when some of
// them do not.
func (m *memory) spans(addr uint64, n int) []layout.Span {
	var out []layout.Span
	for n > 0 {
		e, ok := m.layout.Extent(addr)
		if !ok {
			return nil
		}
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
		if m.cache.Read(p[:s.Len], s.Off) != nil {
			return false // a source that moved ends the run when its tile is copied
		}
		p = p[s.Len:]
	}
	return true
}

func (m *memory) close() { m.cache.Close() }

// maxStored bounds how many public keys a collector knows to be stored already.
const maxStored = 1 << 12

// learn notes a sight of a public key, and returns where a copy of it is.
func (c *collector) learn(spki []byte, rank int32, off int64) ref {
	id := c.set.ID(spki)
	at, ok := c.spki[id]
	if !ok {
		if len(c.spki) == maxStored {
			clear(c.spki)
		}
		at = c.store.keep(spki)
		c.spki[id] = at
	}
	c.facts.Add(fact{id: id, spki: at, rank: rank, root: rank == rankRoot, off: off})
	return at
}

// rankOf returns the rank of a public key that a detector saw: harvesters are
// less sure of keys that belong to trust stores.
func rankOf(m probe.Match) int32 {
	switch {
	case !m.Public && m.Confidence == probe.Confirmed && len(m.Values) > 0:
		return rankPrivate
	case !m.Public:
		return rankClaimed
	case m.Confidence == probe.Confirmed:
		return rankSeen
	}
	return rankRoot
}
