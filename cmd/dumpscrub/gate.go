package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/dumpscrub/dumpscrub/scrub/policy"
	"github.com/dumpscrub/dumpscrub/scrub/publish"
	"github.com/dumpscrub/dumpscrub/scrub/receipt"
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
a receipt proves that the file is whole, not who made it. A report says of a file
that a receipt covers just that, for it was not examined.

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
	words(cmd, "require-policy", false, policy.Names()...)
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
	files, many, a, err := o.prepare(e, paths)
	if err != nil {
		return err
	}
	if o.release != nil {
		defer o.release.Close()
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
	if len(all) == 0 {
		return o.none(e, key)
	}
	if err := o.writeReports(e, all, many); err != nil {
		return err
	}
	return verdict.err
}

// none is the verdict on no file: there is nothing to let through, which is no success for those who want a receipt.
func (o *gateOptions) none(e *env, key ed25519.PublicKey) error {
	if key != nil || o.requireReceipt {
		return fmt.Errorf("no files: %w", errNoReceipt)
	}
	o.say(e.stderr, "nothing to let through: no files")
	return nil
}

// prepare settles which files are judged, whether there may be several, and what must
// stay accessible for that.
func (o *gateOptions) prepare(e *env, paths []string) (files []string, many bool, a access, err error) {
	if err = onceStdin(append(slices.Clone(paths), o.receipt)); err != nil {
		return nil, false, a, err
	}
	if files, many, err = walk(paths); err != nil {
		return nil, false, a, err
	}
	switch {
	case many && o.receipt != "":
		return nil, false, a, usageError{"--receipt goes with one PATH", ""}
	case many && o.copyTo != "":
		return nil, false, a, usageError{"--copy-to goes with one PATH", ""}
	}
	if o.copyTo != "" {
		if err = o.resolveCopy(paths[0]); err != nil {
			return nil, false, a, err
		}
		a.name = []string{o.copyTo}
	}
	a.read = reads(paths, files)
	for _, path := range paths {
		a.read = append(a.read, path+receiptSuffix)
	}
	if o.receipt != "" {
		a.read = append(a.read, o.receipt)
	}
	if err = distinct(files, slices.Concat(o.reads(), a.read, []string{o.verifyKey}), append(o.outlets(), o.copyTo)); err != nil {
		return nil, false, a, err
	}
	if o.receipt == "-" {
		if o.given, err = readReceiptBytes(e.stdin); err != nil {
			return nil, false, a, err
		}
	}
	return files, many, a, nil
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
		pr.Covered = true
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
	if err := verdictOn(pr.Report); err != nil {
		o.say(e.stderr, "stopped: %s", summary(path, pr.Report))
		return err
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
