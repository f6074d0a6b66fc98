package minimize

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"

	"io"
	"math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/layout"
)

const base = 0x5581_0000_0000

// maskOf returns the mask of data, which is writable memory from base on behind a
// page of a program that is not in the file.
func maskOf(t testing.TB, arch string, at uint64, data []byte) *Mask {
	t.Helper()
	b := layout.NewBuilder("elf-core", int64(len(data)))
	b.Claim(layout.Memory, 0, uint64(len(data)), at, "PT_LOAD")
	b.Map(at, uint64(len(data)), layout.Mapping{Access: layout.Read | layout.Write})
	b.Map(at+1<<20, 4096, layout.Mapping{Access: layout.Read | layout.Execute, Image: true})
	l, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	l.Arch = arch
	m, err := New(l, reader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func reader(data []byte) func([]byte, int64) error {
	return func(p []byte, off int64) error {
		if _, err := bytes.NewReader(data).ReadAt(p, off); err != nil && err != io.EOF {
			return err
		}
		return nil
	}
}

// TestSecretsGo plants random secrets in many forms at every alignment and looks for
// nine of their bytes in a row.
func TestSecretsGo(t *testing.T) {
	r := rand.NewChaCha8([32]byte{9})
	for round := range 40 {
		key := make([]byte, 64)
		r.Read(key)
		h := []byte(hex.EncodeToString(key))
		forms := map[string][]byte{
			"raw": key, "hex": h, "base64": []byte(base64.StdEncoding.EncodeToString(key)),
			"utf-16": widen(h, 2), "utf-32": widen(h, 4), "password": []byte("tr0ub4dor&3" + string(h[:4])),
		}
		for name, secret := range forms {
			for _, arch := range []string{"x86-64", "s390x", "i386"} {
				at := uint64(base)
				if arch == "i386" {
					at = 0x0900_0000
				}
				data := make([]byte, 4096)
				off := 512 + round%16
				copy(data[off:], secret)
				m := maskOf(t, arch, at, data)
				got := bytes.Clone(data)
				n := m.Apply(got, 0)
				step := 1
				if name == "utf-16" {
					step = 2
				}
				if name == "utf-32" {
					step = 4
				}
				for i := 0; i+9*step <= len(secret); i += step {
					if bytes.Contains(got, secret[i:i+9*step]) {
						t.Fatalf("%s on %s: bytes from %d on are left", name, arch, i)
					}
				}
				changed := int64(0)
				for i := range got {
					if got[i] != data[i] {
						changed++
					}
				}
				if n != changed {
					t.Errorf("%s: says that %d bytes changed, not %d", name, n, changed)
				}
				if again := m.Apply(got, 0); again != 0 {
					t.Errorf("%s on %s: %d bytes change again", name, arch, again)
				}
			}
		}
	}
}

func widen(p []byte, n int) []byte {
	out := make([]byte, n*len(p))
	for i, b := range p {
		out[n*i] = b
	}
	return out
}

// TestStays holds what is kept of a structure, and what is not.
func TestStays(t *testing.T) {
	le := binary.LittleEndian
	for _, c := range []struct {
		name  string
		v     uint64
		stays bool
	}{
		{"null", 0, true}, {"pointer", base + 5, true}, {"code", base + 1<<20 + 17, true},
		{"past the end", base + 0x1234_5678, false}, {"count", 1_000_000, true}, {"minus one", 1<<64 - 1, true},
		{"size of a large chunk", 0x4000_0002, true}, {"two numbers", 0x0000_0005_0000_ff00, true},
		{"number and minus one", 0xffff_ffff_0000_0001, true}, {"text", le.Uint64([]byte("password")), false},
		{"limb", 0x03ff_1234, false}, {"double", 0x3ff8_0000_0000_0000, false}, {"canary", 0x9f3b_22c1_77d0_1100, false},
	} {
		data := make([]byte, 4096)
		le.PutUint64(data[256:], c.v)
		m := maskOf(t, "x86-64", base, data)
		m.Apply(data, 0)
		if stays := le.Uint64(data[256:]) == c.v; stays != c.stays {
			t.Errorf("%s (%#x): stays %t", c.name, c.v, stays)
		}
	}
}

// TestPaths: what NT_FILE names stays, and nothing that only begins like it.
func TestPaths(t *testing.T) {
	const files = "/usr/lib/libc.so.6\x00/usr/lib/libz.so.1.2.3\x00/usr/bin/app\x00"
	data := append(make([]byte, 4096), files...)
	for i, s := range []string{"/lib/libc.so.6", "/usr/lib/libc.so.6.key", "/lib/secret", "/usr//lib", "/lib/libz.so.1", "/lib/libz.s"} {
		copy(data[101+256*i:], s)
	}
	b := layout.NewBuilder("elf-core", int64(len(data)))
	b.Claim(layout.Memory, 0, 4096, base, "PT_LOAD")
	b.Claim(layout.Text, 4096, uint64(len(files)), 0, "NT_FILE")
	l, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	l.Arch = "x86-64"
	m, err := New(l, reader(data))
	if err != nil {
		t.Fatal(err)
	}
	m.Apply(data, 0)
	if !bytes.HasPrefix(data[101:], []byte("/lib/libc.so.6\x00")) || !bytes.HasSuffix(data, []byte(files)) {
		t.Error("the name of a library is gone")
	}
	if !bytes.Contains(data[:4096], []byte("/lib/libz.so.1\x00")) {
		t.Error("the name of a link is gone")
	}
	for _, s := range []string{"libz.s\x00", "key", "secret", "//lib"} {
		if bytes.Contains(data[:4096], []byte(s)) {
			t.Errorf("%q stays", s)
		}
	}
}

// TestPrograms: read-only parts of programs stay whole, other read-only memory does
// not.
func TestPrograms(t *testing.T) {
	data := bytes.Repeat([]byte("some text "), 2048)[:16384]
	b := layout.NewBuilder("elf-core", int64(len(data)))
	for i, mp := range []layout.Mapping{
		{Access: layout.Read, Image: true}, {Access: layout.Read}, {Access: layout.Read | layout.Write, Image: true}, {Access: layout.Read | layout.Execute},
	} {
		b.Claim(layout.Memory, uint64(4096*i), 4096, base+uint64(4096*i), "PT_LOAD")
		b.Map(base+uint64(4096*i), 4096, mp)
	}
	l, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	l.Arch = "x86-64"
	m, err := New(l, reader(data))
	if err != nil {
		t.Fatal(err)
	}
	got := bytes.Clone(data)
	m.Apply(got, 0)
	if !bytes.Equal(got[:4096], data[:4096]) {
		t.Error("a program's data is gone")
	}
	if !probe.Filled(got[4096:]) {
		t.Error("text stays in memory")
	}
}

// TestNumbers: numbers in a row are data.
func TestNumbers(t *testing.T) {
	data := make([]byte, 4096)
	for i := range 256 {
		binary.LittleEndian.PutUint32(data[1024+4*i:], uint32(400+i))
	}
	m := maskOf(t, "x86-64", base, data)
	m.Apply(data, 0)
	if !probe.Filled(data[1024:2048]) {
		t.Error("a table of numbers stays")
	}
}

// FuzzApply: whatever memory holds, minimizing is idempotent, keeps what it says it
// keeps, and changes a byte to probe.Fill or not at all.
func FuzzApply(f *testing.F) {
	f.Add([]byte("/usr/lib\x00some text\x00\x00\x00\x00\x01\x00\x00\x00"), uint8(0), uint8(3))
	f.Add(bytes.Repeat([]byte{0x41, 0, 0, 0}, 40), uint8(1), uint8(0))
	f.Fuzz(func(t *testing.T, data []byte, arch, shift uint8) {
		if len(data) == 0 || len(data) > 1<<14 {
			return
		}
		m := maskOf(t, []string{"x86-64", "i386", "s390x", ""}[arch%4], 0x0900_0000+uint64(shift), data)
		m.paths = map[string]bool{"usr": true, "lib": true, "": true}
		got := bytes.Clone(data)
		n := m.Apply(got, 0)
		for i := range got {
			if got[i] != data[i] {
				n--
				if got[i] != probe.Fill {
					t.Fatalf("byte %d is neither kept nor filled", i)
				}
			}
		}
		if n != 0 {
			t.Fatalf("the count is off by %d", n)
		}
		if again := m.Apply(got, 0); again != 0 {
			t.Fatalf("%d bytes change again", again)
		}
	})
}

func BenchmarkApply(b *testing.B) {
	data := make([]byte, 256<<10)
	r := rand.New(rand.NewPCG(1, 2))
	for i := 0; i < len(data); i += 8 {
		v := []uint64{0, base + r.Uint64()%4096, r.Uint64(), r.Uint64() % 1000}[r.IntN(4)]
		binary.LittleEndian.PutUint64(data[i:], v)
	}
	m := maskOf(b, "x86-64", base, data)
	work := make([]byte, len(data))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		copy(work, data)
		m.Apply(work, 0)
	}
}
