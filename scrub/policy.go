package scrub

import (
	"fmt"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Policy says what is removed. The zero Policy is the standard one.
type Policy struct {
	Name string
	// KeepPossible leaves findings of the lowest confidence in place. Standard
	// does, strict does not.
	min probe.Confidence
}

// Standard removes confirmed and likely secrets.
func Standard() Policy { return Policy{Name: "standard", min: probe.Likely} }

// Strict removes possible secrets too.
func Strict() Policy { return Policy{Name: "strict", min: probe.Possible} }

// Wipe returns what the policy removes from copies wherever it is not told
// otherwise.
func (p Policy) Wipe() Wipe {
	return Wipe{Vectors: true, DeadStack: true, Free: p.min == probe.Possible}
}

// ParsePolicy returns the policy of that name.
func ParsePolicy(name string) (Policy, error) {
	switch name {
	case "", "standard":
		return Standard(), nil
	case "strict":
		return Strict(), nil
	}
	return Policy{}, fmt.Errorf("unknown policy %q: want standard or strict", name)
}

// keepsTestKeys reports whether published test keys stay.
func (p Policy) keepsTestKeys() bool { return p.Name == "" || p.Name == Standard().Name }

// removes reports whether findings of confidence c are redacted.
func (p Policy) removes(c probe.Confidence) bool { return c >= p.min }
