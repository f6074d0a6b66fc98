package scrub

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/formats"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/memory"
	"github.com/dumpscrub/dumpscrub/scrub/mirror"
	"github.com/dumpscrub/dumpscrub/scrub/plan"
	"github.com/dumpscrub/dumpscrub/scrub/policy"
	"github.com/dumpscrub/dumpscrub/scrub/reel"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// ErrResidue says that the copy still holds a secret.
var ErrResidue = errors.New("verification found a secret in the copy")

// verifier attacks a finished copy, of which every byte has been compared already:
// outside the plan it is the input, inside it is the fills.
type verifier struct {
	plan *plan.Plan
	res  *Result
	l    *layout.Layout
	set  Settings
	full bool // see [Job.FullAttack]
}

// verify lays the copy out, whose tiles are t, and runs detectors and the hunt over
// it.
func (v *verifier) verify(ctx context.Context, t *tile.Tiles) error {
	l, err := formats.Open(t.Source(), t.Size(), v.l.Format)
	if err != nil {
		return fmt.Errorf("%w: the copy cannot be laid out: %w", mirror.ErrCollateral, err)
	}
	if !reflect.DeepEqual(firm(l), firm(v.l)) {
		return fmt.Errorf("%w: the copy's layout differs", mirror.ErrCollateral)
	}
	return v.attack(ctx, t)
}

// attack looks for what should be gone. A verdict is a function of its view, so one
// whose view holds no cut says of the copy what it said of the input. Whatever was
// said of the input must be answered by the plan, which is checked here; what is
// left to be asked again are the views that a cut is in. Detectors that follow
// pointers see more than their view: they see the whole copy again.
func (v *verifier) attack(ctx context.Context, t *tile.Tiles) error {
	if err := v.answered(); err != nil {
		return err
	}
	m := memory.New(t, v.l)
	defer m.Close()
	near, far := v.detectors(m)
	left := residue{exempt: newExemptions(&v.set, v.l)}
	for _, a := range []assault{
		{ds: near[tinyReach], near: true},
		{ds: near[shortReach], hunt: true, near: true},
		{ds: near[longReach], near: true},
		{ds: far},
	} {
		a.near = a.near && !v.full
		if err := v.run(ctx, t, a, &left); err != nil {
			return err
		}
	}
	return left.err()
}

// answered checks that every byte that the scan called for is in the plan.
func (v *verifier) answered() error {
	left := residue{}
	for d := range v.res.demands.All() {
		if !v.plan.Covered(d.Span) {
			left.note(d.Off, v.res.names.text(d.detector), v.res.names.text(d.kind))
		}
	}
	return left.err()
}

// The detectors are attacked with in lots, so that the few that reach far do not have
// the others, the costly proofs for one, look far around every cut.
const (
	tinyReach = iota
	shortReach
	longReach
	reaches
)

// shortFrom and longFrom are what makes a reach more than tiny and long, both sides
// together, in bytes.
const (
	shortFrom = 16 << 10
	longFrom  = 256 << 10
)

// detectors returns the detectors of the attack by their reach, and apart from them
// those that read memory by address: the ones that there are only with memory. They
// get the facts of the input, for its public keys are those of the copy, but the
// memory of the copy.
func (v *verifier) detectors(m *memory.Memory) (near [reaches][]probe.Detector, far []probe.Detector) {
	ds := v.set.first()
	if v.set.Provers != nil && v.set.hunting() {
		f := v.res.facts
		f.Memory = nil
		blind := v.set.Provers(f)
		ds = append(slices.Clone(ds), blind...)
		f.Memory = m.Read
		far = slices.DeleteFunc(v.set.Provers(f), func(d probe.Detector) bool {
			return slices.ContainsFunc(blind, func(b probe.Detector) bool { return b.Spec().ID == d.Spec().ID })
		})
	}
	for _, d := range ds {
		spec, k := d.Spec(), tinyReach
		reach := spec.Before + spec.After
		if spec.Text {
			reach *= 2
		}
		switch {
		case reach >= longFrom:
			k = longReach
		case reach >= shortFrom:
			k = shortReach
		}
		near[k] = append(near[k], d)
	}
	return near, far
}

// assault is one pass over the copy.
type assault struct {
	ds   []probe.Detector
	hunt bool // for values too
	near bool // only where a view can hold a cut
}

func (v *verifier) run(ctx context.Context, t *tile.Tiles, a assault, left *residue) error {
	if len(a.ds) == 0 && !a.hunt {
		return nil
	}
	s, err := search.New(a.ds)
	if err != nil {
		return fmt.Errorf("internal error: %w", err)
	}
	detect := func(_ int, w reel.Window) error { left.detect(s, v.set.Policy, w); return nil }
	r := v.set.reel(t, v.l, "verify")
	defer r.Close()
	r.Breaks, r.Examine = reel.Breaks(v.l), detect
	r.Before, r.After = s.Reach()
	if a.near {
		r.Near = v.plan
	}
	whole := func() error {
		if err := r.File(ctx); err != nil {
			return err
		}
		return r.Seams(ctx)
	}
	if a.hunt {
		before, after := v.res.wholes.Reach()
		r.Before, r.After = max(r.Before, before, sweep.MaxForm), max(r.After, after, sweep.MaxForm)
	}
	// The first round of the hunt shares its reading with the detectors.
	for round := range max(1, v.res.set.Rounds()) {
		if a.hunt {
			v.res.load(round)
			r.Examine = func(_ int, w reel.Window) error { left.hunt(v.res, v.l, w, round); return nil }
			if round == 0 {
				r.Examine = func(worker int, w reel.Window) error { left.hunt(v.res, v.l, w, 0); return detect(worker, w) }
			}
		} else if round > 0 {
			break
		}
		if err := whole(); err != nil {
			return err
		}
	}
	left.certain = true
	defer func() { left.certain = false }()
	r.Examine = detect
	return r.Lies(ctx)
}

// residue remembers the first secret left, by offset.
type residue struct {
	exempt  *exemptions
	certain bool // leave out what is not, as the scan did

	mu       sync.Mutex
	spans    []layout.Span // where it lies and all others do, unless there are too many
	lost     bool          // of one it is not known, or there are
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

func (r *residue) detect(s *search.Searcher, p policy.Policy, w reel.Window) {
	s.Search(w.Search(), func(f search.Found) {
		if r.certain {
			if f = borneOut(f, w.Data); !certain(f.Match) || len(f.Redact)+len(f.Remote) == 0 {
				return
			}
		}
		if !f.Public && !statistical(s.Spec(f.Detector).ID) && p.Removes(f.Confidence, s.Spec(f.Detector).ID, f.Kind) && !r.exempts(s, w, f) {
			r.note(w.Hull(f).Off, s.Spec(f.Detector).ID, f.Kind)
			if len(f.Remote) == 0 {
				r.bare(w.Spans(f.Redact...))
			} else {
				r.bare(nil)
			}
		}
	})
}

// maxBared bounds how much of what was laid bare is remembered, in spans.
const maxBared = 1 << 14

// bare notes where a secret lies that is left.
func (r *residue) bare(spans []layout.Span) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(spans) == 0 || len(r.spans)+len(spans) > maxBared {
		r.lost = true
		return
	}
	r.spans = append(r.spans, spans...)
}

// exempts reports whether f stays by intent.
func (r *residue) exempts(s *search.Searcher, w reel.Window, f search.Found) bool {
	said, _ := r.exempt.judge(s.Spec(f.Detector).ID, w.Spans(f.Redact...), &f.Match, identityOf(f, w.Data))
	return said.has(exempt)
}

func (r *residue) hunt(res *Result, l *layout.Layout, w reel.Window, round int) {
	for _, p := range res.look(nil, l, w, round) {
		if res.kept.within(p.spans) {
			continue
		}
		r.note(p.spans[0].Off, HuntDetector, res.kindOf(p.hit.Secret))
		r.bare(p.spans)
	}
}

func (r *residue) err() error {
	if !r.found {
		return nil
	}
	err := fmt.Errorf("%w: %s by %s at offset %d", ErrResidue, r.kind, r.detector, r.off)
	if r.lost || len(r.spans) == 0 {
		return err
	}
	return &bared{err, r.spans}
}
