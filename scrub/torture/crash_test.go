package torture

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dumpscrub/dumpscrub/formats/dumptest"
)

// faults are what strace makes of a system call, and the calls that it is done to.
// A lie is a call that is not carried out and reports success.
var faults = []struct {
	name, inject string
	calls        []string
}{
	{"kill", "signal=KILL", []string{
		"openat", "read", "write", "pread64", "pwrite64", "mmap", "munmap", "ftruncate", "fsync", "linkat", "renameat",
		"lseek", "fstat", "newfstatat", "close", "fadvise64", "getrandom", "madvise", "epoll_ctl", "fcntl", "landlock_restrict_self",
		"seccomp", "exit_group", "futex", "sched_yield", "nanosleep", "rt_sigaction", "clone", "clone3", "tgkill",
	}},
	{"no space", "error=ENOSPC", []string{"openat", "write", "pwrite64", "ftruncate", "fsync", "linkat", "renameat"}},
	{"broken disk", "error=EIO", []string{"openat", "read", "write", "pread64", "pwrite64", "ftruncate", "fsync", "linkat", "lseek", "fstat", "newfstatat"}},
	{"interrupted", "error=EINTR", []string{"openat", "read", "write", "pread64", "pwrite64", "ftruncate", "fsync"}},
	{"no memory", "error=ENOMEM", []string{"linkat", "openat", "fadvise64"}},
	{"refused", "error=EACCES", []string{"openat", "linkat", "landlock_add_rule", "landlock_restrict_self", "seccomp"}},
	{"not there", "error=ENOSYS", []string{"landlock_create_ruleset", "seccomp", "fadvise64"}},
	{"a lost write", "retval=4096", []string{"pwrite64"}},
	{"a short write", "retval=1", []string{"write", "pwrite64"}},
	{"a short read", "retval=0", []string{"read", "pread64"}},
	{"a lost sync", "retval=0", []string{"fsync", "ftruncate"}},
}

// crash is one way in which a run ends early.
type crash struct {
	fault, inject, call string
	n                   int // the call of that name in its thread
}

// bench is where runs are made to crash.
type crashBench struct {
	bin, dir, in string
	jobs         int
	source       []byte
	out, receipt []byte // of a run that nothing happens to
}

// Whatever system call is the last one, whatever call fails or lies: what has a
// name is the verified copy, whole, and the next run works. DUMPSCRUB_FAULT names
// one fault to be tried alone.
func TestCrash(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("strace is not installed")
	}
	bin := buildTool(t)
	key := dumptest.KeyPEM()
	memory := pointers(3*tile - 120) // with the headers three tiles, so that one of two workers writes twice
	copy(memory[20000:], key)
	plain := dumptest.Core(memory)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	// In one tile: nothing notices yet when the disk loses a later piece of a spool,
	// and the copy is then a verified one of other bytes.
	_, err := w.Write(dumptest.Core(memory[:40000]))
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	var benches []*crashBench
	for _, data := range [][]byte{plain, packed.Bytes()} {
		benches = append(benches, newCrashBench(t, bin, data, 2))
	}
	if holds(benches[0].out, secretPart(t, key)) {
		t.Fatal("the reference holds the key")
	}
	all := mixed(benches[0].crashes(t))
	ended := map[string]int{}
	n := trials(t, 5*time.Second, 8*time.Second, func(seed uint64) {
		if int(seed) >= len(all)*len(benches) {
			return
		}
		c := all[int(seed)%len(all)]
		b := benches[(int(seed)+int(seed)/len(all))%len(benches)]
		ended[c.fault+": "+b.try(t, c)]++
	})
	t.Logf("%d of %d crashes: %v", min(n, len(all)*len(benches)), len(all)*len(benches), ended)
	for _, b := range benches {
		if after, err := os.ReadFile(b.in); err != nil || !bytes.Equal(after, b.source) {
			t.Errorf("the source was changed (error %v)", err)
		}
	}
}

// mixed returns crashes in an order in which the faults take turns, so that a short
// run has tried each.
func mixed(all []crash) []crash {
	random(0).Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
	turn := make([]int, len(all))
	seen := map[string]int{}
	order := make([]int, len(all))
	for i, c := range all {
		turn[i], order[i] = seen[c.fault], i
		seen[c.fault]++
	}
	slices.SortStableFunc(order, func(i, k int) int { return turn[i] - turn[k] })
	out := make([]crash, len(all))
	for i, k := range order {
		out[i] = all[k]
	}
	return out
}

func newCrashBench(t *testing.T, bin string, data []byte, jobs int) *crashBench {
	b := &crashBench{bin: bin, dir: folder(t), source: data, jobs: jobs}
	b.in = filepath.Join(b.dir, "dump")
	if err := os.WriteFile(b.in, data, 0o400); err != nil {
		t.Fatal(err)
	}
	if code, text := b.run(t); code != 0 {
		t.Fatalf("exit %d: %s", code, text)
	}
	var err error
	if b.out, err = os.ReadFile(b.path("out")); err != nil {
		t.Fatal(err)
	}
	if b.receipt, err = os.ReadFile(b.path("out.receipt.json")); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *crashBench) path(name string) string { return filepath.Join(b.dir, "results", name) }

// run scrubs into an empty folder, under a tracer if one is named, and returns the
// exit code, -1 for a run that was killed.
func (b *crashBench) run(t *testing.T, tracer ...string) (int, string) {
	t.Helper()
	for _, d := range []string{b.path(""), filepath.Join(b.dir, "spool")} {
		if err := errors.Join(os.RemoveAll(d), os.MkdirAll(d, 0o700)); err != nil {
			t.Fatal(err)
		}
	}
	return b.scrub(t, tracer...)
}

func (b *crashBench) scrub(t *testing.T, args ...string) (int, string) {
	t.Helper()
	args = append(args, b.bin, "scrub", b.in, "-o", b.path("out"), "--force", "--quiet", "--depth", "fast", "--jobs", strconv.Itoa(b.jobs), "--spool-dir", filepath.Join(b.dir, "spool"))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	text, err := exec.CommandContext(ctx, args[0], args[1:]...).CombinedOutput()
	if ctx.Err() != nil {
		t.Errorf("%v: it hangs", args)
	}
	var x *exec.ExitError
	if errors.As(err, &x) {
		return x.ExitCode(), string(text)
	}
	if err != nil {
		t.Fatal(err)
	}
	return 0, string(text)
}

// calls returns how often one thread makes each call at most.
func (b *crashBench) calls(t *testing.T) map[string]int {
	log := filepath.Join(b.dir, "log")
	b.run(t, "strace", "-f", "-o", log)
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	most := map[string]int{}
	counts := map[string]int{}
	for _, m := range regexp.MustCompile(`(?m)^(\d+) +(\w+)\(`).FindAllStringSubmatch(string(text), -1) {
		counts[m[1]+m[2]]++
		most[m[2]] = max(most[m[2]], counts[m[1]+m[2]])
	}
	return most
}

// crashes lists what can be done to a run: each fault at each call.
func (b *crashBench) crashes(t *testing.T) []crash {
	most := b.calls(t)
	var all []crash
	only := os.Getenv("DUMPSCRUB_FAULT")
	for _, f := range faults {
		if only != "" && f.name != only {
			continue
		}
		for _, call := range f.calls {
			for n := range most[call] + 1 {
				all = append(all, crash{f.name, f.inject, call, n + 1})
			}
		}
	}
	return all
}

// try makes a run crash, checks what it leaves, and lets the next one finish.
func (b *crashBench) try(t *testing.T, c crash) string {
	t.Helper()
	code, text := b.run(t, "strace", "-f", "--seccomp-bpf", "-qq", "-o", os.DevNull, "-e", "trace="+c.call,
		"-e", "inject="+c.call+":"+c.inject+":when="+strconv.Itoa(c.n))
	what := fmt.Sprintf("%s at %s %d, exit %d", c.fault, c.call, c.n, code)
	left := b.left(t, what)
	switch {
	case code == 0 && left != 2:
		t.Errorf("%s: success, but %d files\n%s", what, left, text)
	case code > 0 && code < 128 && left != 0 && !strings.Contains(text, "fatal error") && !strings.Contains(text, "runtime:"):
		t.Errorf("%s: an error, but %d files\n%s", what, left, text)
	}
	if strings.Contains(text, "panic:") {
		t.Errorf("%s: %s", what, text)
	}
	// Where nothing is left the next run begins as this one did.
	if left == 0 {
		return "ended"
	}
	if code, text := b.scrub(t); code != 0 {
		t.Errorf("%s: the next run ends with %d: %s", what, code, text)
	} else if b.left(t, what+", next run") != 2 {
		t.Errorf("%s: the next run leaves something else", what)
	}
	if code == 0 {
		return "done"
	}
	return "ended"
}

// left checks every name that there is and returns how many there are.
func (b *crashBench) left(t *testing.T, what string) int {
	t.Helper()
	spools, err := os.ReadDir(filepath.Join(b.dir, "spool"))
	if err != nil || len(spools) != 0 {
		t.Errorf("%s: %d spools are left (error %v)", what, len(spools), err)
	}
	names, err := os.ReadDir(b.path(""))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range names {
		f, err := os.Open(b.path(e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.Contains(e.Name(), "receipt") && bytes.Equal(data, b.receipt):
		case !strings.Contains(e.Name(), "receipt") && bytes.Equal(data, b.out):
		default:
			t.Errorf("%s: %s has a name and is not the verified copy", what, e.Name())
		}
	}
	if len(names) == 1 && strings.Contains(names[0].Name(), "receipt") {
		t.Errorf("%s: a receipt without its copy", what)
	}
	return len(names)
}
