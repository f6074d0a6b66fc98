package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dumpscrub/dumpscrub/scrub"
	"github.com/dumpscrub/dumpscrub/scrub/receipt"
)

// scrubOptions are the flags of `dumpscrub scrub`.
type scrubOptions struct {
	lookOptions
	output  string
	force   bool
	receipt string
	signKey string
	tagKey  string
	digest  string
	full    bool // attack every byte of the copy
}

func newScrubCommand(e *env) *cobra.Command {
	var o scrubOptions
	cmd := &cobra.Command{
		Use:   "scrub INPUT [-o OUTPUT]",
		Short: "Redact a dump into a copy, verify it, publish it with its receipt",
		Long: `Reads the dump INPUT (- for standard input), finds its secrets, and publishes a
copy in which they are redacted, together with a receipt. The copy has no name
until it has been read back, laid out, scanned and compared. The input is never
changed. gzip, zstd, bzip2 and lz4 around a dump are taken off and put back on.

` + exitHelp,
		Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, as []string) error { return runScrub(cmd.Context(), e, &o, as[0]) },
	}
	o.copies = true
	o.addFlags(cmd, e, "deep")
	o.addForms(cmd)
	f := cmd.Flags()
	f.StringVarP(&o.output, "output", "o", "", "publish the copy at `FILE` (- for standard output); default: INPUT with .scrubbed before its extension")
	f.BoolVar(&o.force, "force", false, "replace an existing output and receipt")
	f.StringVar(&o.receipt, "receipt", "", "publish the receipt at `FILE` (- for standard output); default: OUTPUT with .receipt.json")
	f.StringVar(&o.signKey, "sign-key", "", "sign the receipt with the Ed25519 private key in `FILE` (PEM)")
	f.StringVar(&o.tagKey, "tag-key", "", "name secrets by an HMAC under the key in `FILE`, equal in all dumps, instead of by number")
	f.StringVar(&o.digest, "digest", receipt.SHA256, "what the receipt calls the copy by, a `WORD`: sha256, or fsverity (as Linux's fs-verity digests files: all workers share the work)")
	words(cmd, "digest", false, receipt.Algorithms()...)
	f.BoolVar(&o.full, "full-attack", false, "verify by examining every byte of the copy again; does not change the result")
	f.Lookup("full-attack").Hidden = true
	return cmd
}

func runScrub(ctx context.Context, e *env, o *scrubOptions, input string) error {
	update, clearBar := o.progress(e.stderr)
	defer clearBar()
	j, err := o.job(update)
	if err != nil {
		return err
	}
	if err := o.resolve(input); err != nil {
		return err
	}
	if err := o.keys(j); err != nil {
		return err
	}
	if j.Input, err = e.open(ctx, input); err != nil {
		return err
	}
	j.Force, j.Stdout = o.force, e.stdout
	j.Digest, j.FullAttack = o.digest, o.full
	if o.output != "-" {
		j.Output = o.output
	}
	if o.receipt == "-" {
		j.Attest = e.stdout
	} else {
		j.Receipt = o.receipt
	}
	j.Announce = func(r *scrub.Report) error {
		return errors.Join(o.writeReport(e, r), o.writeForms(e, []pathReport{{Path: input, Report: r}}))
	}
	o.confineScrub(e, j)
	r, err := scrub.Scrub(ctx, j)
	clearBar()
	if err != nil {
		return e.withdraw(err)
	}
	o.say(e.stderr, "%s", summary(input, r)+o.published())
	return nil
}

// withdraw takes the reports of a run away that ended with err, and returns it.
func (e *env) withdraw(err error) error {
	for _, path := range e.named {
		if e := os.Remove(path); !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// confineScrub has the process confined as soon as the files of j are open.
func (o *scrubOptions) confineScrub(e *env, j *scrub.Job) {
	if o.noSandbox || e.confine == nil {
		return
	}
	j.Reserve = o.reserve(j.Options)
	j.Confine = func() error {
		var a access
		for _, path := range []string{j.Output, j.Receipt} {
			if path != "" {
				a.name = append(a.name, path)
			}
		}
		return o.enter(e, a)
	}
}

// resolve fills in the names of output and receipt and refuses those that would
// do harm, before any work is done.
func (o *scrubOptions) resolve(input string) error {
	if !slices.Contains(receipt.Algorithms(), o.digest) {
		return usageError{fmt.Sprintf("unknown digest %q: want %s", o.digest, strings.Join(receipt.Algorithms(), " or ")), ""}
	}
	if o.output == "" {
		if input == "-" {
			return usageError{"standard input needs -o OUTPUT", ""}
		}
		o.output = defaultOutput(input)
	}
	if o.receipt == "" && o.output != "-" {
		o.receipt = o.output + ".receipt.json"
	}
	out := o.toStdout()
	for _, path := range []string{o.output, o.receipt} {
		if path == "-" {
			out++
		}
	}
	if out > 1 {
		return usageError{"only one of the copy, its receipt and the reports can go to standard output", ""}
	}
	written := slices.Concat([]string{o.output, o.receipt}, o.outlets())
	if err := distinct([]string{input}, append(o.reads(), o.signKey, o.tagKey), written); err != nil {
		return err
	}
	for _, path := range []string{o.output, o.receipt} {
		if path == "-" || path == "" {
			continue
		}
		st, err := os.Stat(path)
		if err != nil {
			continue
		}
		if st.IsDir() {
			return usageError{fmt.Sprintf("%s is a directory", path), ""}
		}
		if !o.force {
			return &fs.PathError{Op: "publish", Path: path, Err: fs.ErrExist}
		}
		if !st.Mode().IsRegular() {
			return usageError{fmt.Sprintf("%s is not a regular file", path), "-o - writes to standard output"}
		}
	}
	return nil
}

// keys reads the key files.
func (o *scrubOptions) keys(j *scrub.Job) error {
	if o.signKey != "" {
		data, err := os.ReadFile(o.signKey)
		if err != nil {
			return err
		}
		defer clear(data)
		if j.SignKey, err = receipt.ParseSignKey(data); err != nil {
			return fmt.Errorf("%s: %w", o.signKey, err)
		}
	}
	if o.tagKey != "" {
		data, err := os.ReadFile(o.tagKey)
		if err != nil {
			return err
		}
		if len(data) < minTagKey {
			return fmt.Errorf("%s: a tag key must have at least %d bytes", o.tagKey, minTagKey)
		}
		j.TagKey = data
	}
	return nil
}

// minTagKey is the least size of a tag key in bytes: below the 128 bits of a
// random key, guesses of the key and so of secrets become thinkable.
const minTagKey = 16

func (o *scrubOptions) published() string {
	if o.output == "-" {
		return ""
	}
	if o.receipt == "-" {
		return fmt.Sprintf(" Wrote %s and, to standard output, its receipt.", printable(o.output))
	}
	return fmt.Sprintf(" Wrote %s and its receipt %s.", printable(o.output), printable(o.receipt))
}

// extension is what counts as one: letters and digits that begin with a letter.
// The numbers of core.1234 are no extension.
var extension = regexp.MustCompile(`^\.[A-Za-z][A-Za-z0-9]{0,7}$`)

// defaultOutput puts .scrubbed before the extension of path, or behind its name.
func defaultOutput(path string) string {
	dir, name := filepath.Split(path)
	ext := filepath.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	packed := map[string]bool{".gz": true, ".zst": true, ".bz2": true, ".lz4": true, ".xz": true}[ext]
	if stem == "" || !extension.MatchString(ext) || stem == "core" && !packed {
		return path + ".scrubbed"
	}
	return dir + stem + ".scrubbed" + ext
}
