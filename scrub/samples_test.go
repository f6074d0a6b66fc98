package scrub

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/dumptest"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/formats/rawmem"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// planted finds the markers that the generated samples carry, as if they were
// secrets: PLANT- and the name of the place, in either text encoding.
type planted struct{}

func (planted) Spec() probe.Spec {
	return probe.Spec{
		ID: "planted-marker", About: "test markers", Kinds: []string{"marker"},
		Anchors: []string{"PLANT-"}, Text: true, After: 64,
	}
}

func (planted) Detect(v probe.View, emit func(probe.Match)) {
	t, at := probe.TextOf(v)
	end := at
	for c := t.At(end); c > ' ' && c < 0x7f && c != '[' && c != '*'; c = t.At(end) {
		end++
	}
	r := t.Range(at, end)
	emit(probe.Match{
		Kind: "marker", Encoding: t.Encoding(probe.ASCII), Confidence: probe.Confirmed,
		Range: r, Text: true, Identity: t.Append(nil, at, end),
	})
}

// refused are the samples that no reader lays out yet.
func refused(name string) bool {
	for _, s := range []string{"kdump", "lime", "avml", "hprof", "heapdump", "tombstone", "microdump", "macho", "pagedu64", ".vmcore.xz"} {
		if strings.Contains(name, s) {
			return true
		}
	}
	return false
}

// Every sample is scrubbed of its markers and verified, or refused by name; none
// of its bytes are passed over.
func TestSamples(t *testing.T) {
	dir := dumptest.MustFolder(t)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := e.Name()
		if strings.HasSuffix(name, ".md") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			j := job(t, filepath.Join(dir, name))
			j.Detectors = append(detect.Default(), planted{})
			if !refused(name) {
				sample(t, j, filepath.Join(dir, name))
				return
			}
			_, err := Scrub(t.Context(), j)
			var unsupported *layout.Unsupported
			var malformed *layout.Error
			if !errors.As(err, &unsupported) && !errors.As(err, &malformed) {
				t.Errorf("error %v", err)
			}
			unpublished(t, j)
			raw := job(t, filepath.Join(dir, name))
			raw.Format, raw.Detectors = rawmem.Format, j.Detectors
			if unsupported != nil && unsupported.Opaque {
				if _, err := Scrub(t.Context(), raw); !errors.As(err, &unsupported) {
					t.Errorf("as raw memory: %v", err)
				}
				unpublished(t, raw)
				return
			}
			if r, _ := scrubbed(t, raw); r.Input.Format != rawmem.Format {
				t.Errorf("format %q", r.Input.Format)
			}
		})
	}
}

func sample(t *testing.T, j *Job, path string) {
	if st, err := os.Stat(path); testing.Short() && (err != nil || st.Size() > 100000 || strings.Contains(path, "ratio3900")) {
		t.Skip("short")
	}
	r, _ := scrubbed(t, j)
	if c := r.Coverage; c.Scanned+c.Structure+c.Absent+c.Refused != r.Input.Size {
		t.Errorf("coverage %+v of %d bytes", c, r.Input.Size)
	}
	before, after := unpacked(t, path), unpacked(t, j.Output)
	defer before.Close()
	defer after.Close()
	if before.Size() != after.Size() {
		t.Fatalf("%d bytes became %d", before.Size(), after.Size())
	}
	had := contains(t, before, "PLANT-")
	if strings.HasPrefix(filepath.Base(path), "gen-") && !had {
		t.Error("the sample holds no marker: the test proves nothing")
	}
	if contains(t, after, "PLANT-") || contains(t, after, string(widen([]byte("PLANT-")))) {
		t.Error("a marker survives")
	}
	sameReadings(t, before, after)
}

func unpacked(t *testing.T, path string) *source.Input {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	in, err := source.Open(f, source.Options{SpoolDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// contains looks for s with code that shares nothing with the detectors.
func contains(t *testing.T, in *source.Input, s string) bool {
	t.Helper()
	buf := make([]byte, 1<<20)
	for off := int64(0); off < in.Size(); off += int64(len(buf) - len(s)) {
		n, err := in.ReadAt(buf, off)
		if err != nil && err != io.EOF {
			t.Fatal(err)
		}
		if bytes.Contains(buf[:n], []byte(s)) {
			return true
		}
	}
	return false
}

// readers are the programs that people open dumps with, and what they are asked.
var readers = []struct {
	tools []string // the first that is installed
	args  []string // before the dump
	elf   bool     // for ELF cores; else for minidumps too
}{
	{[]string{"readelf"}, []string{"-hlW"}, true},
	{[]string{"gdb-multiarch", "gdb"}, []string{"-nx", "-batch", "-ex", "set pagination off", "-ex", "info threads", "-ex", "thread apply all bt", "-c"}, true},
	{[]string{"lldb-19", "lldb"}, []string{"--no-lldbinit", "-b", "-o", "thread list", "-o", "bt all", "-o", "image list", "-c"}, false},
}

// maxReadable bounds what is written out in full for a reader, in bytes.
const maxReadable = 128 << 20

// sameReadings compares what readers see of two dumps. Honest files draw
// warnings and refusals; only a difference counts.
func sameReadings(t *testing.T, before, after *source.Input) {
	t.Helper()
	head := make([]byte, 4)
	if _, err := before.ReadAt(head, 0); err != nil || before.Size() > maxReadable {
		return
	}
	elf := string(head) == "\x7fELF"
	dir := t.TempDir()
	path := filepath.Join(dir, "dump")
	var old []string
	for i, in := range []*source.Input{before, after} {
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := dump(f, in); err != nil {
			t.Fatal(err)
		}
		f.Close()
		var texts []string
		for _, r := range readers {
			tool := installed(r.tools)
			if tool == "" || r.elf && !elf {
				texts = append(texts, "")
				continue
			}
			cmd := exec.CommandContext(t.Context(), tool, append(r.args[:len(r.args):len(r.args)], path)...)
			cmd.Dir = dir
			text, _ := cmd.CombinedOutput()
			texts = append(texts, neutral(string(text)))
		}
		if i == 0 {
			old = texts
			continue
		}
		for k, text := range texts {
			if text != old[k] {
				t.Errorf("%s sees another dump:\n%s", readers[k].tools[0], difference(old[k], text))
			}
		}
	}
}

func installed(tools []string) string {
	for _, name := range tools {
		if tool, err := exec.LookPath(name); err == nil {
			return tool
		}
	}
	return ""
}

// neutral drops the line in which gdb shows the arguments of the process, and
// makes equal the "return addresses" that are text: in these samples the stack
// holds markers. A reader that crashes on the file says nothing about it.
func neutral(text string) string {
	if strings.Contains(text, "PLEASE submit a bug report") {
		return "the reader crashed"
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "Core was generated by") {
			b.WriteString(line)
		}
	}
	return address64.ReplaceAllStringFunc(b.String(), func(a string) string {
		p, err := hex.DecodeString(a[2:])
		for _, c := range p {
			if err != nil || c < ' ' || c > '~' {
				return a
			}
		}
		return "text"
	})
}

var address64 = regexp.MustCompile(`0x[0-9a-f]{16}`)

// difference returns the first lines that differ.
func difference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range x {
		if i >= len(y) || x[i] != y[i] {
			rest := ""
			if i < len(y) {
				rest = y[i]
			}
			return "- " + x[i] + "\n+ " + rest
		}
	}
	return "+ " + strings.Join(y[len(x):], "\n+ ")
}

// dump writes all of src to f but for what is zero.
func dump(f *os.File, src source.Source) error {
	if err := f.Truncate(src.Size()); err != nil {
		return err
	}
	buf := make([]byte, 64<<10)
	for off := int64(0); off < src.Size(); {
		n, err := src.ReadAt(buf, off)
		if err != nil && err != io.EOF {
			return err
		}
		if len(bytes.Trim(buf[:n], "\x00")) > 0 {
			if _, err := f.WriteAt(buf[:n], off); err != nil {
				return err
			}
		}
		off += int64(n)
	}
	return nil
}
