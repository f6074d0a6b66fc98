package rule

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/textrun"
	"github.com/dumpscrub/dumpscrub/detect/wordlike"
)

// anchored is the detector of a rule with anchors.
type anchored struct{ *Rule }

func (d anchored) Spec() probe.Spec { return d.spec }

func (d anchored) Detect(v probe.View, emit func(probe.Match)) {
	t, at := probe.TextOf(v)
	c := d.code()
	if !c.plausible(v.Data, v.At, v.Wide) {
		return
	}
	found := func(h hit) { c.emit(v, t, h, emit) }
	if !c.search(v, t, at, at-c.preMax, at-c.preMin, at+c.postMax, found) && c.open {
		c.runOn(v, t, at, found)
	}
}

// runOn looks for a match that has its border at the left and none at the right: it is as
// long as a match can be. Where text behind it is another secret, which will be cut out,
// nobody shall find in the copy what was not found here.
func (c *code) runOn(v probe.View, t probe.Text, at int, found func(hit)) {
	first, last := at-c.preMax, at-c.preMin
	run := textrun.Within(v, t, at, first-1, at+c.postMax)
	if run.Start == run.End || last < run.Start {
		return
	}
	first = max(first, run.Start)
	w := takeWindow(t, run)
	defer w.release()
	for range maxTries {
		if first > last {
			return
		}
		loc := c.bare().FindSubmatchIndex(w.text[first-run.Start:])
		if loc == nil || first+loc[2] > last {
			return
		}
		h := hit{start: first + loc[2], end: first + loc[3], run: run}
		if !(c.left && h.start > run.Start && c.glued(w.at(run, h.start-1))) && h.end > at {
			if h.secret, h.stop = c.secretOf(loc, first); h.stop > h.secret && c.accept(w, h) && !c.wordy(w, h) {
				found(h)
			}
			return
		}
		first = h.start + 1
	}
}

// glued reports whether character b before a match glues it to other text.
func (c *code) glued(b byte) bool { return b != probe.NotASCII && c.leftLetters.has(b) }

// hit is a match as characters of a text.
type hit struct {
	start, end   int // the match without its borders
	secret, stop int // the secret
	run          textrun.Run
	cut          bool // the secret ends where a length word says
}

// search looks for the leftmost match that begins in [first, last], holds the
// character at, and ends at most at end.
func (c *code) search(v probe.View, t probe.Text, at, first, last, end int, found func(hit)) bool {
	lo := min(first-c.leadMax-1, at-(headerReach-48))
	cut := c.cut(v, t, at, end)
	run := textrun.Within(v, t, at, lo, min(end, cut)+staleReach)
	if run.Start == run.End {
		return false
	}
	if cut < end && run.End == cut+staleReach {
		run.Stop = run.End // where the run ends is not known, nor needed
	}
	w := takeWindow(t, run)
	defer w.release()
	if c.right && run.End == end+staleReach && (run.Stop <= at || run.Stop == run.End) && c.endless(w.text[at-run.Start:end+1-run.Start]) {
		return false
	}
	if c.postMax+c.preMax > shortMatch && !possible(c.musts(), w.lower()) {
		return false
	}
	if run.Stop > at && run.Stop < run.End && c.searchTo(w, run, run.Stop, at, first, last, found) {
		return true
	}
	return c.searchTo(w, run, run.End, at, first, last, found)
}

// endless reports whether a text is all of the token's alphabet, so that no match
// has its border in it. Counting that far is what a pattern is slowest at.
func (c *code) endless(text []byte) bool {
	for _, b := range text {
		if !c.letters.has(b) {
			return false
		}
	}
	return true
}

// cut returns behind which character no match of the anchor at character at lies:
// behind the line end after the last that a match can hold, or end.
func (c *code) cut(v probe.View, t probe.Text, at, end int) int {
	if c.lines > maxLines || t.Wide() {
		return end
	}
	k, end := at, min(end, len(v.Data))
	for range c.lines + 1 {
		if k >= end {
			return end
		}
		i := bytes.IndexByte(v.Data[k:end], '\n')
		if i < 0 {
			return end
		}
		k += i + 1
	}
	return k
}

// shortMatch is up to which length of a match looking for its literals first does
// not pay.
const shortMatch = 100

// maxTries bounds how many matches of a window are looked at for the one that
// holds the anchor.
const maxTries = 16

func (c *code) searchTo(w *window, run textrun.Run, end, at, first, last int, found func(hit)) bool {
	first = max(first, run.Start)
	for range maxTries {
		if first > last || first >= end {
			return false
		}
		loc := c.regexp().FindSubmatchIndex(w.text[first-run.Start : end-run.Start])
		if loc == nil || first+loc[2] > last {
			return false
		}
		h := hit{start: first + loc[2], end: first + loc[3], run: run, cut: end < run.End}
		joined := c.left && h.start > run.Start && c.glued(w.at(run, h.start-1))
		if !joined && h.end > at {
			if h.secret, h.stop = c.secretOf(loc, first); h.stop > h.secret {
				if ok := c.accept(w, h) && !c.wordy(w, h); ok {
					found(h)
					return true
				}
				return false
			}
		}
		first = h.start + 1
	}
	return false
}

// wordy reports whether a match with letters right before it is a piece of an
// identifier: symbol tables hold many that contain the prefix of some token. Patterns that
// take characters before the match proper know of a name there.
func (c *code) wordy(w *window, h hit) bool {
	if c.preMax > 0 || c.leadMax > 0 || h.start == h.run.Start {
		return false
	}
	if b := w.at(h.run, h.start-1); !wordByte(b) && b != '_' {
		return false
	}
	secret := w.slice(h.run, h.secret, h.stop)
	// One random token in 10^5 is as much like words.
	return 4*wordlike.Disorder(secret) < -len(secret)
}

// secretOf returns the range of the secret in a match: the stated group, else the
// first that is not empty, else all.
func (c *code) secretOf(loc []int, base int) (start, end int) {
	// Group 1 is the whole; the pattern's own groups follow.
	if c.group > 0 {
		k := 2 * (c.group + 1)
		if loc[k] < 0 {
			return 0, 0
		}
		return base + loc[k], base + loc[k+1]
	}
	for k := 4; k+1 < len(loc); k += 2 {
		if loc[k] >= 0 && loc[k+1] > loc[k] {
			return base + loc[k], base + loc[k+1]
		}
	}
	return base + loc[2], base + loc[3]
}

// emit reports h, with the stale characters behind it when a length word ends it.
func (c *code) emit(v probe.View, t probe.Text, h hit, emit func(probe.Match)) {
	named := len(c.keywords) == 0 || hasWord(t, h.start-KeywordReach, h.end+KeywordReach, c.keywords)
	if !named && c.filter {
		return
	}
	secret := t.Append(make([]byte, 0, h.stop-h.secret), h.secret, h.stop)
	m := probe.Match{
		Kind: c.kind, Encoding: t.Encoding(probe.ASCII), Confidence: c.judge(v, t, h, secret),
		Text: true, Wide: t.Wide(), Identity: secret,
	}
	if !named {
		m.Confidence = probe.Possible
	}
	redact := t.Range(h.secret, h.stop)
	m.Range = t.Range(h.start, max(h.end, h.stop))
	if h.cut && h.stop == h.run.Stop {
		redact.End = t.Range(h.run.End, h.run.End).Start
		m.End = redact.End
	}
	m.Redact = []probe.Range{redact}
	emit(m)
}
