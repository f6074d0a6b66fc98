//go:build linux && amd64

package torture

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/dumpscrub/dumpscrub/formats/dumptest"
)

// waiting are the calls that change nothing and wait for other threads: they come as
// often as the machine is slow, and what is killed at one is killed before the next.
var waiting = []uint64{unix.SYS_NANOSLEEP, unix.SYS_SCHED_YIELD}

// everyFault are what becomes of each call on each file of a run.
var everyFault = []struct {
	name  string
	calls []uint64
	do    func(tracedCall) verdict
	// harmless faults are of the kind that POSIX lets happen at any time: the run must
	// go on as if nothing were.
	harmless bool
}{
	{"EIO", []uint64{
		unix.SYS_READ, unix.SYS_WRITE, unix.SYS_PREAD64, unix.SYS_PWRITE64, unix.SYS_FTRUNCATE, unix.SYS_FSYNC, unix.SYS_LSEEK, unix.SYS_FSTAT,
		unix.SYS_CLOSE, unix.SYS_LINKAT, unix.SYS_RENAMEAT, unix.SYS_OPENAT, unix.SYS_NEWFSTATAT, unix.SYS_MMAP,
	}, func(tracedCall) verdict { return verdict{errno: unix.EIO} }, false},
	{"ENOSPC", []uint64{unix.SYS_WRITE, unix.SYS_PWRITE64, unix.SYS_FTRUNCATE, unix.SYS_FSYNC, unix.SYS_LINKAT, unix.SYS_RENAMEAT, unix.SYS_OPENAT},
		func(tracedCall) verdict { return verdict{errno: unix.ENOSPC} }, false},
	{"EINTR", []uint64{unix.SYS_READ, unix.SYS_WRITE, unix.SYS_PREAD64, unix.SYS_PWRITE64, unix.SYS_FTRUNCATE, unix.SYS_FSYNC},
		func(tracedCall) verdict { return verdict{errno: unix.EINTR} }, true},
	{"EINTR at a name", []uint64{unix.SYS_OPENAT, unix.SYS_LINKAT, unix.SYS_RENAMEAT},
		func(tracedCall) verdict { return verdict{errno: unix.EINTR} }, false},
	{"short", []uint64{unix.SYS_READ, unix.SYS_WRITE, unix.SYS_PREAD64, unix.SYS_PWRITE64}, func(c tracedCall) verdict {
		return verdict{length: max(1, c.length/2)}
	}, true},
	{"one byte", []uint64{unix.SYS_READ, unix.SYS_WRITE, unix.SYS_PREAD64, unix.SYS_PWRITE64}, func(tracedCall) verdict { return verdict{length: 1} }, true},
	{"an early end", []uint64{unix.SYS_READ, unix.SYS_PREAD64}, func(tracedCall) verdict { return verdict{lie: true} }, false},
	{"a lost write", []uint64{unix.SYS_WRITE, unix.SYS_PWRITE64}, func(c tracedCall) verdict { return verdict{lie: true, result: int64(c.length)} }, false},
}

// ending is one thing that is done to a run: a kill at call n of all, or a fault at
// call n of that number on that file.
type ending struct {
	fault int // index of everyFault, or -1 for a kill
	nr    uint64
	role  string
	n     int
}

func (e ending) String() string {
	if e.fault < 0 {
		return fmt.Sprintf("kill at call %d", e.n)
	}
	return fmt.Sprintf("%s at %s %d of the %s", everyFault[e.fault].name, callName(e.nr), e.n, e.role)
}

// callBench is a command whose system calls all fail, one after the other.
type callBench struct {
	name  string
	dir   string
	args  []string
	in    []byte
	want  map[string][]byte // what has a name in the end, complete
	bin   string
	parts *pieces // of the secret
}

// Every system call of one run of scrub, of one that unpacks, and of one gate that
// releases: killed there, and failed or cut short on source, spool and destination.
// Nothing that has a name is anything but the verified copy, no message holds a byte
// of the key, and the next run works. All of them are tried, in some minutes, when
// DUMPSCRUB_COMPLETE is set.
func TestEveryCall(t *testing.T) {
	bin := buildTool(t)
	key := dumptest.KeyPEM()
	memory := pointers(20000)
	clean := dumptest.Core(memory)
	memory = pointers(20000)
	copy(memory[9000:], key)
	plain := dumptest.Core(memory)
	const workers = 2
	for _, c := range []struct {
		name, command string
		in            []byte
	}{
		{"scrub", "scrub DUMP -o OUT --force --quiet --depth fast --jobs 1 --spool-dir SPOOL", plain},
		{"scrub, packed", "scrub DUMP -o OUT --force --quiet --depth fast --jobs 1 --spool-dir SPOOL", gzipped(t, plain)},
		{"gate", "gate DUMP --copy-to OUT --quiet --jobs 1", clean},
	} {
		probe := newCallBench(t, bin, c.name, c.command, c.in, newPieces(secretPart(t, key)))
		all := probe.endings(t)
		for w := range workers {
			t.Run(fmt.Sprint(c.name, w), func(t *testing.T) {
				t.Parallel()
				b := newCallBench(t, bin, c.name, c.command, c.in, probe.parts)
				b.tryAll(t, all, w, workers)
			})
		}
	}
}

func newCallBench(t *testing.T, bin, name, command string, in []byte, parts *pieces) *callBench {
	t.Helper()
	b := &callBench{name: name, dir: folder(t), in: in, bin: bin, parts: parts}
	path := func(s string) string { return filepath.Join(b.dir, s) }
	b.args = append([]string{bin}, strings.Fields(strings.NewReplacer("DUMP", path("dump"), "OUT", path("results/out"), "SPOOL", path("spool")).Replace(command))...)
	if err := os.WriteFile(path("dump"), in, 0o400); err != nil {
		t.Fatal(err)
	}
	b.tidy(t)
	code, text, err := b.trace(func(tracedCall) verdict { return verdict{} })
	if err != nil {
		t.Skipf("processes cannot be traced: %v", err)
	}
	if code != 0 {
		t.Fatalf("%s: exit %d: %s", name, code, text)
	}
	b.want = b.named(t)
	if len(b.want) == 0 || parts.in(b.want["out"]) {
		t.Fatalf("%s: the reference holds the key, or there is none", name)
	}
	return b
}

// tidy empties the folders of results and of spools.
func (b *callBench) tidy(t *testing.T) {
	t.Helper()
	for _, d := range []string{"results", "spool"} {
		d = filepath.Join(b.dir, d)
		if err := errors.Join(os.RemoveAll(d), os.Mkdir(d, 0o700)); err != nil {
			t.Fatal(err)
		}
	}
}

// trace runs the command with one thread that runs Go, so that its calls come in
// much the same order each time.
func (b *callBench) trace(decide func(tracedCall) verdict) (int, string, error) {
	tr := &tracer{dir: b.dir, decide: decide}
	return tr.run(b.args, append(os.Environ(), "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1", "TMPDIR="+filepath.Join(b.dir, "spool")))
}

// named returns all files that have a name in the end.
func (b *callBench) named(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, n := range listed(t, filepath.Join(b.dir, "results")) {
		data, err := os.ReadFile(filepath.Join(b.dir, "results", n))
		if err != nil {
			t.Fatal(err)
		}
		out[n] = data
	}
	return out
}

// endings lists all that can be done to a run, by what one run does.
func (b *callBench) endings(t *testing.T) []ending {
	t.Helper()
	b.tidy(t)
	kills := 0
	type place struct {
		nr   uint64
		role string
	}
	most := map[place]int{}
	if code, text, err := b.trace(func(c tracedCall) verdict {
		if !slices.Contains(waiting, c.nr) {
			kills++
		}
		if c.role != "" {
			most[place{c.nr, c.role}]++
		}
		return verdict{}
	}); err != nil || code != 0 {
		t.Fatalf("exit %d, error %v: %s", code, err, text)
	}
	var all []ending
	for n := range kills + kills/10 { // other runs may make some more
		all = append(all, ending{fault: -1, n: n})
	}
	places := slices.SortedFunc(maps.Keys(most), func(a, b place) int { return cmp.Or(cmp.Compare(a.nr, b.nr), cmp.Compare(a.role, b.role)) })
	reached := map[string]int{}
	for i, f := range everyFault {
		for _, p := range places {
			if !slices.Contains(f.calls, p.nr) {
				continue
			}
			for n := range most[p] {
				all = append(all, ending{i, p.nr, p.role, n})
			}
			reached[f.name+" on the "+p.role] += most[p]
		}
	}
	t.Logf("%s: kills at %d calls; faults at %v", b.name, kills, reached)
	for _, f := range []string{"EIO", "EINTR", "short"} {
		for _, role := range []string{"source", "spool", "destination"} {
			if reached[f+" on the "+role] == 0 && (role != "spool" || b.name != "scrub") {
				t.Errorf("%s: no call on the %s to try %s at", b.name, role, f)
			}
		}
	}
	return all
}

// tryAll tries every workers-th ending from the w-th on, in an order in which a short
// run sees something of everything.
func (b *callBench) tryAll(t *testing.T, all []ending, w, workers int) {
	order := random(uint64(w / workers)).Perm(len(all))
	ended := map[string]int{}
	try := func(i int) {
		b.try(t, all[order[i]], ended)
	}
	if os.Getenv("DUMPSCRUB_COMPLETE") != "" {
		for i := w; i < len(all) && !t.Failed(); i += workers {
			try(i)
		}
	} else {
		trials(t, time.Second, 2*time.Second, func(seed uint64) { try((w + int(seed)*workers) % len(all)) })
	}
	t.Logf("%s, %d: %v", b.name, w, ended)
	if after, err := os.ReadFile(filepath.Join(b.dir, "dump")); err != nil || !bytes.Equal(after, b.in) {
		t.Errorf("the source was changed (error %v)", err)
	}
}

// try runs the command into an empty folder, does e to it, and looks at what is left.
func (b *callBench) try(t *testing.T, e ending, ended map[string]int) {
	t.Helper()
	b.tidy(t)
	seen, done := 0, false
	watch := time.Now()
	code, text, err := b.trace(func(c tracedCall) verdict {
		counts := !done && (e.fault < 0 && !slices.Contains(waiting, c.nr) || e.fault >= 0 && c.nr == e.nr && c.role == e.role)
		if counts {
			seen++
			if done = seen == e.n+1; done && e.fault < 0 {
				return verdict{kill: true}
			} else if done {
				return everyFault[e.fault].do(c)
			}
		}
		return verdict{}
	})
	if err != nil {
		t.Fatalf("%v: %v", e, err)
	}
	what := fmt.Sprintf("%s: %v, exit %d", b.name, e, code)
	if took := time.Since(watch); took > 60*time.Second {
		t.Errorf("%s: it took %v", what, took)
	}
	if b.parts.in([]byte(text)) || strings.Contains(text, "panic") || strings.Contains(text, "goroutine ") {
		t.Errorf("%s: it says too much", what)
	}
	left := b.left(t, what)
	harmless := e.fault < 0 || everyFault[e.fault].harmless
	switch {
	case code == 0 && left != len(b.want):
		t.Errorf("%s: success, but %d files: %s", what, left, text)
	case code > 0 && left != 0:
		t.Errorf("%s: an error, but %d files: %s", what, left, text)
	case code > 0 && harmless, code < 0 && e.fault >= 0:
		t.Errorf("%s: it ends: %s", what, text)
	}
	outcome := map[bool]string{true: " done", false: " ended"}[code == 0]
	if !done {
		outcome = " too late"
	}
	if e.fault < 0 {
		ended["kill"+outcome]++
	} else {
		ended[everyFault[e.fault].name+outcome]++
	}
	// Where nothing is left the next run begins as this one did.
	if left > 0 && code != 0 {
		if code, text, err := b.trace(func(tracedCall) verdict { return verdict{} }); err != nil || code != 0 && b.name != "gate" {
			t.Errorf("%s: the next run ends with %d, %v: %s", what, code, err, text)
		} else if b.left(t, what+", next run") != len(b.want) {
			t.Errorf("%s: the next run leaves something else", what)
		}
	}
}

// left checks every name that there is and returns how many there are.
func (b *callBench) left(t *testing.T, what string) int {
	t.Helper()
	if spools := listed(t, filepath.Join(b.dir, "spool")); len(spools) != 0 {
		t.Errorf("%s: %v is left of a spool", what, spools)
	}
	names := b.named(t)
	for n, data := range names {
		// A copy that is killed on its way to replace another has a name of its own.
		want := b.want["out"]
		if strings.Contains(n, "receipt") {
			want = b.want["out.receipt.json"]
		}
		if !bytes.Equal(data, want) {
			t.Errorf("%s: %s has a name and is not the verified copy", what, n)
		}
	}
	if _, alone := names["out.receipt.json"]; alone && len(names) == 1 {
		t.Errorf("%s: a receipt without its copy", what)
	}
	return len(names)
}
