package policy

import (
	"fmt"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Policy says what is removed. The zero Policy redacts every finding.
type Policy struct {
	Name string // a built-in name, or that of a file with its digest behind it
	base string
	min  probe.Confidence // findings of a lower confidence stay in place
	// minimize removes all that a debugger does not need, see package minimize.
	minimize bool
	wipe     Wipe
	// What a file says of detectors and kinds: whether their findings go.
	detectors, kinds map[string]bool
}

// The names of the built-in policies.
const (
	standard = "standard"
	strict   = "strict"
	minimize = "minimize"
)

// Names returns the names of the built-in policies.
func Names() []string { return []string{standard, strict, minimize} }

// Standard removes confirmed and likely secrets.
func Standard() Policy {
	return Policy{Name: standard, base: standard, min: probe.Likely, wipe: Wipe{Vectors: true, DeadStack: true}}
}

// Strict removes possible secrets too.
func Strict() Policy {
	return Policy{Name: strict, base: strict, min: probe.Possible, wipe: Wipe{Vectors: true, DeadStack: true, Free: true}}
}

// Minimize removes what strict does, and from copies everything that a debugger
// does not need for frames and the shape of data.
func Minimize() Policy {
	p := Strict()
	p.Name, p.base, p.minimize = minimize, minimize, true
	return p
}

// Wipe returns what the policy removes from copies wherever it is not told
// otherwise.
func (p Policy) Wipe() Wipe { return p.wipe }

// Builtin returns the built-in policy of that name.
func Builtin(name string) (Policy, error) {
	switch name {
	case "", standard:
		return Standard(), nil
	case strict:
		return Strict(), nil
	case minimize:
		return Minimize(), nil
	}
	return Policy{}, fmt.Errorf("unknown policy %q: want standard, strict, minimize or a file", name)
}

// KeepsTestKeys reports whether published test keys stay.
func (p Policy) KeepsTestKeys() bool { return p.base == "" || p.base == standard }

// Minimizes reports whether all goes from copies that a debugger does not need.
func (p Policy) Minimizes() bool { return p.minimize }

// override returns what a policy file says of findings of a kind by a detector.
// Where it says one thing of the kind and another of the detector, they go.
func (p Policy) override(detector, kind string) (redact, said bool) {
	a, ok := p.detectors[detector]
	b, also := p.kinds[kind]
	return a && ok || b && also, ok || also
}

// Keeps reports whether a policy file keeps findings of a kind by a detector.
func (p Policy) Keeps(detector, kind string) bool {
	redact, said := p.override(detector, kind)
	return said && !redact
}

// Removes reports whether findings of confidence c are redacted.
func (p Policy) Removes(c probe.Confidence, detector, kind string) bool {
	if redact, said := p.override(detector, kind); said {
		return redact
	}
	return c >= p.min
}
