package rule

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// Failure is an example that a rule got wrong.
type Failure struct {
	Example  int    // index in Examples or Counterexamples
	Counter  bool   // it is a counterexample, and something was found
	Wrapping string // how it lay in memory
}

func (f Failure) String() string {
	if f.Counter {
		return fmt.Sprintf("counterexample %d is found (%s)", f.Example+1, f.Wrapping)
	}
	return fmt.Sprintf("example %d is not found (%s)", f.Example+1, f.Wrapping)
}

// wrapping is a way for a text to lie in memory.
type wrapping struct {
	name string
	wide bool
	glue bool // for rules whose tokens letters do not hide
	wrap func(text []byte) []byte
}

// plain is the first wrapping, by which it is learned where the secret is.
const plain = "between NULs"

// wrappings returns every way that examples are tried in.
func wrappings() []wrapping {
	ws := []wrapping{
		{plain, false, false, func(p []byte) []byte { return slices.Concat(make([]byte, 8), p, make([]byte, 8)) }},
		{"alone", false, false, slices.Clone[[]byte]},
		{"letters glued on", false, true, func(p []byte) []byte { return slices.Concat([]byte("\x00Zq"), p, []byte("Wz\x00")) }},
		{"UTF-16LE", true, false, func(p []byte) []byte { return slices.Concat(make([]byte, 8), p, make([]byte, 8)) }},
		{"UTF-16LE at odd parity", true, false, func(p []byte) []byte { return slices.Concat(make([]byte, 9), p, make([]byte, 8)) }},
	}
	for _, h := range []struct {
		name           string
		header, before int
		size           int
		wide           bool
		unit           int
	}{
		{"JVM byte[] with stale letters", 16, 4, 4, false, 1},
		{"JVM byte[] of UTF-16 with stale letters", 16, 4, 4, true, 1},
		{"JVM char[] with stale letters", 16, 4, 4, true, 2},
		{".NET string with stale letters", 12, 4, 4, true, 2},
		{"CPython str with stale letters", 40, 24, 8, false, 1},
	} {
		ws = append(ws, wrapping{h.name, h.wide, false, func(p []byte) []byte {
			b := make([]byte, h.header)
			n := uint64(len(p) / h.unit)
			if h.size == 8 {
				binary.LittleEndian.PutUint64(b[h.header-h.before:], n)
			} else {
				binary.LittleEndian.PutUint32(b[h.header-h.before:], uint32(n))
			}
			stale := []byte("a7Qz")
			if h.wide {
				stale = widen([]byte("a7"))
			}
			return slices.Concat(b, p, stale, make([]byte, 8))
		}})
	}
	return ws
}

func widen(p []byte) []byte {
	w := make([]byte, 0, 2*len(p))
	for _, b := range p {
		w = append(w, b, 0)
	}
	return w
}

// Test tries the examples of r in every wrapping and returns what went wrong.
func (r *Rule) Test() ([]Failure, error) {
	s, err := search.New([]probe.Detector{r.Detector()})
	if err != nil {
		return nil, err
	}
	var fs []Failure
	for i, text := range r.Examples {
		secret := secretIn(s, plainly(text))
		for _, w := range wrappings() {
			if w.glue && !r.Glue {
				continue
			}
			p, want := []byte(text), secret
			if w.wide {
				p, want = widen(p), widen(want)
			}
			if secret == nil || !covers(s, w.wrap(p), want) {
				fs = append(fs, Failure{i, false, w.name})
			}
		}
	}
	for i, text := range r.Counterexamples {
		for _, w := range wrappings()[:4] {
			p := []byte(text)
			if w.wide {
				p = widen(p)
			}
			if !w.glue && secretIn(s, w.wrap(p)) != nil {
				fs = append(fs, Failure{i, true, w.name})
			}
		}
	}
	return fs, nil
}

func plainly(text string) []byte { return wrappings()[0].wrap([]byte(text)) }

// secretIn returns the first secret that s finds in data, or nil.
func secretIn(s *search.Searcher, data []byte) (secret []byte) {
	each(s, data, func(p []byte) {
		if secret == nil {
			secret = slices.Clone(p)
		}
	})
	return secret
}

// covers reports whether s finds a secret in data that begins like want, holds it
// all, and has nothing behind it but what is less than eight bytes.
func covers(s *search.Searcher, data, want []byte) (found bool) {
	each(s, data, func(p []byte) {
		found = found || len(p) >= len(want) && len(p) < len(want)+8 && string(p[:len(want)]) == string(want)
	})
	return found
}

func each(s *search.Searcher, data []byte, f func(redacted []byte)) {
	s.Search(search.Window{Data: data, Hi: len(data)}, func(m search.Found) {
		for _, r := range m.Redact {
			f(data[r.Start:r.End])
		}
	})
}
