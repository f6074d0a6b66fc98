package rule

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Summary is what must be known of a rule before its anchor is met. Summaries of a catalogue that
// does not change are made ahead, for to read hundreds of rules takes longer than to scan a small dump.
type Summary struct {
	Spec       probe.Spec
	Loose      bool // see Rule.loose
	Start, End int  // where the definition stands in the file, in bytes
}

// heading begins a definition in a catalogue with summaries.
const heading = "[[rules]]\n"

// Summaries returns the summaries of a catalogue's rules, in its order. It fails for what a
// definition alone does not say: rules that require others or of which allowlists are kept elsewhere,
// rules without an anchor, and hidden ones.
func Summaries(catalogue string) ([]Summary, error) {
	f, _, err := readFile([]byte(catalogue), Options{}, 0)
	if err != nil {
		return nil, err
	}
	set, err := Parse([]byte(catalogue), Options{Strict: true})
	if err != nil {
		return nil, err
	}
	if f.Extend.Path != "" || f.Extend.UseDefault || slices.ContainsFunc(f.Allowlists, func(a allowDefinition) bool { return len(a.TargetRules) > 0 }) {
		return nil, fmt.Errorf("a catalogue with summaries neither extends a file nor has allowlists for some rules")
	}
	starts := headings(catalogue)
	if len(starts) != len(f.Rules) || len(set.Rules) != len(f.Rules) {
		return nil, fmt.Errorf("%d lines %q for %d definitions of %d rules", len(starts), heading, len(f.Rules), len(set.Rules))
	}
	ss := make([]Summary, len(starts))
	for i, r := range set.Rules {
		s := Summary{r.spec, r.loose, starts[i], len(catalogue)}
		if i+1 < len(starts) {
			s.End = starts[i+1]
		}
		g, _, err := readFile([]byte(catalogue[s.Start:s.End]), Options{}, 0)
		if err != nil || !reflect.DeepEqual(g.Rules, f.Rules[i:i+1]) {
			return nil, fmt.Errorf("rule %q cannot be read alone: %v", r.ID, err)
		}
		if r.Hidden || r.Filters || len(f.Rules[i].Required) > 0 {
			return nil, fmt.Errorf("rule %q is hidden, has no anchor or requires another", r.ID)
		}
		ss[i] = s
	}
	return ss, nil
}

// headings returns where definitions begin.
func headings(catalogue string) (at []int) {
	for i := 0; ; {
		k := strings.Index(catalogue[i:], "\n"+heading)
		if k < 0 {
			return at
		}
		i += k + 1
		at = append(at, i)
	}
}

// Summarized returns the rules of a catalogue by their summaries. A rule is read when its anchor
// is first met. Nothing but detectors may be asked of the set: its rules have no examples and no chances.
func Summarized(catalogue string, ss []Summary) *Set {
	rest := sync.OnceValue(func() builder {
		end := len(catalogue)
		if len(ss) > 0 {
			end = ss[0].Start
		}
		return must1(restOf(catalogue[:end]))
	})
	set := &Set{Rules: make([]*Rule, len(ss))}
	for i := range ss {
		s := &ss[i]
		r := &Rule{ID: s.Spec.ID, Kind: s.Spec.Kinds[0], Description: s.Spec.About, spec: s.Spec, loose: s.Loose}
		r.compile = func() *code { return must1(rest().alone(catalogue[s.Start:s.End])) }
		set.Rules[i] = r
	}
	return set
}

// must1 panics for a catalogue that its tests have read.
func must1[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Sprintf("rule: a catalogue with summaries: %v", err))
	}
	return v
}

// restOf reads what stands before the first definition of a catalogue.
func restOf(text string) (builder, error) {
	f, _, err := readFile([]byte(text), Options{}, 0)
	if err != nil {
		return builder{}, err
	}
	b := builder{file: f, options: Options{Strict: true}}
	if err := b.allowlists(); err != nil {
		return b, err
	}
	b.compiled, err = compileAllows(b.global)
	return b, err
}

// alone compiles one definition of the file that b has read the rest of.
func (b builder) alone(definition string) (*code, error) {
	f, _, err := readFile([]byte(definition), Options{}, 0)
	if err != nil {
		return nil, err
	}
	b.set, b.codes = &Set{}, map[string]*code{}
	if err := b.add(&f.Rules[0]); err != nil {
		return nil, err
	}
	return b.set.Rules[0].code(), nil
}
