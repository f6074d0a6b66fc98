// The types that a loaded rule file consists of.

package rule

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Options say what a rule file may refer to.
type Options struct {
	// Prefix goes before the ids of the rules, so that they differ from those of
	// built-in detectors: "rules/".
	Prefix string
	// Default is the catalogue that useDefault extends, in the same form. Its
	// detectors are built in: only what a file changes of it is loaded.
	Default []byte
	// Read returns a file that is extended by its path.
	Read func(path string) ([]byte, error)
	// Strict refuses rules without an anchor, for files whose authors can help it.
	Strict bool
}

// Set is a loaded rule file. It is immutable.
type Set struct {
	Rules []*Rule
	// Ignored are the ids of the rules that find nothing in memory: those that
	// match names of files.
	Ignored []string
	// Warnings say, a line each, what of the file is not evaluated.
	Warnings []string
}

// Rule is a rule ready to run. It is immutable and may be used from several
// goroutines at once.
type Rule struct {
	ID          string // with the prefix
	Kind        string
	Description string
	Tags        []string
	Confidence  probe.Confidence // without a validator's verdict
	Chance      Chance
	// Glue says that letters glued to either side do not hide the token.
	Glue bool
	// Filters says that no literal of three characters stands in every match, so
	// that the rule looks for runs of characters instead.
	Filters bool
	// Hidden rules report nothing: others require them.
	Hidden          bool
	Examples        []string
	Counterexamples []string

	spec probe.Spec
	// loose says that what matches but for its borders may be a token: see [Set.Glued].
	loose bool

	ready   atomic.Pointer[code]
	once    sync.Once
	compile func() *code // what ready is made by, if it was not at first
}

// code returns the rule compiled.
func (r *Rule) code() *code {
	if c := r.ready.Load(); c != nil {
		return c
	}
	r.once.Do(func() { r.ready.Store(r.compile()) })
	return r.ready.Load()
}

// Parse reads a rule file. It fails, naming the rule, when one cannot be used.
func Parse(data []byte, o Options) (*Set, error) {
	f, warnings, err := readFile(data, o, 0)
	if err != nil {
		return nil, err
	}
	b := builder{file: f, options: o, set: &Set{Warnings: warnings}, codes: map[string]*code{}}
	if err := b.build(); err != nil {
		return nil, err
	}
	return b.set, nil
}

// Detectors returns the detectors of the rules that report.
func (s *Set) Detectors() []probe.Detector {
	var ds []probe.Detector
	for _, r := range s.Rules {
		if !r.Hidden {
			ds = append(ds, r.Detector())
		}
	}
	return ds
}

// Detector returns the detector of r.
func (r *Rule) Detector() probe.Detector {
	if r.Filters {
		return filtering{anchored{r}}
	}
	return anchored{r}
}

// describe says of a rule that is compiled what the engine must know.
func (r *Rule) describe() {
	c := r.code()
	r.spec = probe.Spec{
		ID: r.ID, About: r.Description, Kinds: []string{r.Kind}, Text: !r.Filters, Fold: c.fold, Anchors: c.anchors,
		Before: c.before, After: c.after, Revision: revise(c.digest(), c.requires),
	}
	if r.Filters {
		r.spec.Before, r.spec.After = 2*c.before, 2*c.after // in bytes, for UTF-16
	}
	r.loose = !r.Hidden && !r.Filters && (c.left || c.right) && c.least <= maxGlued && c.confidence > probe.Possible
}

// revise returns a digest of everything that decides what a rule finds.
func revise(parts ...any) string {
	h := sha256.New()
	for _, p := range parts {
		// The parts are plain values of the rule file: they cannot fail.
		data, err := json.Marshal(p)
		fmt.Fprintln(h, string(data), err)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
