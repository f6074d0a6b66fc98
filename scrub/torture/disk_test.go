package torture

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/dumpscrub/dumpscrub/formats/dumptest"
)

// nobody is a user who owns no file of these tests.
const nobody = 65534

// built is the command line, built once for all tests that want it.
var built struct {
	once sync.Once
	dir  string // for TestMain to remove
	err  error
}

// buildTool returns the path of a fresh binary that anybody may run.
func buildTool(t *testing.T) string {
	t.Helper()
	if raceEnabled {
		t.Skip("the tool is a process of its own, which the race detector does not see")
	}
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "torture-tool-"); built.err != nil {
			return
		}
		if built.err = os.Chmod(built.dir, 0o755); built.err != nil {
			return
		}
		if out, err := exec.Command("go", "build", "-o", built.dir, "../../cmd/dumpscrub").CombinedOutput(); err != nil {
			built.err = fmt.Errorf("building: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return filepath.Join(built.dir, "dumpscrub")
}

// runTool returns the exit code, what was said, and the most memory that was held,
// in bytes.
func runTool(t *testing.T, cmd *exec.Cmd) (int, string, int64) {
	t.Helper()
	text, err := cmd.CombinedOutput()
	var x *exec.ExitError
	if err != nil && !errors.As(err, &x) {
		t.Fatal(err)
	}
	use, _ := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return cmd.ProcessState.ExitCode(), string(text), int64(use.Maxrss) << 10
}

// small mounts a file system in memory with that many bytes and inodes, apart from
// all others.
func small(t *testing.T, dir string, size, inodes int) (unmount func()) {
	t.Helper()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d,nr_inodes=%d,mode=0755", size, inodes)); err != nil {
		t.Skipf("a small file system cannot be mounted: %v", err)
	}
	done := false
	unmount = func() {
		if !done {
			done = true
			if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
				t.Error(err)
			}
		}
	}
	t.Cleanup(unmount)
	return unmount
}

// listed returns the names in a folder.
func listed(t *testing.T, dir string) []string {
	t.Helper()
	es, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range es {
		names = append(names, e.Name())
	}
	return names
}

// diskDump writes a core with a key, plain or packed.
func diskDump(t *testing.T) (path string, key []byte) {
	t.Helper()
	key = dumptest.KeyPEM()
	memory := pointers(20 * page)
	copy(memory[7*page+100:], key)
	path = filepath.Join(folder(t), "dump")
	if err := os.WriteFile(path, dumptest.Core(memory), 0o644); err != nil {
		t.Fatal(err)
	}
	return path, key
}

// On another file system than the source and the spool, that has room for so much
// or so many files and no more, there are at the end both names or none.
func TestSmallDisks(t *testing.T) {
	bin := buildTool(t)
	in, key := diskDump(t)
	dir := t.TempDir()
	type disk struct{ pages, inodes int }
	var disks []disk
	for pages := 1; pages <= 40; pages++ {
		if !testing.Short() || pages%8 == 1 {
			disks = append(disks, disk{pages, 100})
		}
	}
	for inodes := 1; inodes <= 8; inodes++ {
		if !testing.Short() || inodes%2 == 0 {
			disks = append(disks, disk{100, inodes})
		}
	}
	var want, wantReceipt []byte
	ended := map[int]int{}
	// The largest first: what it leaves is what the others must leave or not at all.
	slices.Reverse(disks)
	for _, d := range disks {
		unmount := small(t, dir, d.pages*page, d.inodes)
		out, rec := filepath.Join(dir, "out"), filepath.Join(dir, "out.receipt.json")
		args := []string{"scrub", in, "-o", out, "--quiet", "--report", filepath.Join(dir, "report")}
		code, text, _ := runTool(t, exec.Command(bin, args...))
		ended[code]++
		names := listed(t, dir)
		data, _ := os.ReadFile(out)
		receipt, _ := os.ReadFile(rec)
		if want == nil && code == 0 {
			want, wantReceipt = data, receipt
		}
		switch {
		case code == 0 && bytes.Equal(data, want) && bytes.Equal(receipt, wantReceipt) && len(names) == 3:
		case code == 1 && !slices.Contains(names, "out") && !slices.Contains(names, "out.receipt.json"):
		default:
			t.Errorf("%+v: exit %d, %v: %s", d, code, names, text)
		}
		for _, n := range names {
			if data, _ := os.ReadFile(filepath.Join(dir, n)); holds(data, secretPart(t, key)) {
				t.Errorf("%+v: %s holds the key", d, n)
			}
		}
		if code != 0 {
			// The next run, with room, works.
			if err := unix.Mount("tmpfs", dir, "tmpfs", unix.MS_REMOUNT, "size=1m,nr_inodes=100"); err != nil {
				t.Fatal(err)
			}
			if code, text, _ := runTool(t, exec.Command(bin, args...)); code != 0 {
				t.Errorf("%+v: the next run ends with %d: %s", d, code, text)
			}
		}
		unmount()
	}
	t.Logf("%d disks: %v", len(disks), ended)
	if ended[0] == 0 || ended[1] == 0 {
		t.Error("the disks are all alike: the test proves nothing")
	}
}

// Folders that cannot be written to, and a spool without room, end the run with
// an error and leave nothing.
func TestRefusedFolders(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root, to become somebody else")
	}
	bin := buildTool(t)
	in, _ := diskDump(t)
	if err := os.Chmod(filepath.Dir(in), 0o755); err != nil {
		t.Fatal(err)
	}
	root := folder(t)
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	spool := filepath.Join(root, "spool")
	if err := errors.Join(os.Mkdir(spool, 0o700), os.Chown(spool, nobody, nobody)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code int
		what string
		mode os.FileMode
		user uint32
		make func(dir string) error
	}{
		{1, "another's folder", 0o755, nobody, nil},
		{1, "a folder of one's own without the right to write", 0o500, nobody, func(dir string) error { return os.Chown(dir, nobody, nobody) }},
		{1, "a folder that may not be searched", 0o666, nobody, nil},
		// The name belongs to another and may not be replaced: there is a moment in
		// which the copy has a second name.
		{1, "another's file in a sticky folder", 0o777 | os.ModeSticky, nobody, func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "out"), []byte("other"), 0o600)
		}},
		{2, "a folder in the place of the output", 0o777, nobody, func(dir string) error { return os.Mkdir(filepath.Join(dir, "out"), 0o700) }},
		{2, "a folder in the place of the receipt", 0o777, nobody, func(dir string) error { return os.Mkdir(filepath.Join(dir, "out.receipt.json"), 0o700) }},
		{1, "a file system for reading", 0o755, 0, func(dir string) error {
			return errors.Join(unix.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"), unix.Mount("tmpfs", dir, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
		}},
	} {
		dir := filepath.Join(root, strings.ReplaceAll(c.what, " ", "-"))
		if err := errors.Join(os.Mkdir(dir, 0o700), os.Chmod(dir, c.mode)); err != nil {
			t.Fatal(err)
		}
		if c.make != nil {
			if err := c.make(dir); err != nil {
				t.Fatal(err)
			}
		}
		before := listed(t, dir)
		cmd := exec.Command(bin, "scrub", in, "-o", filepath.Join(dir, "out"), "--force", "--quiet", "--spool-dir", spool)
		cmd.Dir, cmd.SysProcAttr = root, &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: c.user, Gid: c.user}}
		code, text, _ := runTool(t, cmd)
		if after := listed(t, dir); code != c.code || !slices.Equal(before, after) {
			t.Errorf("%s: exit %d, %v, before %v: %s", c.what, code, after, before, text)
		}
		if c.user == 0 {
			if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
				t.Error(err)
			}
		}
	}
}
