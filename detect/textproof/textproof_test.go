package textproof

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

func widen(p []byte) (out []byte) {
	for _, c := range p {
		out = append(out, c, 0)
	}
	return out
}

// TestCandidates holds that a string or word is tried with the ends that quotes, separators, terminators and
// lengths give it, in both widths, and that the rest of a word is none.
func TestCandidates(t *testing.T) {
	const secret = "correct horse-7"
	word := []byte("hunter2hunter2")
	length := func(n int, between int) string {
		return string(append(binary.LittleEndian.AppendUint64(nil, uint64(n)), make([]byte, between)...))
	}
	for _, c := range []struct {
		name, before, after string
		text                string
		want                bool
	}{
		{"alone", "\x00", "\x00", secret, true},
		{"in quotes", `x"`, `"y`, secret, true},
		{"in other quotes", `x"`, `'y`, secret, false},
		{"behind a length", "\x01\x02" + length(len(secret), 0), "glued", secret, true},
		{"behind CPython's length and hash", "\x01\x02" + length(len(secret), 8), "glued", secret, true},
		{"behind another length", "\x01\x02" + length(len(secret)+1, 0), "glued", secret, false},
		{"as a value", "key=", "&next=1", string(word), true},
		{"as a member", "{", "}", string(word), true},
		{"among words", "the word ", " is it", string(word), true},
		{"within a word", "x", "\x00", string(word), false},
		{"with a longer end", "\x00", "x\x00", string(word), false},
		{"too short", "\x00", "\x00", "hunter2", false},
	} {
		for _, wide := range []bool{false, true} {
			d := New(probe.Spec{ID: "test", Kinds: []string{"password"}}, wide, Plain("password", func(p []byte) bool {
				return string(p) == c.text
			}))
			s, err := search.New([]probe.Detector{d})
			if err != nil {
				t.Fatal(err)
			}
			data := []byte("\xff\xfe" + c.before + c.text + c.after + "\xff\xfe")
			if wide {
				before := []byte(c.before)
				if bytes.IndexByte(before, 1) < 0 { // no header
					before = widen(before)
				}
				data = append([]byte("\xff\xff\xfe\xff"), before...)
				data = append(append(data, widen([]byte(c.text+c.after))...), 0xff, 0xff, 0xfe, 0xff)
			}
			fs := probetest.Matches(s, data, len(data))
			if (len(fs) > 0) != c.want {
				t.Errorf("%s, wide %v: %d matches", c.name, wide, len(fs))
			}
			for _, f := range fs {
				if string(f.Identity) != c.text || f.Wide != wide {
					t.Errorf("%s, wide %v: %q", c.name, wide, f.Identity)
				}
			}
		}
	}
}
