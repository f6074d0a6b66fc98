package torture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/dumpscrub/dumpscrub/corpus/dump"
	"github.com/dumpscrub/dumpscrub/corpus/secret"
	"github.com/dumpscrub/dumpscrub/detect"
	"github.com/dumpscrub/dumpscrub/detect/pem"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats"
	"github.com/dumpscrub/dumpscrub/formats/dumptest"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub"
	"github.com/dumpscrub/dumpscrub/scrub/mirror"
	"github.com/dumpscrub/dumpscrub/scrub/plan"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

const (
	mutantSize = 48 << 10         // of a sample that is mutated, in bytes; more is cut off
	mutantTime = 10 * time.Second // that one may take
	mutantHeap = 256 << 20        // that one may allocate in all, in bytes
)

// specimen is a dump to be mutated and where its structure lies.
type specimen struct {
	name   string
	data   []byte
	fields []int64 // offsets of what its parser walked, in steps of two bytes
}

// Dumps with wrong headers are verified or refused; they end no process, take no
// longer than others, and need no more memory.
func TestMutants(t *testing.T) {
	specimens := sampleSpecimens(t)
	if !testing.Short() || len(specimens) == 0 {
		specimens = append(specimens, corpusSpecimens(t)...)
	}
	if len(specimens) < 10 {
		t.Fatalf("only %d specimens", len(specimens))
	}
	few := []probe.Detector{pem.New()}
	dir := folder(t)
	outcomes := map[string]int{}
	start := time.Now()
	n := trials(t, 5*time.Second, 8*time.Second, func(seed uint64) {
		r := random(seed)
		s := specimens[r.IntN(len(specimens))]
		m := s.mutate(r, specimens)
		// All detectors and the hunt see one in 64; the others are about headers, and
		// cost a tenth.
		set, depth := few, scrub.Fast
		if seed%64 == 0 {
			set, depth = detect.Default(), scrub.Deep
		}
		outcomes[tryMutant(t, dir, fmt.Sprintf("%s, seed %d", s.name, seed), m, set, depth)]++
	})
	t.Logf("%d mutants of %d specimens, %.0f per second: %v", n, len(specimens), float64(n)/time.Since(start).Seconds(), outcomes)
	if n > 500 && (outcomes["verified"] == 0 || outcomes["malformed"]+outcomes["unsupported"] == 0) {
		t.Error("the mutants are all alike: the test proves little")
	}
}

// tryMutant scrubs one and returns how it ended.
func tryMutant(t *testing.T, dir, what string, data []byte, ds []probe.Detector, depth scrub.Depth) string {
	t.Helper()
	path := filepath.Join(dir, "mutant")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	j := jobWith(t, path, dir, ds)
	j.Force, j.Receipt, j.MaxBytes, j.Depth = true, "", 1<<20, depth
	j.Config = scrub.Config{Jobs: 1, Chunk: 16 << 10}
	watch := time.AfterFunc(mutantTime, func() { panic(what + ": it hangs") })
	before := allocated()
	r, err := scrub.Scrub(t.Context(), j)
	watch.Stop()
	if n := allocated() - before; n > mutantHeap {
		t.Errorf("%s: it allocates %d bytes", what, n)
	}
	var malformed *layout.Error
	var unsupported *layout.Unsupported
	switch {
	case err == nil:
		if c := r.Coverage; !r.Verified || c.Refused != 0 || c.Scanned+c.Structure+c.Absent != r.Input.Size {
			t.Errorf("%s: verified %t, coverage %+v of %d", what, r.Verified, c, r.Input.Size)
		}
		if err := os.Remove(j.Output); err != nil {
			t.Error(err)
		}
		return "verified"
	case errors.Is(err, scrub.ErrResidue), errors.Is(err, mirror.ErrCollateral):
		t.Errorf("%s: %v", what, err)
	case errors.Is(err, source.ErrChanged):
		t.Errorf("%s: %v", what, err)
	}
	if _, err := os.Lstat(j.Output); err == nil {
		t.Errorf("%s: a failed run left an output", what)
	}
	switch {
	case errors.As(err, &malformed):
		return "malformed"
	case errors.As(err, &unsupported), errors.Is(err, layout.ErrUnknown):
		return "unsupported"
	case errors.Is(err, plan.ErrStructure):
		return "a secret in structure"
	case errors.Is(err, source.ErrTooBig):
		return "too big"
	}
	// Packed samples break in their containers.
	if strings.HasPrefix(err.Error(), "unpacking ") || strings.HasPrefix(err.Error(), "containers ") {
		return "unpackable"
	}
	t.Errorf("%s: %v, an error of no kind", what, err)
	return "other"
}

// allocated returns the bytes that this process has allocated so far.
func allocated() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// sampleSpecimens reads the real samples beside the repository, if they are there.
func sampleSpecimens(t *testing.T) []*specimen {
	dir := dumptest.Folder()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Log("no sample dumps; the corpus must do")
		return nil
	}
	var all []*specimen
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".md") {
			continue
		}
		f, err := os.Open(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		in, err := source.Open(f, source.Options{SpoolDir: t.TempDir()})
		if err != nil {
			t.Fatalf("%s: %v", e.Name(), err)
		}
		all = append(all, newSpecimen(t, e.Name(), in, in.Size()))
		// In its container too, whose fields are then at its beginning.
		if len(in.Containers) > 0 && in.Size() <= 8*mutantSize {
			if packed, err := os.ReadFile(filepath.Join(dir, e.Name())); err == nil && len(packed) <= mutantSize {
				all = append(all, &specimen{e.Name() + " packed", packed, steps(0, int64(min(64, len(packed))))})
			}
		}
		in.Close()
	}
	return all
}

// corpusSpecimens makes a small dump of every variant.
func corpusSpecimens(t *testing.T) []*specimen {
	var forms []secret.Form
	for _, f := range secret.Forms() {
		if f.Name == "der-pkcs8-ed25519" || f.Name == "jwk-pretty-p-256" {
			forms = append(forms, f)
		}
	}
	var all []*specimen
	for i, v := range dump.Variants() {
		path := filepath.Join(t.TempDir(), "dump")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = v.Make(secret.Seeded(uint64(i)), 16<<10, forms).WriteTo(f)
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		if f, err = os.Open(path); err != nil {
			t.Fatal(err)
		}
		in, err := source.Open(f, source.Options{SpoolDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, newSpecimen(t, v.Name, in, in.Size()))
		in.Close()
	}
	return all
}

// newSpecimen takes the beginning of a dump and asks its own reader where the
// structure is; of what no reader lays out, the first bytes are.
func newSpecimen(t *testing.T, name string, r io.ReaderAt, size int64) *specimen {
	s := &specimen{name: name, data: make([]byte, min(size, mutantSize))}
	if _, err := r.ReadAt(s.data, 0); err != nil && err != io.EOF {
		t.Fatalf("%s: %v", name, err)
	}
	n := int64(len(s.data))
	if l, err := formats.Open(r, size, ""); err == nil {
		for _, reg := range l.Regions {
			if reg.Kind == layout.Structure && reg.Off < n {
				s.fields = append(s.fields, steps(reg.Off, min(reg.End(), n))...)
			}
		}
	}
	if len(s.fields) == 0 {
		s.fields = steps(0, min(512, n))
	}
	return s
}

func steps(from, to int64) []int64 {
	var at []int64
	for ; from+2 <= to; from += 2 {
		at = append(at, from)
	}
	return at
}

// mutate returns a copy with a few wrong fields, and perhaps a wrong length.
func (s *specimen) mutate(r *rand.Rand, all []*specimen) []byte {
	m := append([]byte(nil), s.data...)
	for range 1 + r.IntN(4) {
		at := s.fields[r.IntN(len(s.fields))]
		width := int64(1) << r.IntN(4)
		if at+width > int64(len(m)) {
			continue
		}
		f := m[at : at+width]
		switch r.IntN(7) {
		case 0: // another value of its own kind: aliases, overlaps, cycles
			from := s.fields[r.IntN(len(s.fields))]
			copy(f, m[from:min(from+width, int64(len(m)))])
		case 1: // an offset of itself or near the end
			set(f, uint64(at))
		case 2:
			set(f, uint64(int64(len(m))-r.Int64N(64)+32))
		case 3: // a step up or down
			set(f, get(f)+uint64(r.IntN(33))-16)
		case 4:
			f[r.IntN(len(f))] ^= 1 << r.IntN(8)
		case 5: // a block repeated over its neighbour
			n := int64(8) << r.IntN(5)
			if at+2*n <= int64(len(m)) {
				copy(m[at+n:], m[at:at+n])
			}
		default:
			set(f, extremes[r.IntN(len(extremes))])
		}
	}
	switch r.IntN(8) {
	case 0:
		m = m[:r.IntN(len(m)+1)]
	case 1:
		m = append(m, all[r.IntN(len(all))].data...)
	}
	return m
}

// extremes are what lengths, counts and offsets should not be.
var extremes = []uint64{
	0, 1, 2, 7, 0x7f, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 0x100000000,
	1 << 40, 1<<62 - 1, 1<<63 - 1, 1 << 63, 1<<64 - 4096, 1<<64 - 1,
}

func set(f []byte, v uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], v)
	copy(f, b[:])
}

func get(f []byte) uint64 {
	var b [8]byte
	copy(b[:], f)
	return binary.LittleEndian.Uint64(b[:])
}
