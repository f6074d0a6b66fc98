package rule

import (
	"bytes"
	"math"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/textrun"
	"github.com/dumpscrub/dumpscrub/detect/tokens/validate"
)

// accept applies what the rule says of the secret beside its pattern.
func (c *code) accept(w *window, h hit) bool {
	secret := w.slice(h.run, h.secret, h.stop)
	if redacted(secret) {
		return false
	}
	if c.entropy > 0 && entropy(secret) <= c.entropy {
		return false
	}
	if c.digits && !bytes.ContainsAny(secret, "0123456789") {
		return false
	}
	if len(c.allows) == 0 && len(c.filters) == 0 {
		return true
	}
	f := c.finding(w, h)
	for i := range c.allows {
		if c.allows[i].allows(f) {
			return false
		}
	}
	for _, x := range c.filters {
		if x.eval(f) == yes {
			return false
		}
	}
	return true
}

// finding is what allowlists and filters look at.
type finding struct{ secret, match, line []byte }

// finding returns the secret, the match with the optional characters before it,
// and the line around it as far as the window has it.
func (c *code) finding(w *window, h hit) finding {
	start := h.start
	for start > h.run.Start && h.start-start < c.leadMax && c.lead.has(w.at(h.run, start-1)) {
		start--
	}
	f := finding{secret: w.slice(h.run, h.secret, h.stop), match: w.slice(h.run, start, h.end)}
	text := w.text
	lo, hi := start-h.run.Start, h.end-h.run.Start
	if i := bytes.LastIndexByte(text[:lo], '\n'); i >= 0 {
		lo = i + 1
	} else {
		lo = 0
	}
	if i := bytes.IndexByte(text[hi:], '\n'); i >= 0 {
		hi += i
	} else {
		hi = len(text)
	}
	f.line = text[lo:hi]
	return f
}

// redacted reports whether a secret is what stands in place of one.
func redacted(secret []byte) bool {
	return bytes.Contains(secret, []byte(probe.TagOpen)) || bytes.HasPrefix([]byte(probe.TagOpen), secret) ||
		len(bytes.Trim(secret, "*")) == 0
}

// entropy returns Shannon's entropy of p in bits a character.
func entropy(p []byte) float64 {
	var n [256]int
	for _, b := range p {
		n[b]++
	}
	sum := 0.0
	for _, k := range n {
		if k > 0 {
			q := float64(k) / float64(len(p))
			sum -= q * math.Log2(q)
		}
	}
	return sum
}

// judge returns the confidence of a hit.
func (c *code) judge(v probe.View, t probe.Text, h hit, secret []byte) probe.Confidence {
	conf := c.confidence
	if !c.near(v, t, h) {
		conf = probe.Possible
	}
	if c.validate != nil && c.validate(secret) == validate.Valid {
		conf = probe.Confirmed
	}
	return conf
}

// near reports whether the rules that this one requires match around h.
func (c *code) near(v probe.View, t probe.Text, h hit) bool {
	for _, p := range c.partners {
		if !p.code.matches(v, t, h.start-p.near, h.end+p.near) {
			return false
		}
	}
	return true
}

// hasWord reports whether one of words, which are lower case, begins in [lo, hi)
// of t in either case.
func hasWord(t probe.Text, lo, hi int, words []string) bool {
	lo, hi = max(lo, 0), min(hi, t.Len())
	w := takeWindow(t, textrun.Run{Start: lo, End: max(lo, hi)})
	defer w.release()
	return slices.ContainsFunc(words, func(s string) bool { return bytes.Contains(w.lower(), []byte(s)) })
}

// matches reports whether the rule has a match whose anchor is in [lo, hi) of t.
func (c *code) matches(v probe.View, t probe.Text, lo, hi int) bool {
	lo, hi = max(lo, 0), min(hi, t.Len())
	if c.filter {
		found := false
		for at := lo; at < hi && !found; at++ {
			if c.run.set.has(t.At(at)) && (at == lo || !c.run.set.has(t.At(at-1))) {
				found = c.search(v, t, at, at-c.preMax, at-c.preMin, min(hi, at+c.postMax), func(hit) {})
			}
		}
		return found
	}
	text := t.Append(nil, lo, hi)
	if c.fold {
		text = appendLower(nil, text) // bytes.ToLower makes other bytes than ASCII longer
	}
	for _, a := range c.anchors {
		for at := 0; ; at++ {
			i := bytes.Index(text[at:], []byte(a))
			if i < 0 {
				break
			}
			at += i
			if k := lo + at; c.plausible(v.Data, t.Range(k, k).Start, t.Wide()) && c.search(v, t, k, k-c.preMax, k-c.preMin, k+c.postMax, func(hit) {}) {
				return true
			}
		}
	}
	return false
}
