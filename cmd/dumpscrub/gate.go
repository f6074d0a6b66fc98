package main

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"github.com/dumpscrub/dumpscrub/scrub/fsverity"
	"github.com/dumpscrub/dumpscrub/scrub/publish"
	"github.com/dumpscrub/dumpscrub/scrub/receipt"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// gateOptions are the flags of `dumpscrub gate`.
type gateOptions struct {
	lookOptions
	receipt        string
	verifyKey      string
	requireReceipt bool
	floor          receipt.Floor
	given          []byte // of the receipt, when it comes from standard input
	copyTo         string
	release        *publish.Unnamed // at copyTo
}

func newGateCommand(e *env) *cobra.Command {
	var o gateOptions
	cmd := &cobra.Command{
		Use:   "gate PATH...",
		Short: "Let through only what a valid receipt covers, or a clean scan",
		Long: `Ends with 0 only when every file (directories are walked) is covered by a receipt
for its exact bytes, or, where there is none, when a scan of it finds nothing. A
receipt is looked for beside the file, as PATH.receipt.json. Without --verify-key
a receipt proves that the file is whole, not who made it.

A file can change between its gate and its use. With --copy-to the gate takes a
private copy first, judges that, and releases exactly the bytes that it judged.

` + exitHelp,
		Args: args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, as []string) error {
			if err := o.check(cmd.Flags().Changed("policy")); err != nil {
				return err
			}
			return runGate(cmd.Context(), e, &o, as)
		},
	}
	o.addFlags(cmd, e, "fast")
	o.addForms(cmd)
	f := cmd.Flags()
	f.StringVar(&o.receipt, "receipt", "", "the receipt is in `FILE` (- for standard input), not beside the dump; for one PATH only")
	f.StringVar(&o.verifyKey, "verify-key", "", "want a receipt signed by the Ed25519 key in `FILE` (PEM public key)")
	f.BoolVar(&o.requireReceipt, "require-receipt", false, "want a receipt; do not scan")
	f.StringVar(&o.floor.MinVersion, "min-version", "", "want a receipt of dumpscrub `VERSION` or later; a scan counts as one of this version")
	f.StringArrayVar(&o.floor.Policies, "require-policy", nil, "want a receipt under the policy `NAME`, and scan under it; may be repeated, then any will do")
	f.StringVar(&o.copyTo, "copy-to", "", "release a private copy of what passes as `DEST`, a new file or a folder; for one PATH only")
	return cmd
}

// check refuses flags that contradict each other and settles under which policy
// to scan.
func (o *gateOptions) check(policySet bool) error {
	if err := o.floor.Check(); err != nil {
		return usageError{"--min-version: " + err.Error(), "versions look like " + version}
	}
	if need := o.floor.Policies; len(need) > 0 {
		if !policySet {
			o.policy = need[0]
		} else if !slices.Contains(need, o.policy) {
			return usageError{"--policy is not among --require-policy", ""}
		}
	}
	return nil
}

// receiptSuffix is what the name of a receipt adds to the name of its file.
const receiptSuffix = ".receipt.json"

func runGate(ctx context.Context, e *env, o *gateOptions, paths []string) error {
	var key ed25519.PublicKey
	if o.verifyKey != "" {
		data, err := os.ReadFile(o.verifyKey)
		if err != nil {
			return err
		}
		if key, err = receipt.ParseVerifyKey(data); err != nil {
			return fmt.Errorf("%s: %w", o.verifyKey, err)
		}
	}
	if err := onceStdin(append(slices.Clone(paths), o.receipt)); err != nil {
		return err
	}
	files, many, err := walk(paths)
	if err != nil {
		return err
	}
	if o.receipt != "" && many {
		return usageError{"--receipt goes with one PATH", ""}
	}
	if o.receipt == "-" {
		if o.given, err = readReceiptBytes(e.stdin); err != nil {
			return err
		}
	}
	if o.copyTo != "" {
		if many {
			return usageError{"--copy-to goes with one PATH", ""}
		}
		if err := o.resolveCopy(paths[0]); err != nil {
			return err
		}
	}
	if many && len(files) == 0 {
		o.say(e.stderr, "nothing to let through: no files")
		return nil
	}
	read := reads(paths, files)
	for _, path := range paths {
		read = append(read, path+receiptSuffix)
	}
	if o.receipt != "" {
		read = append(read, o.receipt)
	}
	if err := distinct(files, slices.Concat(o.reads(), read, []string{o.verifyKey}), append(o.outlets(), o.copyTo)); err != nil {
		return err
	}
	a := access{read: read}
	if o.release != nil {
		defer o.release.Close()
		a.name = []string{o.copyTo}
	}
	if err := o.confine(e, a); err != nil {
		return err
	}
	var all []pathReport
	verdict := &verdicts{}
	for _, path := range files {
		if o.isReceipt(ctx, path, key) {
			continue
		}
		pr, err := o.pass(ctx, e, path, key, many)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		all = append(all, pr)
		verdict.add(e, path, err, many)
	}
	if len(all) > 0 {
		if err := o.writeReports(e, all, many); err != nil {
			return err
		}
	}
	return verdict.err
}

// pass judges one file, and releases it when that is asked for. A stream with a receipt
// is held, for its size is in one of the digests.
func (o *gateOptions) pass(ctx context.Context, e *env, path string, key ed25519.PublicKey, many bool) (pathReport, error) {
	pr := pathReport{Path: path}
	var err error
	if o.copyTo == "" && (path != "-" || o.receipt == "") {
		err = o.judge(ctx, e, path, key, many, nil, &pr)
	} else {
		err = o.hold(ctx, e, path, func(h *held) error {
			if err := o.judge(ctx, e, path, key, many, h, &pr); err != nil {
				return err
			}
			if o.release == nil {
				return nil
			}
			return h.release(ctx, o.release)
		})
	}
	if err != nil {
		pr.Error = err.Error()
	}
	return pr, err
}

// judge returns nil when the file at path may pass. It looks at the bytes in h
// when there are any, and at the file otherwise.
func (o *gateOptions) judge(ctx context.Context, e *env, path string, key ed25519.PublicKey, many bool, h *held, pr *pathReport) error {
	err := o.covered(ctx, path, key, h)
	switch {
	case err == nil:
		o.say(e.stderr, "%s: passed: a valid receipt covers it", printable(path))
		return nil
	case !errors.Is(err, errNoReceipt) || key != nil || o.requireReceipt || o.receipt != "":
		return err
	}
	if err := o.floor.Admits(version, o.policy); err != nil {
		return fmt.Errorf("%w: %w", err, errNoReceipt)
	}
	if h != nil {
		pr.Report, err = o.scanHeld(ctx, e, h)
	} else {
		pr.Report, err = o.scan(ctx, e, path, many)
	}
	if err != nil {
		return err
	}
	if found(pr.Report) {
		o.say(e.stderr, "stopped: %s", summary(path, pr.Report))
		return errSecrets
	}
	o.say(e.stderr, "passed without a receipt: %s", summary(path, pr.Report))
	return nil
}

// covered returns nil when a valid receipt that says enough is for the exact
// bytes of path, or of h.
func (o *gateOptions) covered(ctx context.Context, path string, key ed25519.PublicKey, h *held) error {
	name := o.receipt
	if name == "" {
		if path == "-" {
			return errNoReceipt
		}
		name = path + receiptSuffix
	}
	s, err := o.readReceipt(ctx, name, key)
	if errors.Is(err, fs.ErrNotExist) {
		return errNoReceipt
	}
	if err != nil {
		return err
	}
	if err := s.Meets(o.floor); err != nil {
		return err
	}
	return s.CoversFile(func(algorithm string) (string, error) {
		if h != nil {
			return h.digest(ctx, algorithm, o.jobs)
		}
		return fileDigest(ctx, path, algorithm, o.jobs)
	})
}

// maxReceipt bounds how much of a file is read as a receipt, in bytes; ours have
// about one thousand.
const maxReceipt = 1 << 20

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
