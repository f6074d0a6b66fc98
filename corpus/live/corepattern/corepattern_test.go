package corepattern

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"
)

// aside is a harmless pattern that differs from any real one.
const aside = "/nonexistent/corepattern-test.%p"

func borrow(t *testing.T) *Loan {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("not root: core_pattern cannot be changed")
	}
	l, err := Borrow(aside, 5*time.Minute)
	if errors.Is(err, ErrUnavailable) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Return() })
	return l
}

func TestReturn(t *testing.T) {
	l := borrow(t)
	if now, _ := read(); now != aside {
		t.Fatalf("core_pattern is %q while borrowed", now)
	}
	if _, err := Borrow(aside, 100*time.Millisecond); err == nil {
		t.Error("lent twice")
	}
	if err := l.Return(); err != nil {
		t.Fatal(err)
	}
	wantBack(t, l.old)
	if err := l.Return(); err != nil {
		t.Error(err)
	}
}

// TestKilled borrows in a process of its own and kills it: the value must come
// back although nobody returned it.
func TestKilled(t *testing.T) {
	if os.Getenv("COREPATTERN_HOLD") != "" {
		borrow(t)
		os.Stdout.WriteString("held\n")
		time.Sleep(time.Minute)
	}
	l := borrow(t) // also skips where it cannot be done
	old := l.old
	if err := l.Return(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), "COREPATTERN_HOLD=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	now, _ := read()
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait()
	if line != "held\n" || now != aside {
		t.Fatalf("the other process said %q and left %q", line, now)
	}
	wantBack(t, old)
}

// wantBack waits for the old value: another test may have borrowed it at once.
func wantBack(t *testing.T, old string) {
	t.Helper()
	now := ""
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if now, _ = read(); now == old {
			return
		}
	}
	t.Errorf("core_pattern is still %q, want %q", now, old)
}

func TestTooLong(t *testing.T) {
	long := make([]byte, maxPattern+1)
	for i := range long {
		long[i] = 'x'
	}
	if _, err := Borrow(string(long), 0); err == nil || errors.Is(err, ErrUnavailable) {
		t.Errorf("err = %v", err)
	}
}
