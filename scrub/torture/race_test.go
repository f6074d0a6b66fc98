package torture

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/dumpscrub/dumpscrub/scrub"
	"github.com/dumpscrub/dumpscrub/scrub/receipt"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

const (
	raceSize = 600 << 10 // of the dump, in bytes: three tiles
	tile     = 256 << 10
	page     = 4096
)

// A writer that changes the source at whatever moment gets nothing published: each
// trial ends with a clean copy or with [source.ErrChanged].
func TestRace(t *testing.T) {
	root := folder(t)
	honest := keyPEM(t)
	planted := [][]byte{keyPEM(t), keyPEM(t), keyPEM(t), keyPEM(t)}
	var parts [][]byte
	for _, k := range append(planted, honest) {
		parts = append(parts, secretPart(t, k)...)
	}
	memory := pointers(raceSize)
	copy(memory[300000:], honest)
	dump := core(memory)
	if !holds(dump, parts) {
		t.Fatal("the search for keys finds none")
	}
	outcomes := map[string]int{}
	n := trials(t, 6*time.Second, 8*time.Second, func(seed uint64) {
		r := random(seed)
		tr := &raceTrial{
			r: r, dir: filepath.Join(root, fmt.Sprint(seed)), dump: dump,
			key: planted[r.IntN(len(planted))],
		}
		err := tr.run(t)
		outcome := "clean"
		switch {
		case errors.Is(err, source.ErrChanged):
			outcome = "changed"
		case err != nil:
			t.Errorf("seed %d: %s at %s: error %v, want none or %v", seed, tr.what, tr.when, err, source.ErrChanged)
		}
		outcomes[tr.when+" "+outcome]++
		tr.check(t, seed, err, parts)
		if err := os.RemoveAll(tr.dir); err != nil {
			t.Fatal(err)
		}
	})
	t.Logf("%d trials: %v", n, outcomes)
	if !t.Failed() && n > 100 && (outcomes["scanned changed"] == 0 || outcomes["announce clean"] == 0) {
		t.Error("the writer never hit between scan and copy, or never came too late: the test proves nothing")
	}
}

// raceTrial is one run and what its writer does to it.
type raceTrial struct {
	r          *rand.Rand
	dir        string
	dump, key  []byte
	what, when string
	once       sync.Once
	trap       string // a folder that must get nothing, or ""
}

// stages are the moments at which the writer strikes: before the input is read,
// during and after the scan, in the copy, during verification, before publication,
// or whenever the clock says.
var stages = []string{"open", "scan", "scanned", "copy", "verify", "announce", "timed", "storm"}

func (tr *raceTrial) path() string { return filepath.Join(tr.dir, "in", "dump") }

func (tr *raceTrial) run(t *testing.T) error {
	out := filepath.Join(tr.dir, "out")
	for _, d := range []string{filepath.Dir(tr.path()), out} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(tr.path(), tr.dump, 0o600); err != nil {
		t.Fatal(err)
	}
	tr.when = stages[tr.r.IntN(len(stages))]
	do := tr.attack(t)
	j := job(t, tr.path(), out)
	// Proofs take most of the time and have no part in this.
	j.Harvesters, j.Provers = nil, nil
	j.Config.Chunk = 16 << 10 << tr.r.IntN(5)
	strike := func() { tr.once.Do(do) }
	skip := tr.r.IntN(4)
	at := func(stage string) {
		if stage == tr.when {
			if skip--; skip < 0 {
				strike()
			}
		}
	}
	j.Confine = func() error { skip = 0; at("open"); return nil }
	j.Progress = func(step string, done, total int64) {
		at(step)
		if (step == "scan" || step == "hunt") && done == total {
			skip = 0
			at("scanned")
		}
	}
	j.Announce = func(*scrub.Report) error { skip = 0; at("announce"); return nil }
	var writer sync.WaitGroup
	stop := make(chan struct{})
	switch tr.when {
	case "timed":
		pause := time.Duration(tr.r.IntN(40000)) * time.Microsecond
		writer.Go(func() { time.Sleep(pause); strike() })
	case "storm":
		writer.Go(func() { tr.storm(stop) })
	}
	_, err := scrub.Scrub(t.Context(), j)
	close(stop)
	writer.Wait()
	return err
}

// attack chooses what the writer does.
func (tr *raceTrial) attack(t *testing.T) func() {
	size := int64(len(tr.dump))
	at := tr.r.Int64N(size - 4096)
	if tr.r.IntN(3) == 0 {
		at = tile*(1+tr.r.Int64N(2)) - tr.r.Int64N(int64(len(tr.key)))
	}
	edit := func(change func(f *os.File) error) func() {
		return func() {
			f, err := os.OpenFile(tr.path(), os.O_RDWR, 0)
			if err != nil {
				return // replaced by something else, or gone
			}
			defer f.Close()
			if err := change(f); err != nil {
				t.Error(err)
			}
		}
	}
	// The whole program of what happens behind the open file.
	attacks := []struct {
		what string
		do   func()
	}{
		{"a key is planted", edit(func(f *os.File) error { _, err := f.WriteAt(tr.key, at); return err })},
		{"a key comes and goes", edit(func(f *os.File) error {
			_, err := f.WriteAt(tr.key, at)
			time.Sleep(time.Duration(tr.r.IntN(3000)) * time.Microsecond)
			_, back := f.WriteAt(tr.dump[at:at+int64(len(tr.key))], at)
			return errors.Join(err, back)
		})},
		{"pages change places", edit(func(f *os.File) error {
			a, b := int64(300000)/page*page, at/page*page
			_, err := f.WriteAt(tr.dump[a:a+2*page], b)
			_, back := f.WriteAt(tr.dump[b:min(b+2*page, size)], a)
			return errors.Join(err, back)
		})},
		{"the key moves by a byte", edit(func(f *os.File) error { _, err := f.WriteAt(tr.dump[300000:302000], 300001); return err })},
		{"it is truncated", edit(func(f *os.File) error { return f.Truncate(at) })},
		{"it is truncated and grows again", edit(func(f *os.File) error {
			err := errors.Join(f.Truncate(at), f.Truncate(size))
			_, planted := f.WriteAt(tr.key, at)
			return errors.Join(err, planted)
		})},
		{"it is extended", edit(func(f *os.File) error { _, err := f.WriteAt(tr.key, size); return err })},
		{"a hole is punched", edit(func(f *os.File) error {
			return unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, at/page*page, tile)
		})},
		{"it is written through a mapping", edit(func(f *os.File) error {
			m, err := unix.Mmap(int(f.Fd()), 0, len(tr.dump), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
			if err != nil {
				return err
			}
			copy(m[at:], tr.key)
			return unix.Munmap(m)
		})},
		{"it is replaced", func() {
			other := filepath.Join(tr.dir, "other")
			planted := slices.Concat(tr.dump[:at], tr.key, tr.dump[at+int64(len(tr.key)):])
			if err := errors.Join(os.WriteFile(other, planted, 0o600), os.Rename(other, tr.path())); err != nil {
				t.Error(err)
			}
		}},
		{"a link takes its place", func() {
			other := filepath.Join(tr.dir, "other")
			if err := errors.Join(os.WriteFile(other, tr.key, 0o600), os.Remove(tr.path()), os.Symlink(other, tr.path())); err != nil {
				t.Error(err)
			}
		}},
		{"a link takes the place of the output's folder", func() {
			trap := filepath.Join(tr.dir, "trap")
			tr.trap = trap
			if err := errors.Join(os.Mkdir(trap, 0o700), os.Rename(filepath.Join(tr.dir, "out"), filepath.Join(tr.dir, "moved")), os.Symlink(trap, filepath.Join(tr.dir, "out"))); err != nil {
				t.Error(err)
			}
		}},
	}
	a := attacks[tr.r.IntN(len(attacks))]
	tr.what = a.what
	return a.do
}

// storm changes the source without a pause until stop is closed.
func (tr *raceTrial) storm(stop <-chan struct{}) {
	tr.what = "a storm"
	f, err := os.OpenFile(tr.path(), os.O_RDWR, 0)
	if err != nil {
		return
	}
	defer f.Close()
	size := int64(len(tr.dump))
	shrink := tr.r.IntN(2) == 0
	for {
		select {
		case <-stop:
			return
		default:
		}
		at := tr.r.Int64N(size - 4096)
		if shrink {
			_ = f.Truncate(at)
			_ = f.Truncate(size)
		}
		_, _ = f.WriteAt(tr.key, at)
		_, _ = f.WriteAt(tr.dump[at:at+int64(len(tr.key))], at)
	}
}

// check looks at all that the trial left.
func (tr *raceTrial) check(t *testing.T, seed uint64, err error, parts [][]byte) {
	t.Helper()
	if tr.trap != "" {
		if left, _ := os.ReadDir(tr.trap); len(left) != 0 {
			t.Errorf("seed %d: the trap got %s", seed, left[0].Name())
		}
	}
	dir := filepath.Join(tr.dir, "out")
	if tr.trap != "" {
		dir = filepath.Join(tr.dir, "moved")
	}
	left, readErr := os.ReadDir(dir)
	if readErr != nil {
		t.Fatal(readErr)
	}
	if err != nil {
		if len(left) != 0 {
			t.Errorf("seed %d: %s at %s: the failed run left %s", seed, tr.what, tr.when, left[0].Name())
		}
		return
	}
	out, readErr := os.ReadFile(filepath.Join(dir, "out"))
	if readErr != nil {
		t.Errorf("seed %d: %v", seed, readErr)
		return
	}
	if holds(out, parts) {
		t.Errorf("seed %d: %s at %s: a key was published", seed, tr.what, tr.when)
	}
	text, readErr := os.ReadFile(filepath.Join(dir, "out.receipt.json"))
	if readErr != nil {
		t.Errorf("seed %d: %v", seed, readErr)
		return
	}
	s, readErr := receipt.Read(t.Context(), text, nil)
	sum := sha256.Sum256(out)
	if readErr != nil || s.Covers(receipt.SHA256, hex.EncodeToString(sum[:])) != nil {
		t.Errorf("seed %d: the receipt does not cover the output (%v)", seed, readErr)
	}
}
