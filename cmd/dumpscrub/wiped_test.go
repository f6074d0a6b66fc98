package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/dumptest"
)

const (
	// wipedVar makes the test binary a process that runs the tool and then looks at its
	// own memory: its value is what to look for, hidden by wipedMask, and the command line.
	wipedVar  = "DUMPSCRUB_TEST_WIPED"
	wipedMask = 0x5a
	// wipedStep is between two copies of what to look for, in bytes: what is smaller than
	// that is no buffer but what a detector makes of a few words.
	wipedStep = 2048
)

// The buffers that a dump passes through hold none of it when the run is over, whatever
// is still alive then.
func TestBuffersAreWiped(t *testing.T) {
	if spec := os.Getenv(wipedVar); spec != "" {
		if err := lookBehind(strings.Split(spec, "|")); err != nil {
			t.Fatal(err)
		}
		return
	}
	dir := t.TempDir()
	marker := make([]byte, 12)
	if _, err := rand.Read(marker); err != nil {
		t.Fatal(err)
	}
	memory := make([]byte, 600<<10)
	for i := 0; i+8 <= len(memory); i += 8 {
		memory[i], memory[i+5] = byte(i>>3), 0x7f
	}
	copy(memory[100<<10:], freshKeyPEM(t))
	for _, at := range []int{200, 9000, 99 << 10, 101 << 10, 300001, 595 << 10} {
		copy(memory[at:], marker)
		copy(memory[at+wipedStep:], marker)
	}
	in := filepath.Join(dir, "in")
	if err := os.WriteFile(in, dumptest.Core(memory), 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range marker {
		marker[i] ^= wipedMask
	}
	for _, args := range []string{"scan IN", "scrub IN -o OUT --force", "scrub IN -o OUT --force --depth fast --digest fsverity", "gate IN --copy-to OUT2", "inspect IN"} {
		args = strings.NewReplacer("IN", in, "OUT", filepath.Join(dir, "out"), " ", "|").Replace(args)
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestBuffersAreWiped$")
		cmd.Env = append(os.Environ(), wipedVar+"="+hex.EncodeToString(marker)+"|"+args)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", args, err, out)
		}
	}
}

// lookBehind runs a command line and returns an error when memory that can be written
// holds what to look for.
func lookBehind(args []string) error {
	hidden, err := hex.DecodeString(args[0])
	if err != nil {
		return err
	}
	var said bytes.Buffer
	code := run(context.Background(), env{args: args[1:], stdout: io.Discard, stderr: &said, getenv: os.Getenv})
	if code != exitOK && code != exitSecrets {
		return fmt.Errorf("exit code %d: %s", code, &said)
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return err
	}
	mem, err := os.Open("/proc/self/mem")
	if err != nil {
		return err
	}
	defer mem.Close()
	// Memory of its own, so that it does not find what it reads.
	buf := make([]byte, 1<<20)
	seen := 0
	for _, m := range regexp.MustCompile(`(?m)^([0-9a-f]+)-([0-9a-f]+) rw`).FindAllSubmatch(maps, -1) {
		low, err := strconv.ParseInt(string(m[1]), 16, 64)
		high, err2 := strconv.ParseInt(string(m[2]), 16, 64)
		if err := errors.Join(err, err2); err != nil {
			return err
		}
		for at := low; at < high; at += int64(len(buf) - len(hidden)) {
			n, _ := mem.ReadAt(buf[:min(int64(len(buf)), high-at)], at)
			seen += n
			for i := 0; i+len(hidden) <= n; i++ {
				k := 0
				for k < len(hidden) && buf[i+k] == hidden[k]^wipedMask {
					k++
				}
				if k == len(hidden) && again(mem, at+int64(i)+wipedStep, hidden) {
					return fmt.Errorf("at %x of %x to %x", at+int64(i), low, high)
				}
			}
			clear(buf)
		}
	}
	if seen < 1<<20 {
		return fmt.Errorf("only %d bytes of memory were read", seen)
	}
	return nil
}

// again reports whether what is hidden lies at that address.
func again(mem io.ReaderAt, at int64, hidden []byte) bool {
	p := make([]byte, len(hidden))
	if _, err := mem.ReadAt(p, at); err != nil {
		return false
	}
	defer clear(p)
	for k := range p {
		if p[k] != hidden[k]^wipedMask {
			return false
		}
	}
	return true
}
