package textrun

import (
	"encoding/binary"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

func around(data []byte, at int, wide bool) (Run, string) {
	v := probe.View{Data: data, At: at, Wide: wide}
	t, i := probe.TextOf(v)
	r := Within(v, t, i, 0, t.Len())
	return r, string(t.Append(nil, r.Start, r.Stop))
}

func TestWithin(t *testing.T) {
	for _, c := range []struct{ name, before, run, after string }{
		{"between NULs", "\x00\x00", "token=abc", "\x00"},
		{"between control characters", "\x01", "a\tb\r\nc", "\x7f"},
		{"whole view", "", "abc", ""},
		{"invalid UTF-8", "\xff", "abc", "\xc3"},
		{"C1 control", "\xc2\x85", "abc", "\xc2\x80"},
	} {
		data := []byte(c.before + c.run + c.after)
		for i := range len(c.run) {
			if _, got := around(data, len(c.before)+i, false); got != c.run {
				t.Errorf("%s: run around %d is %q", c.name, i, got)
			}
		}
	}
	if r, _ := around([]byte("\x00\xc3\xa4bc\xe2\x82\xac\x00"), 3, false); r.Start != 1 || r.End != 8 {
		t.Errorf("valid UTF-8 ends a run: %+v", r)
	}
	if r, _ := around([]byte("a\x00b"), 1, false); r.Start != r.End {
		t.Errorf("a NUL has a run: %+v", r)
	}
}

func TestWithinWide(t *testing.T) {
	text := probetest.Widen([]byte("password"))
	for parity := range 2 {
		data := append(make([]byte, 4+parity), text...)
		data = append(data, 0x3d, 0xd8, 0x00, 0xde, 0xe4, 0, 0, 0, 0x41, 0)
		r, _ := around(data, 4+parity+6, true)
		if r.End-r.Start != 11 {
			t.Errorf("parity %d: run of %d units, want 8 letters, a pair and an umlaut", parity, r.End-r.Start)
		}
		if got := data[4+parity : 6+parity]; got[0] != 'p' {
			t.Fatal("the case is wrong")
		}
	}
	lone := append(probetest.Widen([]byte("ab")), 0x3d, 0xd8, 'x', 0)
	if r, _ := around(lone, 0, true); r.End != 2 {
		t.Errorf("half a surrogate pair belongs to the run: %+v", r)
	}
}

func TestStop(t *testing.T) {
	le := binary.LittleEndian
	object := func(header int, length uint64, size, before int, body string, wide bool) ([]byte, int) {
		b := make([]byte, header)
		if size == 4 {
			le.PutUint32(b[header-before:], uint32(length))
		} else {
			le.PutUint64(b[header-before:], length)
		}
		if wide {
			return append(append(b, probetest.Widen([]byte(body))...), 1, 0, 0, 0), header
		}
		return append(append(b, body...), 1, 0, 0, 0, 0, 0, 0, 0), header
	}
	for _, c := range []struct {
		name           string
		header, before int
		length         uint64
		size           int
		body           string
		wide           bool
		want           string
	}{
		{"JVM byte[]", 16, 4, 9, 4, "token-abcSTALE", false, "token-abc"},
		{"JVM byte[] of UTF-16", 16, 4, 18, 4, "token-abcSTA", true, "token-abc"},
		{"JVM char[]", 16, 4, 9, 4, "token-abcSTA", true, "token-abc"},
		{"JVM byte[], wide header", 24, 8, 9, 4, "token-abcSTALE", false, "token-abc"},
		{"CPython bytes", 32, 16, 9, 8, "token-abcSTALE", false, "token-abc"},
		{"CPython 3.12 str", 40, 24, 9, 8, "token-abcSTALE", false, "token-abc"},
		{"CPython 3.11 str", 48, 32, 9, 8, "token-abcSTALE", false, "token-abc"},
		{"length of the whole run", 16, 4, 14, 4, "token-abcSTALE", false, "token-abcSTALE"},
		{"a number that is no length", 16, 4, 3, 4, "token-abcSTALE", false, "token-abcSTALE"},
		{"longer than the run", 16, 4, 99, 4, "token-abcSTALE", false, "token-abcSTALE"},
	} {
		data, at := object(c.header, c.length, c.size, c.before, c.body, c.wide)
		if _, got := around(data, at, c.wide); got != c.want {
			t.Errorf("%s: the string is %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzWithin(f *testing.F) {
	f.Add([]byte("\x04\x00\x00\x00abcdef\x00"), 5, false)
	f.Add([]byte("a\x00b\x00\x3d\xd8"), 2, true)
	f.Fuzz(func(t *testing.T, data []byte, at int, wide bool) {
		if at < 0 || at >= len(data) || wide && at+1 >= len(data) {
			return
		}
		r, _ := around(data, at, wide)
		if r.Start > r.Stop || r.Stop > r.End {
			t.Errorf("out of order: %+v", r)
		}
	})
}
