package scrub

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/dumpscrub/dumpscrub/scrub/policy"
)

// allocator fills many chunks of every size class with a mark, in two threads, and
// frees every second one; what it keeps has another mark. It prints where it keeps
// some, and stops.
const allocator = `
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static void fill(unsigned char *p, int which, size_t n) {
	for (size_t i = 0; i < n; i++) p[i] = 0x80 | ((i % 16 * (2 * which + 7) + which * 5) & 0x7f);
}
static void *churn(void *arg) {
	static __thread void *all[6000];
	for (int i = 0; i < 6000; i++) {
		size_t n = 24 + (i * 37) % (i % 50 == 0 ? 9000 : 500);
		all[i] = malloc(n);
		fill(all[i], i % 2 ? 3 : 5, n);
	}
	for (int i = 1; i < 6000; i += 2) free(all[i]);
	if (arg && write(1, "ready", 5) != 5) return NULL;
	for (;;) pause();
	return NULL;
}
int main(void) {
	pthread_t t;
	pthread_create(&t, NULL, churn, NULL);
	usleep(300000);
	churn("main");
}
`

// markOf is fill of allocator, one period.
func markOf(which int) []byte {
	m := make([]byte, 16)
	for i := range m {
		m[i] = 0x80 | byte(i*(2*which+7)+which*5)&0x7f
	}
	return m
}

// TestWipeFree: of what was freed nothing is left, of what is in use everything
// is there, and the heap's own words are what they were.
func TestWipeFree(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a process and a debugger")
	}
	dir := t.TempDir()
	src, bin := filepath.Join(dir, "a.c"), filepath.Join(dir, "a")
	if err := os.WriteFile(src, []byte(allocator), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool(t, "gcc"), "-O1", "-pthread", "-o", bin, src).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	cmd := exec.Command(bin)
	cmd.Dir = dir
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	if _, err := stdout.Read(make([]byte, 16)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "core")
	out, err := exec.Command(tool(t, "gdb"), "-nx", "-batch", "-iex", "set debuginfod enabled off", "-p", fmt.Sprint(cmd.Process.Pid), "-ex", "generate-core-file "+path).CombinedOutput()
	_ = cmd.Process.Signal(syscall.SIGKILL)
	before, errRead := os.ReadFile(path)
	if errRead != nil {
		t.Skipf("no core was written: %v: %s", err, out)
	}
	j := job(t, path)
	j.Depth, j.Wipe = Fast, policy.Wipe{Free: true}
	r, after := scrubbed(t, j)
	freed, used := markOf(3), markOf(5)
	had, has := bytes.Count(before, freed), bytes.Count(after, freed)
	t.Logf("%+v: free memory held %d marks, then %d; memory in use %d, then %d", r.Wiped, had, has, bytes.Count(before, used), bytes.Count(after, used))
	if had < 20000 || has > 0 {
		t.Errorf("free memory: %d marks became %d", had, has)
	}
	if n := bytes.Count(before, used); n < 20000 || bytes.Count(after, used) != n {
		t.Errorf("memory in use: %d marks became %d", n, bytes.Count(after, used))
	}
	sameHeap(t, before, after)
	again := job(t, j.Output)
	again.Depth, again.Wipe = Fast, j.Wipe
	if r, twice := scrubbed(t, again); len(r.Wiped) != 0 || !bytes.Equal(twice, after) {
		t.Errorf("second run: %v wiped, equal bytes: %t", r.Wiped, bytes.Equal(twice, after))
	}
	if was, is := stacks(t, bin, path), stacks(t, bin, j.Output); was != is || !strings.Contains(was, "churn") {
		t.Errorf("gdb said\n%s\nand now\n%s", was, is)
	}
}

// sameHeap checks that the heap's own words, the sizes before chunks in use and
// free ones, are what they were: wherever a mark follows a plausible size.
func sameHeap(t *testing.T, before, after []byte) {
	t.Helper()
	sizes := 0
	for off := 16; off+80 < len(before); off += 16 {
		v := binary.LittleEndian.Uint64(before[off+8:])
		if size := v &^ 7; size < 32 || size > 10000 || size%16 != 0 || !bytes.Contains(before[off+16:off+64], markOf(3)[:8]) {
			continue
		}
		sizes++
		if !bytes.Equal(before[off+8:off+16], after[off+8:off+16]) {
			t.Fatalf("the size at offset %d is gone", off+8)
		}
	}
	if sizes < 3000 {
		t.Errorf("looked at %d chunks", sizes)
	}
}

func stacks(t *testing.T, bin, core string) string {
	t.Helper()
	out, err := exec.Command(tool(t, "gdb"), "-nx", "-batch", "-iex", "set debuginfod enabled off", "-ex", "thread apply all bt", bin, core).Output()
	if err != nil {
		t.Skip(err)
	}
	return string(out)
}
