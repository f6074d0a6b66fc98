package torture

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/dumpscrub/dumpscrub/formats"
	"github.com/dumpscrub/dumpscrub/formats/dumptest"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// evade scrubs a dump in which secrets are hidden: they are gone from the copy, or
// there is no copy. It returns the error of a run that was refused.
func evade(t *testing.T, dir, what, format string, data []byte, secrets ...hidden) error {
	t.Helper()
	path := filepath.Join(dir, "dump")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	j := job(t, path, dir)
	j.Force, j.Receipt, j.Format = true, "", format
	j.Harvesters, j.Provers = nil, nil // their tables would be most of the work
	defer os.Remove(j.Output)
	_, err := scrub.Scrub(t.Context(), j)
	if err != nil {
		if _, err := os.Lstat(j.Output); err == nil {
			t.Errorf("%s: a refused run left an output", what)
		}
		return err
	}
	f, err := os.Open(j.Output)
	if err != nil {
		t.Fatal(err)
	}
	in, err := source.Open(f, source.Options{SpoolDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := io.ReadAll(io.NewSectionReader(in, 0, in.Size()))
	if err != nil {
		t.Fatal(err)
	}
	survivors := 0
	for _, s := range secrets {
		if holds(out, s.parts) {
			survivors++
		}
	}
	if survivors > 0 {
		t.Errorf("%s: %d of %d secrets survive", what, survivors, len(secrets))
	}
	return nil
}

// mustEvade is evade for dumps that are to be taken, so that the attack is one.
func mustEvade(t *testing.T, dir, what, format string, data []byte, secrets ...hidden) {
	t.Helper()
	if err := evade(t, dir, what, format, data, secrets...); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// Secrets in odd places of ELF cores.
func TestEvasionELF(t *testing.T) {
	dir := folder(t)
	for seed, e := range elves() {
		if testing.Short() && seed%3 != 0 {
			continue // one of each class and of each byte order is left
		}
		r := random(uint64(seed))
		const addr = 0x400000
		try := func(what string, data []byte, secrets ...hidden) {
			t.Helper()
			mustEvade(t, dir, e.name+": "+what, "", data, secrets...)
		}
		all := func(body []byte) load {
			return load{1, 6, e.head(1), addr, uint64(len(body)), uint64(len(body))}
		}
		k := dumptest.KeyPEM()
		key := hidden{k, secretPart(t, k)}
		a, b, c, d := token(r), token(r), token(r), token(r)
		gap := pointers(600)

		// Each lies over a border of a page or a tile, at another place of itself.
		body := pointers(600 << 10)
		var placed []hidden
		for _, border := range []int{4096, 32768, 65536, 131072, 256 << 10, 512 << 10} {
			for i, before := range []int{1, 40, 80} {
				s := token(r)
				at := border + i*4096 - int(e.head(1)) - before
				if i > 0 && border >= 65536 {
					continue // that is no border but of pages
				}
				copy(body[at:], s.between())
				placed = append(placed, s)
			}
		}
		try("borders", e.core(body, all(body)), placed...)

		// Neighbours in memory, far from each other in the file, in pieces of a few bytes.
		text := slices.Concat(make([]byte, 64), a.text, make([]byte, 64))
		var loads []load
		var shuffled []byte
		pieces := slices.Collect(slices.Chunk(text, 17))
		for _, i := range r.Perm(len(pieces)) {
			shuffled = append(shuffled, gap...)
			n := uint64(len(pieces[i]))
			loads = append(loads, load{1, 6, e.head(len(pieces)) + uint64(len(shuffled)), addr + 17*uint64(i), n, n})
			shuffled = append(shuffled, pieces[i]...)
		}
		if err := evade(t, dir, e.name+": shuffled", "", e.core(shuffled, loads...)); err != nil {
			t.Error(err)
		}
		shuffledGone(t, dir, e, shuffled, loads, a)

		// In front of the first segment, between two, and behind the last.
		body = slices.Concat(gap, a.between(), gap, b.between(), gap, gap, c.between())
		h := e.head(2)
		second := uint64(3*len(gap) + len(a.text) + len(b.text) + 4)
		try("gaps", e.core(body,
			load{1, 6, h + uint64(len(gap)+len(a.text)+2), addr, 100, 100},
			load{1, 6, h + second, 2 * addr, 100, 100}), a, b, c)

		// In notes: of a kind nobody knows, in the owner's name, in a description.
		notes := slices.Concat(e.note([]byte("EVADER\x00"), a.between(), 77), e.note(b.between(), []byte("x"), 3), e.note([]byte("CORE\x00"), c.between(), 0x46494c45), d.between())
		n := uint64(len(notes))
		if err := evade(t, dir, e.name+": notes", "", e.core(slices.Concat(notes, gap), load{4, 0, e.head(2), 0, n, 0}, load{1, 6, e.head(2) + n, addr, 600, 600}), a, b, c, d); err != nil {
			t.Logf("%s: notes: refused: %v", e.name, err)
		}
		notes = slices.Concat(e.note([]byte("EVADER\x00"), a.between(), 77), e.note([]byte("CORE\x00"), slices.Concat(make([]byte, 44), b.between()), 3), c.between())
		n = uint64(len(notes))
		if err := evade(t, dir, e.name+": notes that are cut", "", e.core(slices.Concat(notes, gap), load{4, 0, e.head(2), 0, n, 0}, load{1, 6, e.head(2) + n, addr, 600, 600}), a, b, c); err != nil {
			t.Logf("%s: notes that are cut: refused: %v", e.name, err)
		}

		// Aliases: the same bytes under two addresses, and overlapping in part.
		body = slices.Concat(gap, a.between(), gap, key.text, gap)
		m := uint64(len(body))
		try("aliases", e.core(body, load{1, 6, e.head(3), addr, m, m}, load{1, 4, e.head(3), 2 * addr, m, m}, load{1, 4, e.head(3) + 650, 3 * addr, m - 650, m}), a, key)

		// Headers that say too little, nothing, or other things.
		for what, l := range map[string]load{
			"no flags": {1, 0, e.head(1), addr, m, m}, "no memory": {1, 6, e.head(1), addr, m, 0},
			"no bytes": {1, 6, e.head(1), addr, 0, m}, "null": {0, 6, e.head(1), addr, m, m},
			"unknown": {0x6fffffff, 6, e.head(1), addr, m, m}, "too short": {1, 6, e.head(1), addr, 630, 630},
			"executable": {1, 5, e.head(1), addr, m, m},
		} {
			try("header: "+what, e.core(body, l), key)
		}
		// A border that is a lie, in the middle of the key.
		cut := uint64(2*len(gap) + len(a.text) + 2 + 90)
		try("a lie", e.core(body, load{1, 6, e.head(2), addr, cut, cut}, load{1, 6, e.head(2) + cut, 9 * addr, m - cut, m - cut}), a, key)

		// Longer than the file, the secret at the cut.
		if err := evade(t, dir, e.name+": cut", "", e.core(slices.Concat(gap, a.between()), load{1, 6, e.head(1), addr, 1 << 20, 1 << 20}), a); err != nil {
			t.Errorf("%s: cut: %v", e.name, err)
		}
		// Both parities of two-byte characters.
		w, v := a.wide(), b.wide()
		body = slices.Concat(make([]byte, 64), w.text, make([]byte, 65), v.text, make([]byte, 64))
		try("UTF-16", e.core(body, all(body)), w, v)

		// Beside what looks like it and is not.
		decoys := slices.Concat(bytes.Repeat([]byte("-----BEGIN PRIVATE KEY-----\n"), 3000), key.text, bytes.Repeat([]byte("eyJ"), 9000), []byte{0}, a.text, []byte{0}, bytes.Repeat([]byte("eyJhbGciOiJIUzI1NiJ9."), 2000))
		try("decoys", e.core(decoys, all(decoys)), key, a)

		// In containers, and with a wrong magic.
		body = slices.Concat(gap, a.between(), key.text, gap)
		dump := e.core(body, all(body))
		try("containers", gzipped(t, zstandard(t, dump)), a, key)
		dump[1] = 'e'
		if err := evade(t, dir, e.name+": magic", "", dump, a, key); err == nil {
			t.Errorf("%s: a wrong magic is taken", e.name)
		}
		mustEvade(t, dir, e.name+": raw", "raw", dump, a, key)
	}
}

// shuffledGone checks that of a text in pieces no piece of its private part is left
// in its place.
func shuffledGone(t *testing.T, dir string, e elf, body []byte, loads []load, s hidden) {
	t.Helper()
	var parts [][]byte
	for _, l := range loads {
		off := l.off - e.head(len(loads))
		// Digits only: what lies around the text is zero.
		p := bytes.Trim(body[off:off+l.file], "\x00")
		if len(p) > 0 && bytes.Contains(s.parts[0], p) {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		t.Fatal("no piece is private")
	}
	mustEvade(t, dir, e.name+": shuffled", "", e.core(body, loads...), hidden{parts: parts})
}

// Secrets in odd places of minidumps.
func TestEvasionMinidump(t *testing.T) {
	dir := folder(t)
	r := random(9)
	le := binary.LittleEndian
	k := dumptest.KeyPEM()
	key := hidden{k, secretPart(t, k)}
	a, b, c, d := token(r), token(r), token(r), token(r)
	gap := pointers(640)
	system := plain(7, append([]byte{9, 0, 6, 0}, make([]byte, 52)...)) // SystemInfoStream, AMD64
	for what, dump := range map[string][]byte{
		"memory":          minidump(nil, system, memoryList(slices.Concat(gap, a.between(), key.text), slices.Concat(gap, b.between()))),
		"tail":            minidump(slices.Concat(a.between(), key.text, b.between()), system, memoryList(gap)),
		"comments":        minidump(nil, system, plain(10, a.between()), plain(11, b.wide().text), memoryList(slices.Concat(gap, key.text))),
		"unknown streams": minidump(nil, system, plain(0x47670001, slices.Concat(a.between(), key.text)), plain(0, b.between()), memoryList(gap)),
		"a stream that says less than it has": minidump(nil, system, func(uint32) stream {
			return stream{kind: 10, data: slices.Concat(a.between(), key.text, b.between()), size: 8}
		}, memoryList(gap)),
		"one place in two streams": minidump(nil, system, plain(10, slices.Concat(a.between(), key.text, b.between())), func(at uint32) stream {
			return stream{kind: 0x47670002, rva: at - 600, size: 500}
		}, memoryList(gap)),
		"a name of a thread": minidump(nil, system, func(at uint32) stream {
			// ThreadNamesStream: count, then thread ID and 64-bit RVA of a MINIDUMP_STRING.
			w := a.wide().text
			p := le.AppendUint32(nil, 1)
			p = le.AppendUint32(p, 7)
			p = le.AppendUint64(p, uint64(at)+16)
			p = le.AppendUint32(p, uint32(len(w)))
			return stream{kind: 24, data: append(append(p, w...), 0, 0)}
		}, memoryList(slices.Concat(gap, b.between(), key.text))),
	} {
		mustEvade(t, dir, what, "", dump, a, b, key, a.wide(), b.wide(), c, d)
		mustEvade(t, dir, what+" in containers", "", zstandard(t, gzipped(t, dump)), a, b, key, a.wide(), b.wide())
	}
}

// Secrets at every place of real dumps that is not structure.
func TestEvasionSamples(t *testing.T) {
	dir, r := folder(t), random(3)
	samples := dumptest.Folder()
	entries, err := os.ReadDir(samples)
	if err != nil {
		t.Skip("no sample dumps")
	}
	taken, refused, hiddenIn := 0, 0, 0
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".dmp") && !strings.HasSuffix(entry.Name(), ".core") {
			continue
		}
		data, err := os.ReadFile(filepath.Join(samples, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		l, err := formats.Open(bytes.NewReader(data), int64(len(data)), "")
		if err != nil || testing.Short() && len(data) > 64<<10 {
			continue
		}
		secrets := plantAll(t, data, l, func() hidden { return token(r) })
		hiddenIn += len(secrets)
		if err := evade(t, dir, entry.Name(), l.Format, data, secrets...); err != nil {
			t.Logf("%s: refused: %v", entry.Name(), err)
			refused++
			continue
		}
		taken++
	}
	t.Logf("%d secrets in %d dumps, of which %d were refused", hiddenIn, taken+refused, refused)
	if taken < 5 {
		t.Errorf("only %d dumps were taken", taken)
	}
}

// plantAll writes secrets to the beginning, the middle and the end of every region
// that has room and is not structure, and returns them.
func plantAll(t *testing.T, data []byte, l *layout.Layout, fresh func() hidden) []hidden {
	t.Helper()
	var out []hidden
	kinds := map[string]int{}
	for _, reg := range l.Regions {
		// Of each kind and name a few are enough.
		name := fmt.Sprint(reg.Kind, reg.Name)
		if reg.Kind == layout.Structure || kinds[name] >= 4 {
			continue
		}
		kinds[name]++
		s := fresh()
		n := int64(len(s.text) + 2)
		for k, at := range []int64{reg.Off, reg.Off + (reg.Len-n)/2, reg.End() - n} {
			if reg.Len < int64(k+1)*2*n {
				break
			}
			if k > 0 {
				s = fresh()
			}
			copy(data[at:], s.between())
			out = append(out, s)
		}
	}
	return out
}

// Secrets at a stride that no size of a chunk, a tile or a slab shares, so that they
// lie over every border there is.
func TestEvasionEveryBorder(t *testing.T) {
	r := random(5)
	size := 17 << 20 // more than a slab
	if testing.Short() {
		size = 1 << 20
	}
	body := pointers(size)
	var secrets []hidden
	const stride = 331
	for at := 0; at+stride < size; at += stride {
		// Most are one text, so that the test takes seconds; those around the
		// multiples of a page are their own.
		if at%4096 > stride && at%4096 < 4096-stride {
			continue
		}
		s := token(r)
		copy(body[at:], s.between())
		secrets = append(secrets, s)
	}
	dir := folder(t)
	path := filepath.Join(dir, "dump")
	e := elves()[0]
	if err := os.WriteFile(path, e.core(body, load{1, 6, e.head(1), 0x400000, uint64(size), uint64(size)}), 0o600); err != nil {
		t.Fatal(err)
	}
	j := job(t, path, dir)
	j.Harvesters, j.Provers, j.Depth, j.Chunk = nil, nil, scrub.Fast, 0
	if _, err := scrub.Scrub(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	out, err := os.ReadFile(j.Output)
	if err != nil {
		t.Fatal(err)
	}
	left := 0
	at := 0
	for _, s := range secrets {
		// In its own place: a search of everything for each would be quadratic.
		i := bytes.Index(body[at:], s.parts[0])
		if i < 0 {
			continue // another one was written over it
		}
		at += i
		off := int(e.head(1)) + at
		if bytes.Equal(out[off:off+12], s.parts[0][:12]) || bytes.Equal(out[off+20:off+32], s.parts[0][20:32]) {
			left++
		}
	}
	if left > 0 {
		t.Errorf("%d of %d secrets survive", left, len(secrets))
	}
}

func gzipped(t *testing.T, p []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(p); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstandard(t *testing.T, p []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	return w.EncodeAll(p, nil)
}
