package main

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/dumpscrub/dumpscrub/scrub/fsverity"
	"github.com/dumpscrub/dumpscrub/scrub/receipt"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// maxReceipt bounds how much of a file is read as a receipt, in bytes; ours have
// about one thousand.
const maxReceipt = 1 << 20

// readReceipt reads the receipt of that name, where "-" is what standard input held.
func (o *gateOptions) readReceipt(ctx context.Context, name string, key ed25519.PublicKey) (*receipt.Statement, error) {
	if name == "-" {
		return receipt.Read(ctx, o.given, key)
	}
	data, err := readSmall(name)
	if err != nil {
		return nil, err
	}
	return receipt.Read(ctx, data, key)
}

// readSmall reads a file that may be a receipt. A pipe or device in its place
// would be waited for without an end.
func readSmall(name string) ([]byte, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: it is not a regular file", receipt.ErrInvalid)
	}
	return readReceiptBytes(f)
}

// readReceiptBytes reads what may be a receipt to its end.
func readReceiptBytes(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxReceipt+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxReceipt {
		return nil, fmt.Errorf("%w: it is too large", receipt.ErrInvalid)
	}
	return data, nil
}

// isReceipt reports whether path is the receipt of a file beside it and nothing
// more. Anything else with such a name is judged like every other file: a text
// that a receipt has room for could be a key.
func (o *gateOptions) isReceipt(ctx context.Context, path string, key ed25519.PublicKey) bool {
	dump, ok := strings.CutSuffix(path, receiptSuffix)
	if !ok {
		return false
	}
	if _, err := os.Stat(dump); err != nil {
		return false
	}
	data, err := readSmall(path)
	if err != nil {
		return false
	}
	s, err := receipt.Read(ctx, data, key)
	return err == nil && receipt.Bare(data, s, filepath.Base(dump))
}

func fileDigest(ctx context.Context, path, algorithm string, jobs int) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if algorithm == receipt.FSVerity {
		return verityDigest(ctx, f, jobs)
	}
	h := sha256.New()
	if _, err := io.Copy(h, cancelled{ctx, f}); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// verityDigest digests f, which must be a regular file: there is no such digest of a
// stream, of which nobody knows the size beforehand.
func verityDigest(ctx context.Context, f *os.File, jobs int) (string, error) {
	st, err := f.Stat()
	if err != nil {
		return "", err
	}
	if !st.Mode().IsRegular() {
		return "", receipt.ErrOtherBytes
	}
	sum, err := fsverity.Digest(ctx, f, st.Size(), jobs)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return "", source.ErrChanged
	}
	if err != nil {
		return "", err
	}
	// What was appended meanwhile is not in the digest.
	after, err := f.Stat()
	if err != nil {
		return "", err
	}
	if after.Size() != st.Size() {
		return "", source.ErrChanged
	}
	return hex.EncodeToString(sum), nil
}

// cancelled is a reader that ends with its context.
type cancelled struct {
	ctx context.Context
	r   io.Reader
}

func (c cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
