package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/dumpscrub/dumpscrub/scrub"
	"github.com/dumpscrub/dumpscrub/scrub/fsverity"
	"github.com/dumpscrub/dumpscrub/scrub/publish"
	"github.com/dumpscrub/dumpscrub/scrub/receipt"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// held is a file of which the gate has taken a private copy: an encrypted spool,
// so that nothing unjudged lies anywhere in the clear, least of all at the
// destination.
type held struct {
	spool  *source.Spool
	sha256 string // of its bytes, in hexadecimal
}

// resolveCopy settles the name of the released file and opens it without that
// name, before any work.
func (o *gateOptions) resolveCopy(path string) error {
	if o.copyTo == "-" {
		return usageError{"--copy-to wants a file or a folder", ""}
	}
	st, err := os.Stat(o.copyTo)
	if err == nil && st.IsDir() {
		if path == "-" {
			return usageError{"standard input needs the name of a file for --copy-to", ""}
		}
		o.copyTo = filepath.Join(o.copyTo, filepath.Base(path))
	}
	if _, err := os.Lstat(o.copyTo); err == nil {
		return &fs.PathError{Op: "release", Path: o.copyTo, Err: fs.ErrExist}
	}
	o.release, err = publish.Create(o.copyTo)
	return err
}

// hold reads the file at path once, to its end, and hands use what it read.
func (o *gateOptions) hold(ctx context.Context, e *env, path string, use func(*held) error) error {
	f, err := e.open(ctx, path)
	if err != nil {
		return err
	}
	defer f.Close()
	j, err := o.fresh(nil)
	if err != nil {
		return err
	}
	s, err := j.NewSpool()
	if err != nil {
		return err
	}
	defer s.Close()
	h := sha256.New()
	buf := make([]byte, 1<<20)
	defer clear(buf)
	limit := o.maxSize
	n, err := io.CopyBuffer(onlyWriter{io.MultiWriter(h, s)}, io.LimitReader(cancelled{ctx, f}, limit+1), buf)
	if err != nil {
		return fmt.Errorf("taking a copy: %w", err)
	}
	if n > limit {
		return source.ErrTooBig
	}
	if err := s.Finish(); err != nil {
		return err
	}
	return use(&held{spool: s, sha256: hex.EncodeToString(h.Sum(nil))})
}

// digest returns the digest of what is held. What is released has the SHA-256 that
// it had when it was read, so no digest of another time is of other bytes.
func (h *held) digest(ctx context.Context, algorithm string, jobs int) (string, error) {
	if algorithm == receipt.SHA256 {
		return h.sha256, nil
	}
	sum, err := fsverity.Digest(ctx, h.spool, h.spool.Size(), jobs)
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(sum), nil
}

// onlyWriter hides other methods, so that the copy goes through our buffer.
type onlyWriter struct{ io.Writer }

// lent is a spool that stays open when its reader closes it.
type lent struct{ *source.Spool }

func (lent) Close() error { return nil }

// scanHeld examines what is held.
func (o *gateOptions) scanHeld(ctx context.Context, e *env, h *held) (*scrub.Report, error) {
	update, clearBar := o.progress(e.stderr)
	defer clearBar()
	j, err := o.fresh(update)
	if err != nil {
		return nil, err
	}
	j.Held = lent{h.spool}
	return scrub.ScanOnly(ctx, j)
}

// errReleased says that what would be released is not what was judged.
var errReleased = errors.New("the released copy is not what was judged")

// release publishes what is held as u. The bytes are digested once more on
// their way: counter mode does not notice a spool that was tampered with.
func (h *held) release(ctx context.Context, u *publish.Unnamed) error {
	sum := sha256.New()
	buf := make([]byte, 1<<20)
	defer clear(buf)
	src := io.NewSectionReader(h.spool, 0, h.spool.Size())
	if _, err := io.CopyBuffer(onlyWriter{io.MultiWriter(sum, u.File)}, cancelled{ctx, src}, buf); err != nil {
		return fmt.Errorf("releasing: %w", err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != h.sha256 {
		return errReleased
	}
	// What a disk says that it wrote is not what it wrote.
	sum.Reset()
	back := io.NewSectionReader(u.File, 0, h.spool.Size()+1)
	if _, err := io.CopyBuffer(onlyWriter{sum}, cancelled{ctx, back}, buf); err != nil {
		return fmt.Errorf("reading the released copy back: %w", err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != h.sha256 {
		return errReleased
	}
	if err := u.Sync(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := u.Link(!replaceExisting); err != nil {
		return err
	}
	if err := u.SyncDir(); err != nil {
		return errors.Join(err, u.Unlink())
	}
	return nil
}
