package scrub

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/allow"
	"github.com/dumpscrub/dumpscrub/scrub/policy"
	"github.com/dumpscrub/dumpscrub/scrub/terms"
	"github.com/dumpscrub/dumpscrub/scrub/testkey"
)

// exemptions say which findings stay although they are sure enough to go.
type exemptions struct {
	rules    *allow.Rules
	policy   policy.Policy
	testKeys bool // published test keys stay
	l        *layout.Layout
}

func newExemptions(set *Settings, l *layout.Layout) *exemptions {
	return &exemptions{rules: set.Allow, policy: set.Policy, testKeys: set.Policy.KeepsTestKeys(), l: l}
}

// judge returns what is said of a finding, whose secret has this identity, and what
// allowlists call that secret, which is empty without their key.
func (e *exemptions) judge(detector string, spans []layout.Span, m *probe.Match, identity []byte) (said marks, mac string) {
	if e == nil {
		return 0, ""
	}
	if isTestKey(m, identity) {
		said |= testKey
	}
	if e.rules != nil {
		mac = e.rules.HMAC(identity)
		if e.rules.Allows(allow.Finding{Kind: m.Kind, Detector: detector, Regions: e.regions(spans), HMAC: mac}) {
			said |= allowed
		}
	}
	if e.policy.Keeps(detector, m.Kind) {
		said |= kept
	}
	if said.has(allowed) || said.has(kept) || said.has(testKey) && e.testKeys {
		said |= exempt
	}
	return said, mac
}

// isTestKey reports whether m is a published test key. What is only a token is
// none: its identity is text that anybody may choose.
func isTestKey(m *probe.Match, identity []byte) bool {
	if m.Text && m.SPKI == nil && !terms.Structured(m) {
		return false
	}
	return testkey.Known(identity)
}

// regions returns the regions that spans lie in, as allowlists name them.
func (e *exemptions) regions(spans []layout.Span) []string {
	var out []string
	for _, s := range spans {
		for i := e.l.At(s.Off); i < len(e.l.Regions) && e.l.Regions[i].Off < s.End(); i++ {
			name := e.l.Regions[i].Kind.String() + "/" + e.l.Regions[i].Name
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}
