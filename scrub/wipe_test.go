package scrub

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/plan"
	"github.com/dumpscrub/dumpscrub/scrub/policy"
)

// holder is a process that leaves marks in dead stack, live stack, vector
// registers and heap: in its first thread, in a thread of its own stack, and in one
// that runs on a piece of the heap. The marks are made while it runs, so that
// its program holds none.
const holder = `
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>
#include <unistd.h>
static void mark(volatile unsigned char *p, int which, int n) {
	for (int i = 0; i < n; i++) p[i] = 0x80 | ((i % 32 * (2 * which + 7) + which) & 0x7f);
}
static void deep(int which, int depth) {
	volatile unsigned char buf[3000];
	mark(buf, which, sizeof buf);
	if (depth) deep(which, depth - 1);
}
static void rest(void) {
	unsigned char v[32];
	mark(v, 9, 32);
#ifdef __x86_64__
	__asm__ volatile("movdqu %0, %%xmm15; movdqu %0, %%xmm6; 1: pause; jmp 1b" : : "m"(v[0]));
#endif
	for (;;) pause();
}
static void live(int dead, int alive) {
	volatile unsigned char buf[64];
	mark(buf, alive, sizeof buf);
	deep(dead, 12);
	rest();
}
static void *own(void *x) { live(1, 2); return x; }
static ucontext_t back, other;
static void on_heap(void) { live(3, 4); }
static void *heap(void *x) {
	char *p = malloc(300000);
	mark((unsigned char *)p, 5, 64);
	getcontext(&other);
	other.uc_stack.ss_sp = p + 100000;
	other.uc_stack.ss_size = 150000;
	makecontext(&other, on_heap, 0);
	swapcontext(&back, &other);
	return x;
}
int main(void) {
	pthread_t a, b;
	pthread_create(&a, 0, own, 0);
	pthread_create(&b, 0, heap, 0);
	sleep(1);
	puts("ready");
	fflush(stdout);
	live(6, 7);
}
`

// mark is what the holder leaves.
func mark(which int) []byte {
	p := make([]byte, 32)
	for i := range p {
		p[i] = 0x80 | byte(i*(2*which+7)+which)&0x7f
	}
	return p
}

func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip(name, " is needed: ", err)
	}
	return path
}

// runHolder builds and starts the holder in dir.
func runHolder(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	src := filepath.Join(dir, "holder.c")
	if err := os.WriteFile(src, []byte(holder), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool(t, "gcc"), "-g", "-O0", "-pthread", "-o", filepath.Join(dir, "holder"), src).CombinedOutput(); err != nil {
		t.Skipf("gcc: %v: %s", err, out)
	}
	cmd := exec.Command("/bin/sh", "-c", "ulimit -c unlimited; exec ./holder")
	cmd.Dir = dir
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if _, err := pipe.Read(make([]byte, 16)); err != nil {
		t.Fatal(err)
	}
	// The first thread is still on its way to rest, and on a busy machine all are.
	for !resting(t, cmd.Process.Pid) {
		time.Sleep(10 * time.Millisecond)
	}
	return cmd
}

// resting reports whether all three threads of the holder sleep or have turned round for far longer
// than it takes to get there: 30 ms of the processor (proc(5), state and utime in stat).
func resting(t *testing.T, pid int) bool {
	t.Helper()
	stats, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	if err != nil || len(stats) != 3 {
		t.Fatalf("%d threads: %v", len(stats), err)
	}
	for _, name := range stats {
		stat, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 12 {
			t.Fatal("no such stat")
		}
		if spent, err := strconv.Atoi(fields[11]); err != nil || fields[0] != "S" && spent < 3 {
			return false
		}
	}
	return true
}

// asked returns what gdb says of a core to frames, arguments, locals and general
// registers.
func asked(t *testing.T, dir, core string) string {
	t.Helper()
	out, err := exec.Command(tool(t, "gdb"), "-nx", "-batch", "-iex", "set debuginfod enabled off",
		"-ex", "thread apply all bt full", "-ex", "thread apply all info registers",
		filepath.Join(dir, "holder"), core).CombinedOutput()
	if err != nil {
		t.Skipf("gdb: %v: %s", err, out)
	}
	return string(out)
}

// TestWipeRealCores: what should go is gone, what should stay is there, and gdb
// sees no difference. The remains in dead stacks and vectors are no secrets to any
// detector.
func TestWipeRealCores(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a process and a debugger")
	}
	for name, dump := range map[string]func(*exec.Cmd, string) string{
		"gcore": func(cmd *exec.Cmd, dir string) string {
			out, err := exec.Command(tool(t, "gdb"), "-nx", "-batch", "-iex", "set debuginfod enabled off", "-p", fmt.Sprint(cmd.Process.Pid),
				"-ex", "generate-core-file "+filepath.Join(dir, "core.g")).CombinedOutput()
			t.Logf("gdb: %v, %d bytes", err, len(out))
			return filepath.Join(dir, "core.g")
		},
		"kernel": func(cmd *exec.Cmd, dir string) string {
			_ = cmd.Process.Signal(syscall.SIGABRT)
			_ = cmd.Wait()
			found, _ := filepath.Glob(filepath.Join(dir, "core*"))
			return append(found, "")[0]
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := dump(runHolder(t, dir), dir)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Skip("no core was written: ", err)
			}
			j := job(t, path)
			j.Depth, j.Wipe = Fast, policy.Wipe{Vectors: true, DeadStack: true}
			r, after := scrubbed(t, j)
			checkMarks(t, before, after)
			if was, is := asked(t, dir, path), asked(t, dir, j.Output); cleaned(was) != cleaned(is) || !strings.Contains(was, "on_heap") {
				t.Errorf("gdb said\n%s\nand now\n%s", cleaned(was), cleaned(is))
			}
			for s := range r.Secrets.All() {
				t.Logf("%+v", s)
			}
			again := job(t, j.Output)
			again.Depth, again.Wipe = Fast, j.Wipe
			if r, twice := scrubbed(t, again); r.Findings.Len()+len(r.Wiped) != 0 || !bytes.Equal(twice, after) {
				t.Errorf("second run: %d findings, %d wiped, equal bytes: %t", r.Findings.Len(), len(r.Wiped), bytes.Equal(twice, after))
			}
		})
	}
}

// cleaned removes what differs by the file's name, and the mask registers of
// AVX-512, which gdb counts among the general ones.
func cleaned(s string) string {
	return regexp.MustCompile(`(?m)^(.*(warning|/core|/out).*|k[0-7] .*)$`).ReplaceAllString(s, "")
}

func checkMarks(t *testing.T, before, after []byte) {
	t.Helper()
	for which, c := range []struct {
		what string
		goes bool
	}{
		{}, {"dead stack of a thread", true}, {"live stack of a thread", false},
		{"dead stack on the heap", false}, {"live stack on the heap", false}, {"heap", false},
		{"dead stack of the first thread", true}, {"live stack of the first thread", false},
	} {
		if c.what == "" {
			continue
		}
		m := mark(which)
		had, has := bytes.Count(before, m), bytes.Count(after, m)
		t.Logf("%s: %d marks, then %d", c.what, had, has)
		if had == 0 {
			t.Errorf("%s: the dump holds no mark", c.what)
		}
		// The red zone may hold four of the marks of 32 bytes.
		if c.goes && (had < 100 || has > 4) || !c.goes && has != had {
			t.Errorf("%s: %d marks became %d", c.what, had, has)
		}
	}
	// rest() holds its values in its live frame once for each thread; all other
	// places are vector registers.
	v := mark(9)[:16]
	if had, has := bytes.Count(before, v), bytes.Count(after, v); had < 2*3 || has > 3 {
		t.Errorf("vectors: %d values became %d, of which 3 are in live frames", had, has)
	}
}

// What a detector makes of a unit does not show through: the wipe fills it whole,
// and the second run finds it so.
func TestWipeBeatsText(t *testing.T) {
	l := &layout.Layout{Size: 300, Regions: []layout.Region{{Span: layout.Span{Len: 300}, Kind: layout.Memory}}}
	res := newResult(nil)
	kind := res.names.of("jwt")
	res.Secrets.Append(Secret{kind: kind})
	res.Findings.Append(Finding{kind: kind, Confidence: probe.Confirmed, Redacted: true, span: layout.Span{Off: 50, Len: 200}, fill: plan.Fill{Text: true}})
	res.Wiped = []Wiped{{policy.DeadStack, []layout.Span{{Off: 100, Len: 50}}}}
	p, err := newPlan(l, res)
	if err != nil {
		t.Fatal(err)
	}
	data := make([]byte, 300)
	p.Apply(data, 0)
	if !bytes.Equal(data[100:150], bytes.Repeat([]byte{probe.Fill}, 50)) || !bytes.HasPrefix(data[50:], []byte("[REDACTED:jwt#1]*")) || data[150] != '*' {
		t.Errorf("%q", data[50:250])
	}
}
