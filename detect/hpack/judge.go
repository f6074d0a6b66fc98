package hpack

import (
	"bytes"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// core is what the detectors share. It is immutable.
type core struct {
	inner *search.Searcher
	kinds []string
}

// filled is how many octets of a string are the fill when it was redacted.
const filled = 4

// judge searches the value of f in v and emits what is likely a secret there. found, if not
// nil, says of the value's text whether it is worth a search.
func (c *core) judge(v probe.View, f field, found func(t text) bool, emit func(probe.Match)) {
	p := v.Data[f.value.start:f.value.end]
	if n := len(p); n < filled || probe.Filled(p[n-filled:]) {
		return
	}
	name, ok := f.nameOf(v.Data)
	if !ok {
		return
	}
	t := text{chars: p}
	if f.value.huffman {
		if t, ok = decode(p); !ok {
			return
		}
		defer clear(t.chars)
	}
	if found != nil && !found(t) {
		return
	}
	line := make([]byte, 0, len(name)+len(t.chars)+4)
	if name != "" {
		line = append(append(line, name...), ": "...)
	}
	lead := len(name)
	if lead > 0 {
		lead += len(": ")
	}
	line = append(append(line, t.chars...), "\r\n"...)
	defer clear(line)
	c.inner.Search(search.Window{Data: line, Hi: len(line)}, func(m search.Found) {
		if m.Public || m.Wide || m.Confidence < probe.Likely || len(m.Redact) == 0 {
			return
		}
		first := max(0, m.Redact[0].Start-lead)
		last := min(m.Redact[len(m.Redact)-1].End-lead, len(t.chars))
		if first >= last {
			return
		}
		c.emit(f, t, m, first, last, line, emit)
	})
}

// emit emits m, of which the secret begins with character first of the value of f and
// ends before last.
func (c *core) emit(f field, t text, m search.Found, first, last int, line []byte, emit func(probe.Match)) {
	out := probe.Match{Kind: m.Kind, Confidence: m.Confidence, Identity: m.Identity, HMAC: m.HMAC, Range: probe.Range{Start: f.start, End: f.end}}
	var own []byte
	if len(out.Identity) == 0 {
		for _, r := range m.Redact {
			own = append(own, line[r.Start:r.End]...)
		}
		out.Identity = own
	}
	if f.value.huffman {
		out.Encoding = probe.Huffman
		end := f.value.end
		if last < len(t.bit) {
			end = f.value.start + (t.bit[last]+7)/8
		}
		// The secret comes first, for it is hunted for, and what is cut off with it is not.
		out.Redact = []probe.Range{{Start: f.value.start + t.bit[first]/8, End: end}}
		if end < f.value.end {
			out.Redact = append(out.Redact, probe.Range{Start: end, End: f.value.end})
		}
	} else {
		out.Encoding, out.Text = m.Encoding, true
		out.Redact = []probe.Range{{Start: f.value.start + first, End: f.value.start + last}}
	}
	emit(out)
	clear(own)
}

// cookies reports whether t is pairs of names and values, or one pair and attributes (RFC 6265,
// section 4), and one of the names is that of a session.
func (t text) cookies() bool {
	session := false
	for k, pair := range bytes.Split(t.chars, []byte("; ")) {
		name, value, ok := bytes.Cut(pair, []byte("="))
		if !ok && k == 0 || bytes.ContainsFunc(name, notInName) || bytes.ContainsAny(value, `;"\`) {
			return false
		}
		if k > 0 && bytes.EqualFold(name, []byte("expires")) {
			continue // its value has blanks
		}
		if bytes.IndexByte(value, ' ') >= 0 {
			return false
		}
		for _, w := range sessionNames {
			session = session || bytes.Contains(pair[:min(len(pair), len(name)+1)], []byte(w))
		}
	}
	return session
}

// query reports whether t is a reference with a query: RFC 3986, section 4.1.
func (t text) query() bool {
	if !bytes.HasPrefix(t.chars, []byte("/")) && !bytes.HasPrefix(t.chars, []byte("http")) {
		return false
	}
	return bytes.ContainsAny(t.chars, "?#") && !bytes.ContainsAny(t.chars, " \"<>\\^`{|}")
}

// notInName reports whether r stands in no name of a cookie in use.
func notInName(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-.!~:%", r))
}
