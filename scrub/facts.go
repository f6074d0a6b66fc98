package scrub

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"iter"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/memory"
	"github.com/dumpscrub/dumpscrub/scrub/spill"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
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
func (res *Result) learned(all *collector, l *layout.Layout, m *memory.Memory, given [][]byte) (f probe.Facts, hunted map[string]bool) {
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
	f, hunted = probe.Facts{Arch: l.Arch, BigEndian: l.Order() == binary.BigEndian, Memory: m.Read}, make(map[string]bool)
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
