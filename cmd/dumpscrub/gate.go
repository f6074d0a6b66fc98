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
	"strings"

	"github.com/spf13/cobra"

	"github.com/dumpscrub/dumpscrub/scrub/receipt"
)

// gateOptions are the flags of `dumpscrub gate`.
type gateOptions struct {
	lookOptions
	receipt        string
	verifyKey      string
	requireReceipt bool
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

` + exitHelp,
		Args: args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, as []string) error { return runGate(cmd.Context(), e, &o, as) },
	}
	o.addFlags(cmd, e, "fast")
	f := cmd.Flags()
	f.StringVar(&o.receipt, "receipt", "", "the receipt is in `FILE`, not beside the dump; for one PATH only")
	f.StringVar(&o.verifyKey, "verify-key", "", "want a receipt signed by the Ed25519 key in `FILE` (PEM public key)")
	f.BoolVar(&o.requireReceipt, "require-receipt", false, "want a receipt; do not scan")
	return cmd
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
	files, many, err := walk(paths)
	if err != nil {
		return err
	}
	if o.receipt != "" && many {
		return usageError{"--receipt goes with one PATH", ""}
	}
	if many && len(files) == 0 {
		o.say(e.stderr, "nothing to let through: no files")
		return nil
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

// pass judges one file.
func (o *gateOptions) pass(ctx context.Context, e *env, path string, key ed25519.PublicKey, many bool) (pathReport, error) {
	pr := pathReport{Path: path}
	err := o.covered(ctx, path, key)
	switch {
	case err == nil:
		o.say(e.stderr, "%s: passed: a valid receipt covers it", path)
		return pr, nil
	case !errors.Is(err, errNoReceipt) || key != nil || o.requireReceipt:
		pr.Error = err.Error()
		return pr, err
	}
	if pr.Report, err = o.scan(ctx, e, path, many); err != nil {
		pr.Error = err.Error()
		return pr, err
	}
	if found(pr.Report) {
		o.say(e.stderr, "stopped: %s", summary(path, pr.Report))
		return pr, errSecrets
	}
	o.say(e.stderr, "passed without a receipt: %s", summary(path, pr.Report))
	return pr, nil
}

// covered returns nil when a valid receipt is for the exact bytes of path.
func (o *gateOptions) covered(ctx context.Context, path string, key ed25519.PublicKey) error {
	name := o.receipt
	if name == "" {
		if path == "-" {
			return errNoReceipt
		}
		name = path + receiptSuffix
	}
	s, err := readReceipt(ctx, name, key)
	if errors.Is(err, fs.ErrNotExist) {
		return errNoReceipt
	}
	if err != nil {
		return err
	}
	sum, err := fileDigest(path)
	if err != nil {
		return err
	}
	return s.Covers(receipt.SHA256, sum)
}

// maxReceipt bounds how much of a file is read as a receipt, in bytes; ours have
// about one thousand.
const maxReceipt = 1 << 20

func readReceipt(ctx context.Context, name string, key ed25519.PublicKey) (*receipt.Statement, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxReceipt+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxReceipt {
		return nil, fmt.Errorf("%w: it is too large", receipt.ErrInvalid)
	}
	return receipt.Read(ctx, data, key)
}

// isReceipt reports whether path is the receipt of a file beside it. Anything
// else with such a name is judged like every other file.
func (o *gateOptions) isReceipt(ctx context.Context, path string, key ed25519.PublicKey) bool {
	dump, ok := strings.CutSuffix(path, receiptSuffix)
	if !ok {
		return false
	}
	if _, err := os.Stat(dump); err != nil {
		return false
	}
	_, err := readReceipt(ctx, path, key)
	return err == nil
}

func fileDigest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
