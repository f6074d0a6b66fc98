package live

import (
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dumpscrub/dumpscrub/corpus/live/needle"
	"github.com/dumpscrub/dumpscrub/formats/dumptest"
)

func run(key, encoding string, c needle.Class) found {
	return found{needle.Run{Len: 32, Key: key, Group: key, Part: "d", Encoding: encoding, Class: c}, "0x10"}
}

// TestTally lists what may be left and what may not.
func TestTally(t *testing.T) {
	for _, c := range []struct {
		name          string
		before, after []found
		want          Verdict // of the last row
	}{
		{"gone", []found{run("k", "pem", needle.Structure)}, nil, Gone},
		{"structure", []found{run("k", "pem", needle.Structure)}, []found{run("k", "pem", needle.Structure)}, Broken},
		{"number of a hidden key", []found{run("k", "int-le", needle.Plain)}, []found{run("k", "int-le", needle.Plain)}, Survives},
		{"number of a revealed key", []found{run("k", "der", needle.Structure)}, []found{run("k", "int-le", needle.Plain)}, Broken},
		{"number beside another's PEM", []found{run("other", "pem", needle.Structure)}, []found{run("k", "int-le", needle.Plain)}, Survives},
		{"Montgomery form of a revealed key", []found{run("k", "der", needle.Structure)}, []found{run("k", "int-le", needle.Derived)}, Survives},
	} {
		rows := tally(c.before, c.after)
		i := slices.IndexFunc(rows, func(r Row) bool { return r.Key == "k" && (c.want == Gone || r.After > 0) })
		if i < 0 || rows[i].Verdict != c.want {
			t.Errorf("%s: %+v, want %s", c.name, rows, c.want)
			continue
		}
		r := Result{Dumps: []Dump{{Rows: rows}}}.ended(nil)
		if (r.Status == Failed) != (c.want == Broken) {
			t.Errorf("%s: %s", c.name, r.Status)
		}
		if (r.Surviving() == 0) != (c.want == Gone) {
			t.Errorf("%s: %d survive", c.name, r.Surviving())
		}
	}
}

// TestDiffer shows every difference and forgives those that are redactions.
func TestDiffer(t *testing.T) {
	for _, c := range []struct {
		x, y   []string
		differ int
		fail   bool
	}{
		{[]string{"#0 main"}, []string{"#0 main"}, 0, false},
		{[]string{`#0 f (s="abc")`}, []string{`#0 f (s="[REDACTED:x#1]")`}, 1, false},
		{[]string{"#0 f (n=7)"}, []string{"#0 f (n=8)"}, 1, true},
		{[]string{"#0 f", "#1 g"}, []string{"#0 f"}, 0, true},
	} {
		var d Dump
		d.differ("gdb", c.x, c.y)
		if len(d.Differences) != c.differ || len(d.Failures) > 0 != c.fail {
			t.Errorf("%q, %q: %+v", c.x, c.y, d)
		}
	}
}

// TestHoldersAreThere reads every program that a scenario writes out.
func TestHoldersAreThere(t *testing.T) {
	b := &bench{dir: t.TempDir()}
	for _, name := range []string{"tls.go", "holder.py", "ints.py", "holder.mjs", "Holder.java", "holder.h", "libcrypto.c", "mbedtls.c", "wolfssl.c", "gnutls.c", "gcrypt.c", "sodium.c", "botan.c"} {
		if _, err := b.holder(name); err != nil {
			t.Error(err)
		}
	}
}

// idle is a scrubber that copies.
const idle = `#!/bin/sh
in=$2; out=$4; report=$6; receipt=$8
cp "$in" "$out" && echo '{"findings":[{"detector":"none"}]}' > "$report" && echo '{}' > "$receipt" && echo done
`

// TestIdleScrubberFails runs a real scenario with a scrubber that does nothing.
// The lab must see what is left, and leave nothing itself.
func TestIdleScrubberFails(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and dumps a program")
	}
	for _, name := range []string{"openssl", "gdb", "gcore"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skip(name + " is missing")
		}
	}
	dir := t.TempDir()
	bin := filepath.Join(dir, "idle")
	if err := os.WriteFile(bin, []byte(idle), 0o700); err != nil {
		t.Fatal(err)
	}
	work := filepath.Join(dir, "work")
	if err := os.Mkdir(work, 0o700); err != nil {
		t.Fatal(err)
	}
	s := Scenarios()[0]
	r := s.Run(context.Background(), Options{Bin: bin, Timeout: time.Minute, TempDir: work, Modes: []Mode{Idle}})
	if r.Why != "" && strings.Contains(r.Why, "ptrace") {
		t.Skip(r.Why)
	}
	if r.Status != Failed || len(r.Dumps) != 1 || len(r.Dumps[0].Failures) != 0 || r.Dumps[0].with(Broken) == 0 {
		t.Fatalf("%+v", r)
	}
	for _, row := range r.Dumps[0].Rows {
		if row.Before == 0 || row.After != row.Before {
			t.Errorf("%+v: the copy is the dump", row)
		}
	}
	for _, want := range []string{"rsa.test", "ec.test", "tls1.3 live"} {
		if !slices.ContainsFunc(r.Dumps[0].Rows, func(w Row) bool { return w.Key == want }) {
			t.Errorf("nothing of %s is found", want)
		}
	}
	if left, _ := os.ReadDir(work); len(left) > 0 {
		t.Errorf("%d files are left", len(left))
	}
	var out bytes.Buffer
	if err := PrintSummary(&out, []Result{r}); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(out.String(), "\n0 passed, 1 failed, 0 skipped\n") {
		t.Errorf("summary ends with %q", lastLine(out.Bytes()))
	}
}

// TestMissingProgramIsSkipped says loudly what is missing.
func TestMissingProgramIsSkipped(t *testing.T) {
	s := Scenario{Name: "x", Needs: []string{"no-such-program-at-all"}}
	r := s.Run(context.Background(), Options{Timeout: time.Second})
	if r.Status != Skipped || r.Why == "" {
		t.Errorf("%+v", r)
	}
}

// TestUnshieldHostile gives the decrypter cores whose pointers lead nowhere.
func TestUnshieldHostile(t *testing.T) {
	le := binary.LittleEndian
	for _, words := range [][4]uint64{
		{0, 64, 0, prekeySize}, {1 << 63, 16, ^uint64(0), prekeySize}, {0x400000, maxShielded, 0x400000, prekeySize}, {0x400000, 16, 0x400000, prekeySize},
	} {
		memory := make([]byte, prekeySize+100)
		for i, w := range words {
			le.PutUint64(memory[8+8*i:], w)
		}
		path := filepath.Join(t.TempDir(), "core")
		if err := os.WriteFile(path, dumptest.Core(memory), 0o600); err != nil {
			t.Fatal(err)
		}
		names, err := unshield(path, nil)
		if err != nil || len(names) > 0 {
			t.Errorf("%x: %v, %v", words, names, err)
		}
	}
}
