package context

import (
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/textmap"
)

// appTokens is the detector of access tokens that consist of the number of an
// application, a bar and its secret, as Facebook's do (Graph API, "Access Tokens"). No
// literal longer than the bar stands in them, so it filters for bars behind digits.
type appTokens struct{}

const (
	minAppID, maxAppID         = 15, 16 // digits
	minAppSecret, maxAppSecret = 27, 40
)

// NewAppToken returns the detector of access tokens of applications.
func NewAppToken() probe.Detector { return appTokens{} }

// Spec implements [probe.Detector].
func (appTokens) Spec() probe.Spec {
	return probe.Spec{
		ID: "app-access-token", About: "access tokens of an application's number and secret, as Facebook's",
		Kinds: []string{Token}, Before: 2 * (maxAppID + 1), After: 2 * (maxAppSecret + 2),
	}
}

// Depth implements [probe.Shallow].
func (appTokens) Depth() int { return 1 }

// Filter implements [probe.Filter].
func (d appTokens) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	textmap.Blocks(data, lo, hi, func(m textmap.Map, lo, hi int) { d.FilterText(data, base, m, lo, hi, hit) })
}

// FilterText implements [probe.TextFilter].
func (appTokens) FilterText(data []byte, _ int64, m textmap.Map, lo, hi int, hit func(i int)) {
	from, to := m.Span(lo, hi)
	for k, w := range m.Bars[from:to] {
		if w == 0 {
			continue
		}
		at := m.First + (from+k)*kernel.ClassBytes
		for w := textmap.Clip(w, at, lo, hi); w != 0; w &= w - 1 {
			i := at + bits.TrailingZeros64(w)
			if i >= minAppID && isDigit(data[i-1]) && isDigit(data[i-2]) ||
				i >= 2*minAppID && i+1 < len(data) && data[i+1] == 0 && data[i-1] == 0 && isDigit(data[i-2]) {
				hit(i)
			}
		}
	}
}

// Detect implements [probe.Detector].
func (appTokens) Detect(v probe.View, emit func(probe.Match)) {
	v.Wide = v.At+1 < len(v.Data) && v.Data[v.At+1] == 0
	t, at := textOf(v)
	start := at
	for at-start <= maxAppID && isDigit(t.At(start-1)) {
		start--
	}
	s := span{at + 1, run(t.Text, at+1, maxAppSecret+1, func(c byte) bool { return isAlnum(c) || c == '_' || c == '-' })}
	if n := at - start; n < minAppID || n > maxAppID || s.len() < minAppSecret || s.len() > maxAppSecret || gradeOf(t.Text, s, false) < random {
		return
	}
	found{kind: Token, confidence: probe.Likely, whole: span{start, s.end}, secret: s}.emitTo(t, func(m probe.Match) {
		m.Wide = v.Wide
		emit(m)
	})
}
