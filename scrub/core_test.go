package scrub

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect"
	"github.com/dumpscrub/dumpscrub/scrub/policy"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// segment is memory of a made-up process.
type segment struct {
	addr uint64
	data []byte
}

// core returns an x86-64 ELF core with these segments in this file order. It
// shares nothing with the reader but the specification.
func core(segs ...segment) []byte {
	var b bytes.Buffer
	le := binary.LittleEndian
	put := func(v any) { _ = binary.Write(&b, le, v) }
	b.WriteString("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	put(uint16(4))           // e_type: ET_CORE
	put(uint16(62))          // e_machine: EM_X86_64
	put(uint32(1))           // e_version
	put([3]uint64{0, 64, 0}) // e_entry, e_phoff, e_shoff
	put(uint32(0))           // e_flags
	put([2]uint16{64, 56})   // e_ehsize, e_phentsize
	put(uint16(len(segs)))   // e_phnum
	put([3]uint16{0, 0, 0})  // e_shentsize, e_shnum, e_shstrndx
	off := uint64(64 + 56*len(segs))
	for _, s := range segs {
		put([2]uint32{1, 6}) // p_type: PT_LOAD, p_flags
		n := uint64(len(s.data))
		put([6]uint64{off, s.addr, 0, n, n, 1})
		off += n
	}
	for _, s := range segs {
		b.Write(s.data)
	}
	return b.Bytes()
}

// noise returns n bytes that are no secret.
func noise(n int) []byte {
	p := make([]byte, n)
	for i := 0; i+8 <= n; i += 8 {
		binary.LittleEndian.PutUint64(p[i:], 0x7f0000001000+uint64(i)*40)
	}
	return p
}

func rsaDER(t *testing.T) ([]byte, *rsa.PrivateKey) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return x509.MarshalPKCS1PrivateKey(key), key
}

// file writes data to a file of the test and returns its path.
func file(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "core")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// job returns a deep job over path that publishes beside it.
func job(t *testing.T, path string) *Job {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	return &Job{
		Settings: Settings{Detectors: detect.Default(), Policy: policy.Standard(), Depth: Deep, Config: Config{Jobs: 2}},
		Version:  "test", Input: f, Options: source.Options{SpoolDir: dir},
		Output: filepath.Join(dir, "out"), Receipt: filepath.Join(dir, "out.receipt.json"),
	}
}

// scrubbed runs a job that must succeed and returns its report and output.
func scrubbed(t *testing.T, j *Job) (*Report, []byte) {
	t.Helper()
	r, err := Scrub(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.ReadFile(j.Output)
	if err != nil {
		t.Fatal(err)
	}
	return r, out
}

// unpublished fails when a job left anything in its output directory.
func unpublished(t *testing.T, j *Job) {
	t.Helper()
	left, err := os.ReadDir(filepath.Dir(j.Output))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		t.Errorf("the failed run left %s", e.Name())
	}
}
