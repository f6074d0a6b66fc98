package livetext

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestKinds(t *testing.T) {
	const want = 40
	seen := map[string]bool{}
	for _, k := range Kinds() {
		a, b := k.Make(), k.Make()
		switch {
		case seen[k.Name]:
			t.Errorf("%s stands there twice", k.Name)
		case a.Secret == b.Secret:
			t.Errorf("%s is not fresh", k.Name)
		case !strings.Contains(a.Secret, a.Random):
			t.Errorf("%s: the random part is not in the secret", k.Name)
		case len(a.Random) < Least:
			t.Errorf("%s: %d random characters", k.Name, len(a.Random))
		}
		for i := 0; i+Least <= len(a.Random); i++ {
			if strings.Contains(b.Text(), a.Random[i:i+Least]) {
				t.Errorf("%s: what is called random is not", k.Name)
				break
			}
		}
		seen[k.Name] = true
	}
	if len(seen) != want {
		t.Errorf("%d kinds, want %d", len(seen), want)
	}
}

// The check value of CRC-32 and a token with a sum that is known to be right.
func TestSums(t *testing.T) {
	if got := crc("123456789", hexa, 8); got != "cbf43926" {
		t.Errorf("CRC-32 in hexadecimal is %s", got)
	}
}

// Every encoding of every plant is seen, at any offset and across reads, and so is
// a piece; the masked plan tells nothing.
func TestSearch(t *testing.T) {
	ps := Plants()
	x := newIndex(ps)
	if hits, err := x.search(bytes.NewReader(plan(ps))); err != nil || len(hits) > 0 {
		t.Fatalf("%d hits in the plan, %v", len(hits), err)
	}
	for i, p := range ps {
		r := []byte(p.Random)
		back := slices.Clone(r)
		slices.Reverse(back)
		for _, c := range []struct {
			encoding string
			text     []byte
		}{
			{p.Encoding, p.bytes()},
			{ASCII, r},
			{ASCII, r[len(r)-Least:]},
			{UTF16, widen(r[:Least])},
			{"utf16be", append([]byte{0}, widen(r)...)},
			{"reversed", back},
			{"hex", []byte(hex.EncodeToString(r))},
			{"hex", []byte(strings.ToUpper(hex.EncodeToString(widen(r))))},
			{Base64, []byte(base64.URLEncoding.EncodeToString(append([]byte("x"), r...)))},
			{Base64, []byte(base64.StdEncoding.EncodeToString(append([]byte("xy"), r...)))},
			{"base64 of utf16", []byte(base64.StdEncoding.EncodeToString(widen(r)))},
		} {
			data := slices.Concat(bytes.Repeat([]byte{7}, 1<<20-17*(i%3)-5), c.text, bytes.Repeat([]byte{9}, 5))
			if i%8 > 0 {
				data = data[1<<20-60:]
			}
			hits, err := x.search(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(hits, func(h hit) bool { return h.plant == i && h.encoding == c.encoding }) {
				t.Errorf("%s in %s is not seen as %s", p.Kind, p.Encoding, c.encoding)
			}
		}
	}
}

// A dump of which nothing is redacted, and one with half a secret left, are told
// apart from a clean one.
func TestJudge(t *testing.T) {
	ps := Plants()
	var core []byte
	var offsets []int
	for _, p := range ps {
		core = append(core, 0)
		offsets = append(offsets, len(core))
		core = append(core, p.bytes()...)
	}
	clean := make([]byte, len(core))
	half := slices.Clone(clean)
	copy(half[50:], ps[3].Random[:Least+3])
	for _, c := range []struct {
		name  string
		after []byte
		found int // plants that the report covers
		left  int
		good  bool
	}{
		{"clean", clean, len(ps), 0, true},
		{"three missed", clean, len(ps) - 3, 0, true},
		{"five missed", clean, len(ps) - 5, 0, false},
		{"untouched", core, len(ps), 40, false},
		{"half a secret", half, len(ps), 1, false},
		{"missed ones may stay", core, 0, 0, false},
	} {
		dir := t.TempDir()
		rep := &strings.Builder{}
		for i := range c.found {
			fmt.Fprintf(rep, `,{"detector":"d","kind":"k","redacted":true,"spans":[{"offset":%d,"length":%d}]}`, offsets[i], len(ps[i].bytes()))
		}
		for name, data := range map[string][]byte{
			coreFile: core, scrubbedFile: c.after, reportFile: []byte(`{"findings":[` + strings.TrimPrefix(rep.String(), ",") + `]}`),
		} {
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		r := &Result{}
		if err := r.judge(ps, dir); err != nil {
			t.Fatal(err)
		}
		if r.Good() != c.good {
			t.Errorf("%s: good is %v", c.name, r.Good())
		}
		if _, left, _ := r.Count(ASCII); left != c.left {
			t.Errorf("%s: %d left in ASCII, want %d", c.name, left, c.left)
		}
	}
}
