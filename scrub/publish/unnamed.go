package publish

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// ErrNoUnnamed says that the destination's file system cannot hold a file
// without a name, as some network file systems cannot.
var ErrNoUnnamed = errors.New("the destination's file system has no unnamed files (O_TMPFILE)")

// Unnamed is a file that will be published at a path, or never. It holds on to
// the directory that was there when it was created: whoever puts another one or a
// link in its place later does not get the file.
type Unnamed struct {
	*os.File
	dir    *os.File
	reader *os.File // what Reopen copies
	path   string   // as it was given, for messages
	base   string   // the name within dir
}

// Create opens an unnamed file of mode 0600 in the directory of path. All handles
// that it needs later are opened here, so that the process may give up opening
// files.
func Create(path string) (*Unnamed, error) {
	dir, err := openDir(filepath.Dir(path))
	if err != nil {
		return nil, &os.PathError{Op: "create", Path: path, Err: err}
	}
	fd, err := unix.Openat(int(dir.Fd()), ".", unix.O_TMPFILE|unix.O_RDWR|unix.O_CLOEXEC, 0o600)
	if err != nil {
		dir.Close()
		if errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.EISDIR) {
			return nil, ErrNoUnnamed
		}
		return nil, &os.PathError{Op: "create", Path: path, Err: err}
	}
	u := &Unnamed{File: os.NewFile(uintptr(fd), path), dir: dir, path: path, base: filepath.Base(path)}
	if u.reader, err = os.Open(u.proc()); err != nil {
		u.Close()
		return nil, &os.PathError{Op: "create", Path: path, Err: err}
	}
	return u, nil
}

// openDir opens a directory for use with the *at system calls and, where it may
// be read, for fsync.
func openDir(path string) (*os.File, error) {
	const flags = unix.O_DIRECTORY | unix.O_CLOEXEC
	fd, err := unix.Open(path, unix.O_RDONLY|flags, 0)
	if errors.Is(err, unix.EACCES) {
		fd, err = unix.Open(path, unix.O_PATH|flags, 0)
	}
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), path), nil
}

// Reopen returns another, read-only handle on the same file. All of them share one
// position, for which nobody who reads by offset has a use.
func (u *Unnamed) Reopen() (*os.File, error) {
	fd, err := unix.FcntlInt(u.reader.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, &os.PathError{Op: "reopen", Path: u.path, Err: err}
	}
	return os.NewFile(uintptr(fd), u.path), nil
}

// Reset makes the file an empty one.
func (u *Unnamed) Reset() error {
	if err := u.Truncate(0); err != nil {
		return err
	}
	_, err := u.Seek(0, io.SeekStart)
	return err
}

// Close gives up the file unless it has a name.
func (u *Unnamed) Close() error {
	return errors.Join(u.File.Close(), u.dir.Close(), u.reader.Close())
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
	err := u.linkAt(u.base)
	if !replace || !errors.Is(err, fs.ErrExist) {
		return err
	}
	// A link cannot replace a name but a rename can: the file, complete by now,
	// gets a name of its own for the moment between the two.
	var r [8]byte
	if _, err := rand.Read(r[:]); err != nil {
		return err
	}
	tmp := "." + u.base + "." + hex.EncodeToString(r[:])
	if err := u.linkAt(tmp); err != nil {
		return err
	}
	fd := int(u.dir.Fd())
	if err := unix.Renameat(fd, tmp, fd, u.base); err != nil {
		return errors.Join(u.failed(err), unix.Unlinkat(fd, tmp, 0))
	}
	return nil
}

func (u *Unnamed) linkAt(name string) error {
	err := unix.Linkat(unix.AT_FDCWD, u.proc(), int(u.dir.Fd()), name, unix.AT_SYMLINK_FOLLOW)
	if err != nil {
		return u.failed(err)
	}
	return nil
}

func (u *Unnamed) failed(err error) error {
	return &os.PathError{Op: "publish", Path: u.path, Err: err}
}

// Unlink takes the name away again.
func (u *Unnamed) Unlink() error {
	if err := unix.Unlinkat(int(u.dir.Fd()), u.base, 0); err != nil {
		return &os.PathError{Op: "remove", Path: u.path, Err: err}
	}
	return nil
}

// SyncDir makes the name durable.
func (u *Unnamed) SyncDir() error {
	// Some file systems cannot sync a directory, and one that may not be read
	// cannot be synced; the name is then as durable as they make it.
	err := u.dir.Sync()
	if err != nil && !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.EBADF) {
		return err
	}
	return nil
}
