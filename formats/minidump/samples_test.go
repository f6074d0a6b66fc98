package minidump

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/dumpscrub/dumpscrub/formats/container"
	"github.com/dumpscrub/dumpscrub/formats/dumptest"
	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// load reads a sample, decompressed.
func load(t testing.TB, path string) []byte {
	t.Helper()
	p, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	k, ok := container.Sniff(p)
	if !ok {
		return p
	}
	r, err := container.NewReader(k, bytes.NewReader(p))
	if err != nil {
		t.Fatal(err)
	}
	if p, err = io.ReadAll(r); err != nil {
		t.Fatal(err)
	}
	return p
}

// samples calls f for every minidump among the samples.
func samples(t *testing.T, f func(t *testing.T, name string, p []byte)) {
	dir := dumptest.MustFolder(t)
	paths, err := filepath.Glob(filepath.Join(dir, "*.dmp*"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, path := range paths {
		p := load(t, path)
		if !Sniff(p) {
			continue
		}
		n++
		t.Run(filepath.Base(path), func(t *testing.T) { f(t, filepath.Base(path), p) })
	}
	if n == 0 {
		t.Errorf("no minidump in %s", dir)
	}
}

// found is what the walker of this test sees in a file.
type found struct {
	streams, threads int
	memory           map[layout.Extent]bool
	contexts         []layout.Span
}

// look walks the file by hand, with none of the reader's code. It knows the
// streams that every writer makes, on a little-endian machine.
func look(p []byte) found {
	u32 := func(at uint32) uint32 {
		if uint64(at)+4 > uint64(len(p)) {
			return 0
		}
		return binary.LittleEndian.Uint32(p[at:])
	}
	u64 := func(at uint32) uint64 { return uint64(u32(at)) | uint64(u32(at+4))<<32 }
	f := found{streams: int(u32(8)), memory: map[layout.Extent]bool{}}
	keep := func(va, off, n uint64) {
		if n > 0 && off+n <= uint64(len(p)) {
			f.memory[layout.Extent{Addr: va, Span: layout.Span{Off: int64(off), Len: int64(n)}}] = true
		}
	}
	ctx := func(at uint32) {
		if u32(at) > 0 {
			f.contexts = append(f.contexts, layout.Span{Off: int64(u32(at + 4)), Len: int64(u32(at))})
		}
	}
	for i := range uint32(f.streams) {
		e := u32(12) + 12*i
		kind, size, at := u32(e), u32(e+4), u32(e+8)
		n := u32(at)
		first := func(entry uint32) uint32 { return at + size - n*entry } // skips padding
		switch kind {
		case 3:
			f.threads += int(n)
			for j := range n {
				th := first(48) + 48*j
				keep(u64(th+24), uint64(u32(th+36)), uint64(u32(th+32)))
				ctx(th + 40)
			}
		case 5:
			for j := range n {
				m := first(16) + 16*j
				keep(u64(m), uint64(u32(m+12)), uint64(u32(m+8)))
			}
		case 6:
			ctx(at + 160)
		case 9:
			off := u64(at + 8)
			for j := range n {
				m := at + 16 + 16*j
				keep(u64(m), off, u64(m+8))
				off += u64(m + 8)
			}
		}
	}
	return f
}

func TestSamples(t *testing.T) {
	samples(t, func(t *testing.T, name string, p []byte) {
		l, err := open(t, p)
		if err != nil {
			t.Fatal(err)
		}
		if name == "mdmp-hostile-range.dmp" { // its directory lies over its header
			if !l.Truncated || len(l.Memory) != 0 {
				t.Errorf("missing %d, memory %v", l.Missing, l.Memory)
			}
			return
		}
		want := look(p)
		if l.Truncated {
			t.Errorf("missing %d bytes", l.Missing)
		}
		if len(l.Threads) != want.threads {
			t.Errorf("%d threads, want %d", len(l.Threads), want.threads)
		}
		is(t, l, int(binary.LittleEndian.Uint32(p[12:])), 12*want.streams, layout.Structure, "directory")
		got := make(map[layout.Extent]bool)
		for _, e := range l.Memory {
			got[e] = true
			if !want.memory[e] {
				t.Errorf("memory that the file does not list: %+v", e)
			}
		}
		for e := range want.memory {
			if !got[e] {
				t.Errorf("no extent %+v", e)
			}
		}
		for _, c := range want.contexts {
			is(t, l, int(c.Off), int(c.Len), layout.Registers, "CONTEXT")
		}
		if l.Arch == "" {
			t.Error("no architecture")
		}
	})
}

// TestSamplesThreads compares with what lldb saw, as SOURCES.md has it.
func TestSamplesThreads(t *testing.T) {
	table, err := os.ReadFile(filepath.Join(dumptest.MustFolder(t), "SOURCES.md"))
	if err != nil {
		t.Skip("no SOURCES.md")
	}
	row := regexp.MustCompile(`(?m)^\| (\S+) \|.*lldb-19:(\d+|no) threads`)
	seen := make(map[string]int)
	for _, m := range row.FindAllStringSubmatch(string(table), -1) {
		n, _ := strconv.Atoi(m[2]) // "no" is zero
		seen[m[1]] = n
	}
	samples(t, func(t *testing.T, name string, p []byte) {
		n, ok := seen[name]
		if !ok {
			t.Skip("not opened by lldb")
		}
		l, err := open(t, p)
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Threads) != n {
			t.Errorf("%d threads, lldb saw %d", len(l.Threads), n)
		}
	})
}

// TestSamplesPlants: what a person planted in a dump is never structure, in
// whatever stream it lies.
func TestSamplesPlants(t *testing.T) {
	samples(t, func(t *testing.T, name string, p []byte) {
		if !strings.HasPrefix(name, "gen-") {
			t.Skip("nothing planted")
		}
		l, err := open(t, p)
		if err != nil {
			t.Fatal(err)
		}
		var wide []byte
		for _, c := range utf16.Encode([]rune("PLANT-")) {
			wide = binary.LittleEndian.AppendUint16(wide, c)
		}
		n := 0
		for _, plant := range [][]byte{[]byte("PLANT-"), wide} {
			for at := 0; ; {
				i := bytes.Index(p[at:], plant)
				if i < 0 {
					break
				}
				at += i
				if r := l.Regions[l.At(int64(at))]; r.Kind == layout.Structure {
					t.Errorf("planted text at %d lies in structure %q", at, r.Name)
				}
				at, n = at+len(plant), n+1
			}
		}
		if n == 0 {
			t.Error("nothing planted was found")
		}
	})
}

// TestSamplesCut cuts real dumps at many places: never an error behind the
// header, and never fewer bytes missing than were cut from what is claimed.
func TestSamplesCut(t *testing.T) {
	const maxSize = 400 << 10
	samples(t, func(t *testing.T, _ string, p []byte) {
		if len(p) > maxSize {
			t.Skip("large")
		}
		for i := range 50 {
			n := 32 + (len(p)-32)*i/50
			if _, err := open(t, p[:n]); err != nil {
				t.Errorf("cut at %d: %v", n, err)
			}
		}
	})
}
