package torture

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/dumptest"
)

// builds are the programs whose results must be the same, and how they are run.
var builds = []struct {
	name, arch, tags string
	runner           string
}{
	{"amd64", "amd64", "", ""},
	{"amd64 without assembly", "amd64", "noasm", ""},
	{"386", "386", "", ""},
	{"arm64", "arm64", "", "qemu-aarch64-static"},
}

// The same input gives the same bytes on every processor, with and without
// assembly, with one and eight workers, in another folder, at another time. The short
// form has one small input and no proofs, which an emulator is slow at.
func TestMachines(t *testing.T) {
	if raceEnabled {
		t.Skip("the tool is a process of its own, which the race detector does not see")
	}
	short := os.Getenv("DUMPSCRUB_TORTURE") == ""
	bins := t.TempDir()
	var inputs []string
	samples := dumptest.Folder()
	for _, name := range []string{"elf-linux-x86_64.core", "mdmp-breakpad-linux-env.dmp", "gen-systemd-coredump.core.zst", "mdmp-win-x86-sentry.dmp"} {
		if path := filepath.Join(samples, name); !short && exists(path) {
			inputs = append(inputs, path)
		}
	}
	memory := pointers(50000)
	copy(memory[20001:], dumptest.KeyPEM())
	made := filepath.Join(bins, "made.core")
	if err := os.WriteFile(made, dumptest.Core(memory), 0o600); err != nil {
		t.Fatal(err)
	}
	inputs = append(inputs, made)
	first := map[string][]byte{}
	compared := 0
	for _, b := range builds {
		bin := filepath.Join(bins, strings.ReplaceAll(b.name, " ", "-"))
		build := exec.Command("go", "build", "-tags", b.tags, "-o", bin, "../../cmd/dumpscrub")
		build.Env = append(os.Environ(), "GOARCH="+b.arch, "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", b.name, err, out)
		}
		command := []string{bin}
		if b.runner != "" {
			runner, err := exec.LookPath(b.runner)
			if err != nil {
				t.Logf("%s: %s is not installed", b.name, b.runner)
				continue
			}
			command = []string{runner, bin}
		}
		for _, jobs := range []string{"1", "8"} {
			for _, in := range inputs {
				dir := t.TempDir()
				out := filepath.Join(dir, "out")
				args := append(command, "scrub", in, "-o", out, "--report", filepath.Join(dir, "report"), "--jobs", jobs, "--quiet")
				if short {
					args = append(args, "--depth", "fast")
				}
				if text, err := exec.CommandContext(t.Context(), args[0], args[1:]...).CombinedOutput(); err != nil {
					t.Errorf("%s, %s jobs, %s: %v\n%s", b.name, jobs, in, err, text)
					continue
				}
				for _, name := range []string{"out", "out.receipt.json", "report"} {
					got, err := os.ReadFile(filepath.Join(dir, name))
					if err != nil {
						t.Fatal(err)
					}
					key := in + " " + name
					if want, known := first[key]; !known {
						first[key] = got
					} else if compared++; !bytes.Equal(got, want) {
						t.Errorf("%s, %s jobs, %s: another %s", b.name, jobs, in, name)
					}
				}
			}
		}
	}
	t.Logf("%d files compared", compared)
	if compared == 0 {
		t.Error("no files were compared")
	}
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }
