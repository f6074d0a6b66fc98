package publish

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// ErrNoUnnamed says that the destination's file system cannot hold a file
// without a name, as some network file systems cannot.
var ErrNoUnnamed = errors.New("the destination's file system has no unnamed files (O_TMPFILE)")

// Unnamed is a file that will be published at a path, or never.
type Unnamed struct {
	*os.File
	path string
}

// Create opens an unnamed file of mode 0600 in the directory of path.
func Create(path string) (*Unnamed, error) {
	dir := filepath.Dir(path)
	fd, err := unix.Open(dir, unix.O_TMPFILE|unix.O_RDWR|unix.O_CLOEXEC, 0o600)
	if errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.EISDIR) {
		return nil, ErrNoUnnamed
	}
	if err != nil {
		return nil, &os.PathError{Op: "create", Path: path, Err: err}
	}
	return &Unnamed{File: os.NewFile(uintptr(fd), path), path: path}, nil
}

// Reopen returns a second, read-only handle on the same file.
func (u *Unnamed) Reopen() (*os.File, error) {
	return os.Open(u.proc())
}

func (u *Unnamed) proc() string { return "/proc/self/fd/" + strconv.Itoa(int(u.Fd())) }

// Sync writes the file's bytes to the disk.
func (u *Unnamed) Sync() error {
	if err := u.File.Sync(); err != nil {
		return fmt.Errorf("making the output durable: %w", err)
	}
	return nil
}

// Link names the file. An existing file is replaced when replace is set and else
// left alone, with an error that is [fs.ErrExist].
func (u *Unnamed) Link(replace bool) error {
	err := u.linkAt(u.path)
	if !replace || !errors.Is(err, fs.ErrExist) {
		return err
	}
	// A link cannot replace a name but a rename can: the file, complete by now,
	// gets a name of its own for the moment between the two.
	var r [8]byte
	if _, err := rand.Read(r[:]); err != nil {
		return err
	}
	tmp := filepath.Join(filepath.Dir(u.path), "."+filepath.Base(u.path)+"."+hex.EncodeToString(r[:]))
	if err := u.linkAt(tmp); err != nil {
		return err
	}
	if err := os.Rename(tmp, u.path); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	return nil
}

func (u *Unnamed) linkAt(path string) error {
	err := unix.Linkat(unix.AT_FDCWD, u.proc(), unix.AT_FDCWD, path, unix.AT_SYMLINK_FOLLOW)
	if err != nil {
		return &os.PathError{Op: "publish", Path: path, Err: err}
	}
	return nil
}

// SyncDir makes the names in the directory of path durable.
func SyncDir(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer d.Close()
	// Some file systems cannot sync a directory; the names are then as durable
	// as they make them.
	if err := d.Sync(); err != nil && !errors.Is(err, unix.EINVAL) {
		return err
	}
	return nil
}
