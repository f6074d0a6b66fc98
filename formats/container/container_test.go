package container

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os/exec"
	"runtime"
	"testing"
	"testing/iotest"
)

func kinds() []Kind { return []Kind{Gzip, Zstd, Bzip2, LZ4} }

// content is n bytes that compress as memory does: runs, text and noise.
func content(n int) []byte {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	var b bytes.Buffer
	for b.Len() < n {
		switch r.IntN(3) {
		case 0:
			b.Write(bytes.Repeat([]byte{byte(r.Uint32())}, r.IntN(3000)))
		case 1:
			b.WriteString("PATH=/usr/local/bin:/usr/bin:/bin\x00HOME=/root\x00")
		default:
			for range r.IntN(200) {
				b.WriteByte(byte(r.Uint32()))
			}
		}
	}
	return b.Bytes()[:n]
}

func pack(t testing.TB, k Kind, p []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(k, &b)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := w.Write(p); n != len(p) || err != nil {
		t.Fatalf("%v: wrote %d of %d: %v", k, n, len(p), err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unpack(k Kind, r io.Reader) ([]byte, error) {
	z, err := NewReader(k, r)
	if err != nil {
		return nil, err
	}
	p, err := io.ReadAll(z)
	if e := z.Close(); err == nil {
		err = e
	}
	return p, err
}

func TestRoundTrip(t *testing.T) {
	for _, k := range kinds() {
		for _, n := range []int{0, 1, 1000, blockSize - 1, blockSize, blockSize + 1, 1 << 20} {
			want := content(n)
			p := pack(t, k, want)
			if got, ok := Sniff(p); !ok || got != k {
				t.Errorf("%v of %d bytes: sniffed as %v, %v", k, n, got, ok)
			}
			got, err := unpack(k, bytes.NewReader(p))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%v of %d bytes: %d came back, %v", k, n, len(got), err)
			}
		}
		got, err := unpack(k, iotest.OneByteReader(bytes.NewReader(pack(t, k, content(5000)))))
		if err != nil || !bytes.Equal(got, content(5000)) {
			t.Errorf("%v byte by byte: %d came back, %v", k, len(got), err)
		}
	}
}

func TestConcatenated(t *testing.T) {
	a, b := content(70000), content(300)
	for _, k := range kinds() {
		for _, parts := range [][][]byte{{a, b}, {a, nil, b}, {nil, a}, {b, b, b}} {
			var p, want []byte
			for _, c := range parts {
				p = append(p, pack(t, k, c)...)
				want = append(want, c...)
			}
			got, err := unpack(k, bytes.NewReader(p))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%v in %d members: %d of %d bytes, %v", k, len(parts), len(got), len(want), err)
			}
		}
	}
}

func TestSkippableFrames(t *testing.T) {
	skip := []byte{0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3}
	want := content(900)
	for _, k := range []Kind{Zstd, LZ4} {
		p := pack(t, k, want)
		p = append(append(bytes.Clone(skip), p...), skip...)
		if got, ok := Sniff(p); !ok || got != k {
			t.Errorf("%v: sniffed as %v, %v", k, got, ok)
		}
		got, err := unpack(k, bytes.NewReader(p))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%v: %d bytes, %v", k, len(got), err)
		}
	}
	if k, ok := Sniff(append(skip, "no frame here"...)); ok {
		t.Errorf("a skippable frame and garbage: %v", k)
	}
	if k, ok := Sniff(skip[:9]); !ok || k != Zstd {
		t.Errorf("cut in a skippable frame: %v, %v", k, ok)
	}
}

// TestCut cuts two members at every byte: the content so far, then the error.
func TestCut(t *testing.T) {
	a, b := content(600), content(40)
	for _, k := range kinds() {
		first := pack(t, k, a)
		p := append(bytes.Clone(first), pack(t, k, b)...)
		want := append(bytes.Clone(a), b...)
		for n := range p {
			got, err := unpack(k, bytes.NewReader(p[:n]))
			if !bytes.HasPrefix(want, got) {
				t.Fatalf("%v cut at %d: content is not a prefix", k, n)
			}
			switch {
			case n == len(first):
				if err != nil || len(got) != len(a) {
					t.Errorf("%v cut between members: %d bytes, %v", k, len(got), err)
				}
			case err != io.ErrUnexpectedEOF:
				t.Errorf("%v cut at %d of %d: %v", k, n, len(p), err)
			case n > len(first) && len(got) < len(a):
				t.Errorf("%v cut at %d: only %d bytes of the first member", k, n, len(got))
			}
		}
	}
}

// TestCutLong asks that the blocks before the cut are delivered. Noise keeps
// bzip2 from making one block of everything; lz4's blocks are 4 MiB.
func TestCutLong(t *testing.T) {
	noise := make([]byte, 6<<20)
	r := rand.NewChaCha8([32]byte{7})
	if _, err := r.Read(noise); err != nil {
		t.Fatal(err)
	}
	for _, k := range kinds() {
		want := noise
		if k == Bzip2 { // slow, and its blocks are below a megabyte
			want = noise[:2<<20]
		}
		p := pack(t, k, want)
		got, err := unpack(k, bytes.NewReader(p[:len(p)*3/4]))
		if err != io.ErrUnexpectedEOF || !bytes.HasPrefix(want, got) || len(got) < len(want)/3 {
			t.Errorf("%v cut at three quarters: %d of %d bytes, %v", k, len(got), len(want), err)
		}
	}
}

func TestTrailing(t *testing.T) {
	for _, k := range kinds() {
		for _, c := range [][]byte{content(5000), nil} {
			for _, tail := range []string{"\x00", "garbage", "\x00\x00\x00\x00\x00\x00\x00\x00", "B", "(not zstd)"} {
				if k == Bzip2 && tail == "B" {
					continue // the first letter of another member
				}
				got, err := unpack(k, bytes.NewReader(append(pack(t, k, c), tail...)))
				short := len(tail) < 4 && (k == Zstd || k == LZ4 || k == Bzip2) && err == io.ErrUnexpectedEOF
				if err != ErrTrailing && !short {
					t.Errorf("%v and %d bytes: %v", k, len(tail), err)
				}
				if !bytes.Equal(got, c) {
					t.Errorf("%v and %d bytes: %d of %d bytes of content", k, len(tail), len(got), len(c))
				}
			}
		}
	}
}

// TestDamage flips a bit in every byte of a small container. Only bits that mean
// nothing (gzip's time and system, for example) may go unnoticed, and then the
// content is unchanged.
func TestDamage(t *testing.T) {
	want := content(120)
	for _, k := range kinds() {
		p := pack(t, k, want)
		for i := range p {
			q := bytes.Clone(p)
			q[i] ^= 1 << (i % 8)
			got, err := unpack(k, bytes.NewReader(q))
			if err == nil && !bytes.Equal(got, want) && i > 8 {
				t.Errorf("%v: byte %d damaged, %d bytes came back without an error", k, i, len(got))
			}
			switch err {
			case nil, io.ErrUnexpectedEOF, ErrCorrupt, ErrTrailing, ErrWindow, ErrDictionary:
			default:
				t.Errorf("%v: byte %d damaged: foreign error %v", k, i, err)
			}
		}
	}
}

func TestSourceError(t *testing.T) {
	broken := errors.New("disk on fire")
	for _, k := range kinds() {
		p := pack(t, k, content(100000))
		for _, n := range []int{0, 3, len(p) / 2, len(p) - 1} {
			_, err := unpack(k, io.MultiReader(bytes.NewReader(p[:n]), iotest.ErrReader(broken)))
			if err != broken {
				t.Errorf("%v after %d bytes: %v", k, n, err)
			}
		}
	}
}

func TestWrongKind(t *testing.T) {
	for _, k := range kinds() {
		if _, err := unpack(k, bytes.NewReader([]byte("MDMP is not compressed"))); err != ErrCorrupt {
			t.Errorf("%v: %v", k, err)
		}
		if _, err := unpack(k, bytes.NewReader(nil)); err != io.ErrUnexpectedEOF {
			t.Errorf("%v, empty: %v", k, err)
		}
	}
	if _, err := NewReader(0, nil); err != ErrKind {
		t.Errorf("reader of kind 0: %v", err)
	}
	if _, err := NewWriter(9, nil); err != ErrKind {
		t.Errorf("writer of kind 9: %v", err)
	}
}

// TestWindow makes a frame whose header asks for more than MaxWindow: RFC 8878,
// section 3.1.1.1.2, window descriptor with exponent 18 (256 MiB).
func TestWindow(t *testing.T) {
	p := []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 18 << 3, 0x01, 0x00, 0x00}
	if _, err := unpack(Zstd, bytes.NewReader(p)); err != ErrWindow {
		t.Errorf("256 MiB: %v", err)
	}
	p[5] = 17 << 3 // 128 MiB
	if got, err := unpack(Zstd, bytes.NewReader(p)); err != nil || len(got) != 0 {
		t.Errorf("128 MiB: %d bytes, %v", len(got), err)
	}
}

// TestDeterministic compresses one content under several settings that must not
// show: processors, the cut into writes, and what was compressed before.
func TestDeterministic(t *testing.T) {
	p := content(1<<20 + 17)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, k := range kinds() {
		want := pack(t, k, p)
		for _, procs := range []int{1, 2, 7} {
			runtime.GOMAXPROCS(procs)
			pack(t, k, content(12345))
			if !bytes.Equal(pack(t, k, p), want) {
				t.Errorf("%v: %d processors change the output", k, procs)
			}
		}
		for _, step := range []int{1 << 10, 65537, 1 << 20} {
			var b bytes.Buffer
			w, err := NewWriter(k, &b)
			if err != nil {
				t.Fatal(err)
			}
			for q := p; len(q) > 0; q = q[min(step, len(q)):] {
				if _, err := w.Write(q[:min(step, len(q))]); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(b.Bytes(), want) {
				t.Errorf("%v: writes of %d bytes change the output", k, step)
			}
		}
	}
}

// TestForeignTools reads what the programs write and has them read ours.
func TestForeignTools(t *testing.T) {
	want := content(200000)
	for _, k := range kinds() {
		tool, err := exec.LookPath(k.String())
		if err != nil {
			t.Logf("%v is not installed", k)
			continue
		}
		run := func(in []byte, args ...string) []byte {
			c := exec.Command(tool, args...)
			c.Stdin = bytes.NewReader(in)
			out, err := c.Output()
			if err != nil {
				t.Errorf("%v %v: %v", k, args, err)
			}
			return out
		}
		got, err := unpack(k, bytes.NewReader(run(want, "-c")))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%v made by the program: %d bytes, %v", k, len(got), err)
		}
		if !bytes.Equal(run(pack(t, k, want), "-dc"), want) {
			t.Errorf("%v read by the program differs", k)
		}
	}
}

func TestWriterErrors(t *testing.T) {
	for _, k := range kinds() {
		w, err := NewWriter(k, failing{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Write(content(9 << 20))
		if e := w.Close(); err == nil {
			err = e
		}
		if !errors.Is(err, errFull) {
			t.Errorf("%v: %v", k, err)
		}
		if _, err := w.Write([]byte{1}); err == nil {
			t.Errorf("%v: a write after Close passes", k)
		}
	}
}

var errFull = errors.New("disk full")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }

func FuzzReader(f *testing.F) {
	for _, k := range kinds() {
		f.Add(pack(f, k, content(400)))
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		const limit = 1 << 20
		for _, k := range kinds() {
			z, err := NewReader(k, bytes.NewReader(p))
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(io.LimitReader(z, limit))
			switch err {
			case nil, io.ErrUnexpectedEOF, ErrCorrupt, ErrTrailing, ErrWindow, ErrDictionary:
			default:
				t.Fatalf("%v: foreign error %v", k, err)
			}
			if err != nil || len(got) == limit {
				continue
			}
			// What was read whole comes back whole after rebuilding.
			again, err := unpack(k, bytes.NewReader(pack(t, k, got)))
			if err != nil || !bytes.Equal(again, got) {
				t.Fatalf("%v: rebuilt container differs: %v", k, err)
			}
		}
	})
}
