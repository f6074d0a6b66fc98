package search

import (
	"fmt"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/survey"
)

// gate is a probe.Gate and the filters that it stands before.
type gate struct {
	probe.Gate
	filters []filter
}

// addGated enters a filter that stands behind a gate.
func (s *Searcher) addGated(f filter, g probe.Gate, spec probe.Spec) error {
	f.words, _ = f.Filter.(probe.WordFilter)
	if g == (probe.Gate{}) {
		s.blocks = append(s.blocks, f)
		return nil
	}
	if !survey.Possible(g) {
		return fmt.Errorf("detector %q: no such gate", spec.ID)
	}
	if least := survey.Reach(g); spec.Before < least || spec.After < least {
		return fmt.Errorf("detector %q: its gate is farther than its reach", spec.ID)
	}
	i := slices.IndexFunc(s.gates, func(o gate) bool { return o.Gate == g })
	if i < 0 {
		i = len(s.gates)
		s.gates = append(s.gates, gate{Gate: g})
	}
	s.gates[i].filters = append(s.gates[i].filters, f)
	return nil
}

// gated runs the filters that have gates over the beginning, up to hi, of the block at hand.
func (l *look) gated(hi int) {
	b := &l.survey
	for k := range l.s.blocks {
		f := &l.s.blocks[k]
		l.det = f.det
		f.Filter.Filter(b.Data, b.Base, b.Lo, hi, l.candidate)
	}
	if len(l.s.gates) == 0 {
		return
	}
	b.Randomness(hi)
	for i := range l.s.gates {
		l.gate = &l.s.gates[i]
		b.Left(l.gate.Gate, hi, l.behind)
	}
}

// left runs the filters behind the gate at hand over [lo, hi), which it leaves.
func (l *look) left(lo, hi int) {
	b := &l.survey
	for k := range l.gate.filters {
		f := &l.gate.filters[k]
		if l.det = f.det; f.words != nil {
			f.words.FilterWords(b.Data, &b.Words, lo, hi, l.candidate)
			continue
		}
		f.Filter.Filter(b.Data, b.Base, lo, hi, l.candidate)
	}
}
