package scrub

import (
	"bytes"
	"context"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/memory"
)

// maxRounds bounds the repetitions of the second pass. Keys inside keys inside
// keys have not been seen.
const maxRounds = 3

// prove runs the second pass: detectors that know the facts of the first. It is
// repeated with what is new while it brings new public keys to light, as keys that were
// shielded do.
func (res *Result) prove(ctx context.Context, all *collector, sh *shared, l *layout.Layout, set Settings) error {
	if set.Provers == nil {
		return nil
	}
	m := memory.New(res.tiles, l)
	defer m.Close()
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
