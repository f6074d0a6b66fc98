package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"debug/elf"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/dumpscrub/dumpscrub/corpus/live/corepattern"
)

// crashVar makes the test binary the program that crashes: its value is the core
// size limit in bytes.
const crashVar = "DUMPSCRUB_TEST_CRASH"

// The kernel does not wait for its helper, so the tests do.
const (
	handlerLimit = time.Minute           // for a core to appear, on a busy machine
	handlerPause = 20 * time.Millisecond // between two looks
)

// TestCrashHolder is not a test: it is the program that holds a key and crashes.
func TestCrashHolder(t *testing.T) {
	var lim unix.Rlimit
	if _, err := fmt.Sscan(os.Getenv(crashVar), &lim.Cur); err != nil {
		t.Skip("runs only in a process of its own")
	}
	lim.Max = lim.Cur
	text, err := os.ReadFile(os.Getenv("DUMPSCRUB_TEST_KEY"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &lim); err != nil {
		t.Fatal(err)
	}
	// With GOTRACEBACK=crash the runtime passes the signal on to the kernel.
	_ = unix.Kill(os.Getpid(), unix.SIGABRT)
	time.Sleep(time.Minute)
	runtime.KeepAlive([]any{text, block, key})
}

// handlerBench is one machine set-up: a program, a key, and a folder for cores.
type handlerBench struct {
	dir string // all files; short, because the kernel keeps 127 bytes of the setting
	bin string
	key *ecdsa.PrivateKey
	pem []byte
}

func newHandlerBench(t *testing.T) *handlerBench {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("not root: core_pattern cannot be changed")
	}
	dir, err := os.MkdirTemp("/tmp", "ds")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	h := &handlerBench{dir: dir, bin: linkTool(t, dir)}
	if h.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(h.key)
	if err != nil {
		t.Fatal(err)
	}
	h.pem = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	if err := os.WriteFile(h.path("key"), h.pem, 0o600); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *handlerBench) path(name string) string { return filepath.Join(h.dir, name) }

// install makes command, whose first word is an argument of the program, the
// machine's core_pattern for the length of the test.
func (h *handlerBench) install(t *testing.T, command string) {
	t.Helper()
	loan, err := corepattern.Borrow("|"+h.bin+" "+command, time.Minute)
	if errors.Is(err, corepattern.ErrUnavailable) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := loan.Return(); err != nil {
			t.Error(err)
		}
	})
}

// crash runs the holder with a core size limit in bytes until SIGABRT ends it,
// and returns its process ID.
func (h *handlerBench) crash(t *testing.T, limit uint64) int {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCrashHolder$")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", crashVar, limit), "DUMPSCRUB_TEST_KEY="+h.path("key"), "GOTRACEBACK=crash")
	cmd.Dir = h.dir
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Fatalf("the holder ended with %v\n%s", err, out)
	}
	if ws := exit.Sys().(syscall.WaitStatus); !ws.Signaled() || ws.Signal() != syscall.SIGABRT {
		t.Fatalf("the holder ended with %v, want SIGABRT\n%s", err, out)
	}
	return cmd.Process.Pid
}

// files waits until dir holds n files and returns their paths.
func (h *handlerBench) files(t *testing.T, dir string, n int) []string {
	t.Helper()
	var names []string
	for end := time.Now().Add(handlerLimit); len(names) < n && time.Now().Before(end); time.Sleep(handlerPause) {
		entries, _ := os.ReadDir(dir)
		names = names[:0]
		for _, e := range entries {
			names = append(names, filepath.Join(dir, e.Name()))
		}
	}
	if len(names) != n {
		t.Fatalf("%d files after %v at most, want %d: %q", len(names), handlerLimit, n, names)
	}
	return names
}

// run runs the program and fails unless it ends with code.
func (h *handlerBench) run(t *testing.T, code int, stdin *os.File, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), h.bin, args...)
	cmd.Stdin = stdin
	out, err := cmd.CombinedOutput()
	if got := cmd.ProcessState.ExitCode(); got != code {
		t.Fatalf("dumpscrub %q ends with %d, want %d (%v)\n%s", args, got, code, err, out)
	}
}

// gone fails if 16 bytes in a row of the key are in the file at path.
func (h *handlerBench) gone(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d, err := h.key.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	little := bytes.Clone(d)
	for i := range d {
		little[i] = d[len(d)-1-i]
	}
	// In PKCS #8 the scalar begins at byte 36 (RFC 5958, RFC 5915): character 48.
	_, body, _ := bytes.Cut(h.pem, []byte("-----\n"))
	for form, p := range map[string][]byte{"big-endian": d, "little-endian": little, "PEM": body[48:90]} {
		for i := 0; i+16 <= len(p); i++ {
			if at := bytes.Index(data, p[i:i+16]); at >= 0 {
				t.Errorf("%s: bytes %d to %d of the key, %s, at offset %d", filepath.Base(path), i, i+16, form, at)
				break
			}
		}
	}
}

// opens fails unless there is an ELF core at path.
func (h *handlerBench) opens(t *testing.T, path string) {
	t.Helper()
	f, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Type != elf.ET_CORE || len(f.Progs) == 0 {
		t.Errorf("type %v with %d segments, want a core", f.Type, len(f.Progs))
	}
}

// debugs fails unless readelf and gdb, where there are any, open the core at path.
func (h *handlerBench) debugs(t *testing.T, path string) {
	t.Helper()
	for _, c := range []struct {
		want string
		args []string
	}{
		{"CORE (Core file)", []string{"readelf", "-h", path}},
		{"terminated with signal SIGABRT", []string{"gdb", "-batch", "-nx", os.Args[0], path}},
	} {
		if _, err := exec.LookPath(c.args[0]); err != nil {
			t.Logf("%s is missing, so it is not asked", c.args[0])
			continue
		}
		out, err := exec.CommandContext(t.Context(), c.args[0], c.args[1:]...).CombinedOutput()
		if err != nil || !bytes.Contains(out, []byte(c.want)) {
			t.Errorf("%q: %v, and no %q in\n%s", c.args, err, c.want, out)
		}
	}
}

// coreName is core, command, user, boot, process and microseconds.
var coreName = regexp.MustCompile(`^core\.(.+)\.(\d+)\.([0-9a-f]{32})\.(\d+)\.(\d+)000000$`)

// TestHandler lets the kernel start the program when a process crashes.
func TestHandler(t *testing.T) {
	h := newHandlerBench(t)
	t.Run("handler", h.handler)
	t.Run("pipe", h.pipe)
}

// handler installs the program as the kernel's helper.
func (h *handlerBench) handler(t *testing.T) {
	dir, report := h.path("d"), h.path("r")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	h.install(t, "handler --dir "+dir+" --report "+report+" %P %u %g %s %t %c %h")

	// What a limit of zero leaves would stand among the files of the next crash.
	h.crash(t, 0)
	t.Run("unlimited", func(t *testing.T) {
		core := h.stored(t, dir, report, unix.RLIM_INFINITY)
		h.debugs(t, core)
		if err := errors.Join(os.Remove(core), os.Remove(core+receiptSuffix)); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("limit", func(t *testing.T) {
		const limit = 1 << 20
		core := h.stored(t, dir, report, limit)
		st, err := os.Stat(core)
		if err != nil {
			t.Fatal(err)
		}
		if st.Size() > limit {
			t.Errorf("%d bytes are stored, the limit is %d", st.Size(), limit)
		}
	})
}

// stored crashes the holder and examines what is published of it, and returns
// the path of the core.
func (h *handlerBench) stored(t *testing.T, dir, report string, limit uint64) string {
	t.Helper()
	began := time.Now()
	pid := h.crash(t, limit)
	files := h.files(t, dir, 2)
	core, receipt := files[0], files[1]
	if receipt != core+receiptSuffix {
		t.Errorf("%q is not the receipt of %q", receipt, core)
	}
	t.Logf("published %v after the start", time.Since(began).Round(time.Millisecond))
	for _, f := range files {
		st, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		if st.Mode() != 0o600 {
			t.Errorf("%s has mode %v", f, st.Mode())
		}
		h.gone(t, f)
	}
	h.gone(t, report)
	h.checkName(t, filepath.Base(core), pid, began)
	h.checkReport(t, report, limit)
	h.run(t, exitOK, nil, "gate", "--require-receipt", core)
	h.opens(t, core)
	return core
}

func (h *handlerBench) checkName(t *testing.T, name string, pid int, began time.Time) {
	t.Helper()
	m := coreName.FindStringSubmatch(name)
	if m == nil {
		t.Fatalf("%q does not have the form of a core's name", name)
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		t.Fatal(err)
	}
	// The kernel keeps 15 bytes of a command; a point would end the field.
	comm := filepath.Base(os.Args[0])
	comm = strings.ReplaceAll(comm[:min(len(comm), 15)], ".", `\x2e`)
	id := strings.ReplaceAll(strings.TrimSpace(string(boot)), "-", "")
	want := []string{comm, fmt.Sprint(os.Getuid()), id, fmt.Sprint(pid)}
	for i, w := range want {
		if m[i+1] != w {
			t.Errorf("field %d of %q is %q, want %q", i+1, name, m[i+1], w)
		}
	}
	var sec int64
	if _, err := fmt.Sscan(m[5], &sec); err != nil || sec < began.Unix() || sec > time.Now().Unix() {
		t.Errorf("%q: the crash is said to be at second %d", name, sec)
	}
}

func (h *handlerBench) checkReport(t *testing.T, path string, limit uint64) {
	t.Helper()
	var r struct {
		Input    struct{ Truncated bool }
		Verified bool
		Findings []struct{ Kind string }
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	whole := limit == unix.RLIM_INFINITY
	if r.Input.Truncated == whole {
		t.Errorf("truncated is %v with a limit of %d", r.Input.Truncated, limit)
	}
	if !r.Verified {
		t.Error("the copy is not verified")
	}
	if whole && len(r.Findings) == 0 {
		t.Error("the key in the memory of the program is not found")
	}
}

// pipe gives the program a core through a pipe: the kernel's own, and one that a
// process feeds in small parts.
func (h *handlerBench) pipe(t *testing.T) {
	dir := h.path("p")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	core := filepath.Join(dir, "core")
	h.install(t, "scrub - -o "+core+" --quiet")
	h.crash(t, unix.RLIM_INFINITY)
	for _, f := range h.files(t, dir, 2) { // the core and its receipt
		h.gone(t, f)
	}
	h.opens(t, core)

	again := h.path("again")
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	fed := make(chan error, 1)
	go func() { fed <- feed(w, core) }()
	h.run(t, exitOK, r, "scrub", "-", "-o", again, "--quiet")
	r.Close()
	if err := <-fed; err != nil {
		t.Fatal(err)
	}
	a, errA := os.ReadFile(core)
	b, errB := os.ReadFile(again)
	if err := errors.Join(errA, errB); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Error("scrubbing a scrubbed core changes it")
	}
}

// feed writes the file at path to w in parts that fit no page.
func feed(w *os.File, path string) error {
	const part = 60_001
	data, err := os.ReadFile(path)
	for err == nil && len(data) > 0 {
		n := min(part, len(data))
		_, err = w.Write(data[:n])
		data = data[n:]
	}
	return errors.Join(err, w.Close())
}
