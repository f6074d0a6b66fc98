package scrub

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/formats"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/source"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// ErrResidue says that the copy still holds a secret.
var ErrResidue = errors.New("verification found a secret in the copy")

// ErrCollateral says that the copy differs from the input where it must not.
var ErrCollateral = errors.New("verification found a changed byte outside the plan")

// verifier attacks a finished copy.
type verifier struct {
	plan *Plan
	res  *Result
	l    *layout.Layout
	set  Settings
}

// verify reads the copy from where it was written, lays it out, runs all
// detectors and the hunt over it, and compares every byte outside the plan with
// the input.
func (v *verifier) verify(ctx context.Context, out source.Source) error {
	if out.Size() != v.l.Size {
		return fmt.Errorf("%w: its size is %d, not %d", ErrCollateral, out.Size(), v.l.Size)
	}
	l, err := formats.Open(out, out.Size(), v.l.Format)
	if err != nil {
		return fmt.Errorf("%w: the copy cannot be laid out: %w", ErrCollateral, err)
	}
	if !reflect.DeepEqual(firm(l), firm(v.l)) {
		return fmt.Errorf("%w: the copy's layout differs", ErrCollateral)
	}
	t, err := newTiles(out)
	if err != nil {
		return err
	}
	t.reseed(v.res.tiles)
	if err := v.attack(ctx, t); err != nil {
		return err
	}
	return v.compare(ctx, t)
}

// attack looks for what should be gone.
func (v *verifier) attack(ctx context.Context, t *tiles) error {
	ds := v.set.first()
	if v.set.Provers != nil && v.set.hunting() {
		// The facts of the input, for its public keys are those of the copy, but
		// the memory of the copy.
		m := newMemory(t, v.l)
		defer m.close()
		f := v.res.facts
		f.Memory = m.read
		ds = append(slices.Clone(ds), v.set.Provers(f)...)
	}
	s, err := search.New(ds)
	if err != nil {
		return fmt.Errorf("internal error: %w", err)
	}
	before, after := s.Reach()
	left := residue{exempt: newExemptions(&v.set, v.l)}
	detect := func(_ int, w window) error { left.detect(s, v.set.Policy, w); return nil }
	round := 0
	hunt := func(_ int, w window) error { left.hunt(v.res, w, round); return nil }
	b, a := v.res.wholes.reach()
	r := &reel{
		cfg: v.set.Config, tiles: t, layout: v.l, step: "verify", breaks: breaks(v.l),
		before: max(before, b, sweep.MaxForm), after: max(after, a, sweep.MaxForm),
	}
	defer r.close()
	// The first round of the hunt shares its reading with the detectors.
	for round = range max(1, v.res.set.Rounds()) {
		r.examine = hunt
		if round == 0 {
			r.examine = func(worker int, w window) error { return errors.Join(detect(worker, w), hunt(worker, w)) }
		}
		v.res.load(round)
		if err := r.file(ctx); err != nil {
			return err
		}
		if err := r.seams(ctx, v.l); err != nil {
			return err
		}
	}
	left.certain = true
	r.examine = detect
	if err := r.lies(ctx); err != nil {
		return err
	}
	return left.err()
}

// residue remembers the first secret left, by offset.
type residue struct {
	exempt  *exemptions
	certain bool // leave out what is not, as the scan did

	mu       sync.Mutex
	found    bool
	off      int64
	detector string
	kind     string
}

func (r *residue) note(off int64, detector, kind string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.found || off < r.off || off == r.off && detector < r.detector {
		r.found, r.off, r.detector, r.kind = true, off, detector, kind
	}
}

func (r *residue) detect(s *search.Searcher, p Policy, w window) {
	s.Search(w.search(), func(f search.Found) {
		if r.certain && !certain(f.Match) {
			return
		}
		if !f.Public && !statistical(s.Spec(f.Detector).ID) && p.removes(f.Confidence, s.Spec(f.Detector).ID, f.Kind) && !r.exempts(s, w, f) {
			r.note(w.hull(f).Off, s.Spec(f.Detector).ID, f.Kind)
		}
	})
}

// exempts reports whether f stays by intent.
func (r *residue) exempts(s *search.Searcher, w window, f search.Found) bool {
	said, _ := r.exempt.judge(s.Spec(f.Detector).ID, w.tape.ranges(w.base, f.Redact), &f.Match, identityOf(f, w.data))
	return said.has(exempt)
}

func (r *residue) hunt(res *Result, w window, round int) {
	for _, p := range res.look(nil, w, round) {
		if res.kept.within(p.spans) {
			continue
		}
		r.note(p.spans[0].Off, HuntDetector, res.kindOf(p.hit.Secret))
	}
}

func (r *residue) err() error {
	if !r.found {
		return nil
	}
	return fmt.Errorf("%w: %s by %s at offset %d", ErrResidue, r.kind, r.detector, r.off)
}

// compare checks that the copy equals the input outside the plan and its fills
// inside. Tiles without a cut need only their digests for that.
func (v *verifier) compare(ctx context.Context, t *tiles) error {
	jobs := v.set.jobs()
	type pair struct{ in, out []byte }
	bufs := make([]pair, jobs)
	for i := range bufs {
		bufs[i] = pair{make([]byte, tileSize), make([]byte, tileSize)}
	}
	defer func() {
		for _, b := range bufs {
			clear(b.in)
			clear(b.out)
		}
	}()
	return parallel(ctx, jobs, t.count(), func(w int, i int64) error {
		off := i * tileSize
		cuts := v.plan.touching(off, int64(t.len(i)))
		if v.plan.mask != nil && !v.res.tiles.isZero(i) {
			in, out := bufs[w].in[:t.len(i)], bufs[w].out[:t.len(i)]
			return v.compareMinimized(t, i, in, out)
		}
		if len(cuts) == 0 {
			if t.digests[i] != v.res.tiles.digests[i] {
				return fmt.Errorf("%w: between offsets %d and %d", ErrCollateral, off, off+int64(t.len(i)))
			}
			return nil
		}
		in, out := bufs[w].in[:t.len(i)], bufs[w].out[:t.len(i)]
		if err := v.res.tiles.read(i, in); err != nil {
			return err
		}
		if err := t.read(i, out); err != nil {
			return err
		}
		return compareTile(in, out, off, cuts)
	})
}

// compareMinimized checks that tile i of the copy is what the plan makes of the
// input's.
func (v *verifier) compareMinimized(t *tiles, i int64, in, out []byte) error {
	if err := v.res.tiles.read(i, in); err != nil {
		return err
	}
	if err := t.read(i, out); err != nil {
		return err
	}
	off := i * tileSize
	v.plan.apply(in, off)
	if !bytes.Equal(in, out) {
		return fmt.Errorf("%w: between offsets %d and %d", ErrCollateral, off, off+int64(len(in)))
	}
	return nil
}

func compareTile(in, out []byte, off int64, cuts []cut) error {
	pos := 0
	for _, c := range cuts {
		start, end := int(max(c.Off-off, 0)), int(min(c.End()-off, int64(len(in))))
		if !bytes.Equal(in[pos:start], out[pos:start]) {
			return fmt.Errorf("%w: between offsets %d and %d", ErrCollateral, off+int64(pos), off+int64(start))
		}
		want := make([]byte, end-start)
		c.write(want, c.phase+off+int64(start)-c.Off)
		if !bytes.Equal(want, out[start:end]) {
			return fmt.Errorf("%w: the fill at offset %d", ErrCollateral, off+int64(start))
		}
		pos = end
	}
	if !bytes.Equal(in[pos:], out[pos:]) {
		return fmt.Errorf("%w: between offsets %d and %d", ErrCollateral, off+int64(pos), off+int64(len(in)))
	}
	return nil
}
