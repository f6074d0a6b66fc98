package scrub

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/allow"
	"github.com/dumpscrub/dumpscrub/scrub/testkey"
)

// exemptions say which findings stay although they are sure enough to go.
type exemptions struct {
	rules    *allow.Rules
	policy   Policy
	testKeys bool // published test keys stay
	l        *layout.Layout
}

func newExemptions(set *Settings, l *layout.Layout) *exemptions {
	return &exemptions{rules: set.Allow, policy: set.Policy, testKeys: set.Policy.keepsTestKeys(), l: l}
}

// mark fills in what is said of a raw finding, whose secret has this identity.
func (e *exemptions) mark(r *raw, m *probe.Match, identity []byte) {
	if e == nil {
		return
	}
	r.TestKey = isTestKey(m, identity)
	if e.rules != nil {
		r.mac = e.rules.HMAC(identity)
		r.Allowed = e.rules.Allows(allow.Finding{
			Kind: r.Kind, Detector: r.Detector, Regions: e.regions(r.Spans), HMAC: r.mac,
		})
	}
	r.Kept = e.policy.keeps(r.Detector, r.Kind)
	r.exempt = r.Allowed || r.Kept || r.TestKey && e.testKeys
}

// isTestKey reports whether m is a published test key. What is only a token is
// none: its identity is text that anybody may choose.
func isTestKey(m *probe.Match, identity []byte) bool {
	if m.Text && m.SPKI == nil && !structured(m) {
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

// exempted returns a plan of what stays, which the hunt must leave alone too.
func exempted(raws []Finding) *Plan {
	var want []cut
	for i := range raws {
		if raws[i].exempt {
			for _, s := range raws[i].Spans {
				want = append(want, cut{Span: s})
			}
		}
	}
	return &Plan{cuts: flatten(want, make([]int, len(want)))}
}

// within reports whether every byte of spans is in the plan.
func (p *Plan) within(spans []layout.Span) bool {
	return p != nil && !slices.ContainsFunc(spans, func(s layout.Span) bool { return !p.covered(s) })
}
