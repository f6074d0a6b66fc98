package mirror

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/container"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/digest"
	"github.com/dumpscrub/dumpscrub/scrub/plan"
	"github.com/dumpscrub/dumpscrub/scrub/receipt"
	"github.com/dumpscrub/dumpscrub/scrub/source"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
	"github.com/dumpscrub/dumpscrub/scrub/tile/tiletest"
)

// example is a dump of some tiles, one of them zeros, that was examined, and what is cut out of it.
func example(t *testing.T) (in *tile.Tiles, p *plan.Plan, dump, want []byte) {
	t.Helper()
	const n = 3*tile.Size + 1000
	r := rand.New(rand.NewPCG(1, 1))
	dump = make([]byte, n)
	for i := range dump {
		dump[i] = byte(r.Uint32())
	}
	clear(dump[tile.Size : 2*tile.Size])
	path := filepath.Join(t.TempDir(), "dump")
	if err := os.WriteFile(path, dump, 0o600); err != nil {
		t.Fatal(err)
	}
	in = tiletest.Open(t, path)
	buf := make([]byte, tile.Size)
	for i := range in.Count() {
		if err := in.Read(i, buf[:in.Len(i)]); err != nil {
			t.Fatal(err)
		}
	}
	l := &layout.Layout{Size: n, Regions: []layout.Region{{Span: layout.Span{Len: n}, Kind: layout.Memory}}}
	b := plan.NewBuilder(nil, l, nil)
	want = bytes.Clone(dump)
	for _, s := range []layout.Span{{Off: 0, Len: 9}, {Off: tile.Size - 5, Len: 10}, {Off: 2*tile.Size + 100, Len: 50}, {Off: n - 1, Len: 1}} {
		if err := b.Add(plan.Cut{Span: s, Secret: plan.Wiped, Finding: plan.Wiped}, ""); err != nil {
			t.Fatal(err)
		}
		for i := s.Off; i < s.End(); i++ {
			want[i] = 0xdb
		}
	}
	p, err := b.Plan()
	if err != nil {
		t.Fatal(err)
	}
	return in, p, dump, want
}

// TestCopy holds that the copy is the dump with the fills and without blocks for its zeros, that the digest is
// that of the file, and that any byte of it that is another is found.
func TestCopy(t *testing.T) {
	in, p, _, want := example(t)
	path := filepath.Join(t.TempDir(), "copy")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := Extend(f, in.Size()); err != nil {
		t.Fatal(err)
	}
	out := tiletest.Open(t, path)
	out.Reseed(in)
	d := digest.New(receipt.SHA256, in.Size(), 2)
	defer d.Close()
	var told int64
	m := &Pair{Plan: p, In: in, Out: out, Jobs: 2}
	if err := m.Copy(t.Context(), f, d, func(done, _ int64) { told = done }); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) || told != in.Size() {
		t.Fatalf("another copy, error %v, progress %d", err, told)
	}
	sum, err := d.Sum()
	if full := sha256.Sum256(want); err != nil || !bytes.Equal(sum, full[:]) {
		t.Errorf("another digest, error %v", err)
	}
	st, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if blocks := st.Sys().(*syscall.Stat_t).Blocks * 512; blocks > in.Size()-tile.Size/2 {
		t.Errorf("%d bytes of blocks for %d, of which %d are zero", blocks, in.Size(), tile.Size)
	}
	if err := m.Compare(t.Context()); err != nil {
		t.Errorf("the copy as it is: %v", err)
	}
	for _, at := range []int64{0, 8, 9, tile.Size - 6, tile.Size - 1, tile.Size, tile.Size + 5, 2*tile.Size - 1, 2 * tile.Size, in.Size() - 2, in.Size() - 1} {
		if _, err := f.WriteAt([]byte{want[at] ^ 1}, at); err != nil {
			t.Fatal(err)
		}
		again := tiletest.Open(t, path)
		again.Reseed(in)
		if err := (&Pair{Plan: p, In: in, Out: again, Jobs: 2}).Compare(t.Context()); !errors.Is(err, ErrCollateral) {
			t.Errorf("byte %d is another: %v", at, err)
		}
		if _, err := f.WriteAt(want[at:at+1], at); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPack holds that what is packed unpacks to the copy.
func TestPack(t *testing.T) {
	in, p, _, want := example(t)
	kinds := []container.Kind{container.Gzip, container.Zstd}
	var packed bytes.Buffer
	if err := Pack(t.Context(), p, in, &packed, kinds, func(_, _ int64) {}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "packed")
	if err := os.WriteFile(path, packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	src, err := source.Open(f, source.Options{SpoolDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	got := make([]byte, len(want))
	if _, err := src.ReadAt(got, 0); err != nil {
		t.Fatal(err)
	}
	if src.Size() != in.Size() || !bytes.Equal(got, want) || !slices.Equal(src.Containers, kinds) {
		t.Errorf("%d bytes in %v", src.Size(), src.Containers)
	}
}

// TestUnexamined holds that a tile which nobody examined is never copied.
func TestUnexamined(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dump")
	if err := os.WriteFile(path, make([]byte, 10), 0o600); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("it is copied")
		}
	}()
	_ = Pack(t.Context(), &plan.Plan{}, tiletest.Open(t, path), &bytes.Buffer{}, nil, func(_, _ int64) {})
}
