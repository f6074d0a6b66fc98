package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dumpscrub/dumpscrub/detect"
	"github.com/dumpscrub/dumpscrub/detect/publickey"
	"github.com/dumpscrub/dumpscrub/formats"
	"github.com/dumpscrub/dumpscrub/scrub"
	"github.com/dumpscrub/dumpscrub/scrub/policy"
	"github.com/dumpscrub/dumpscrub/scrub/source"
	"github.com/dumpscrub/dumpscrub/scrub/spill"
)

// lookOptions are the flags of every command that examines dumps.
type lookOptions struct {
	policy     string
	format     string
	depth      string
	wipe       string
	copies     bool // the command writes a copy
	hunt       []string
	known      []string
	allow      string
	allowKey   string
	rules      []string
	warnings   io.Writer // where what is wrong with rule files is told, once
	warned     bool
	jobs       int
	chunk      int
	report     string
	sarif      string
	html       string
	timings    bool
	quiet      bool
	noProgress bool
	spoolDir   string
	maxSize    int64
	noSandbox  bool

	base *scrub.Job // what the flags say, once the process is confined

	disk   *spill.Disk     // for what is found, once a job is made
	spools *source.Reserve // files for it, once the process is confined
}

// memoryForFindings is how much of what is found stays in memory, in bytes: a hundred
// thousand findings. The rest is in the spool.
const memoryForFindings = 16 << 20

// findingsDisk returns the disk of all jobs.
func (o *lookOptions) findingsDisk() *spill.Disk {
	if o.disk == nil {
		o.disk = spill.NewDisk(memoryForFindings, func() (*source.Spool, error) {
			return source.Options{SpoolDir: o.spoolDir, Reserve: o.spools}.NewSpool()
		})
	}
	return o.disk
}

// defaultMaxSize bounds what a compressed input may unpack to: more than the
// memory of any machine that is likely to dump, less than a disk.
const defaultMaxSize = 1 << 40

func (o *lookOptions) addFlags(cmd *cobra.Command, e *env, depth string) {
	f := cmd.Flags()
	f.StringVar(&o.policy, "policy", "standard", "what to remove: standard (confirmed and likely secrets), strict (possible ones too), minimize (from copies all that debuggers do not need), or what a `FILE` says")
	f.StringVar(&o.depth, "depth", depth, "how hard to look, a `WORD`: fast (detectors) or deep (also every encoding of what they found, over the whole file)")
	f.StringVar(&o.wipe, "wipe", "", "remove whatever they hold, a `LIST` of vectors (vector and floating-point registers), dead-stack (stacks below the stack pointer) and free (freed heap memory), or none; default: the first two from copies, free too under strict, none in a scan")
	f.StringArrayVar(&o.hunt, "hunt", nil, "look for the private halves of the public keys in `FILE` (certificates, JWKS, SSH keys, moduli), at any depth; may be repeated")
	f.StringArrayVar(&o.known, "known", nil, "look for the exact secrets in `FILE` in every encoding, at any depth: one a line, or hex:, base64:, file: or raw: and the rest; may be repeated")
	f.StringArrayVar(&o.rules, "rules", nil, rulesFlag)
	o.warnings = e.stderr
	f.StringVar(&o.allow, "allow", "", "keep what the allowlist in `FILE` allows; dumpscrub allow writes such lists")
	f.StringVar(&o.allowKey, "allow-key", "", "the key `FILE` of the allowlist")
	f.IntVar(&o.jobs, "jobs", runtime.NumCPU(), "`N` workers; does not change the result")
	f.IntVar(&o.chunk, "chunk", 0, "bytes that a worker examines at a time; does not change the result")
	f.BoolVar(&o.quiet, "quiet", false, "no summary and no progress bar; errors only")
	f.BoolVar(&o.noProgress, "no-progress", false, "no progress bar")
	o.addInput(cmd, e)
	f.Lookup("chunk").Hidden = true
	words(cmd, "policy", true, policy.Names()...)
	words(cmd, "depth", false, scrub.Fast.String(), scrub.Deep.String())
	words(cmd, "wipe", false, policy.Vectors, policy.DeadStack, policy.Free, "none")
}

// addInput adds the flags of every command that opens a dump.
func (o *lookOptions) addInput(cmd *cobra.Command, e *env) {
	f := cmd.Flags()
	f.StringVar(&o.format, "format", "", "treat the input as of this `FORMAT` instead of detecting it: "+strings.Join(formats.Names(), ", "))
	f.StringVar(&o.spoolDir, "spool-dir", e.spoolDir(), "`DIR` for the unlinked, encrypted spools of streams and unpacked dumps")
	f.Int64Var(&o.maxSize, "max-size", defaultMaxSize, "refuse streams and containers that hold more than `N` bytes")
	f.BoolVar(&o.noSandbox, "no-sandbox", false, "do not give up opening files, running programs and the network (Landlock, seccomp)")
	words(cmd, "format", false, formats.Names()...)
}

// addForms adds the flags of commands that report.
func (o *lookOptions) addForms(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.report, "report", "", "write a JSON report to `FILE` (- for standard output)")
	f.StringVar(&o.sarif, "sarif", "", "write what was found to `FILE` as SARIF 2.1.0 (- for standard output)")
	f.StringVar(&o.html, "html", "", "write what was found to `FILE` as a page of HTML (- for standard output)")
	f.BoolVar(&o.timings, "timings", false, "put the time of each step into the report")
}

// job turns the flags into a job that lacks only its input, once.
func (o *lookOptions) job(progress func(string, int64, int64)) (*scrub.Job, error) {
	depth, err := parseDepth(o.depth)
	if err != nil {
		return nil, err
	}
	if o.toStdout() > 1 {
		return nil, usageError{"only one report can go to standard output", ""}
	}
	if o.jobs < 1 || o.jobs > maxJobs {
		return nil, usageError{fmt.Sprintf("--jobs must be between 1 and %d", maxJobs), ""}
	}
	if o.maxSize < 1 {
		return nil, usageError{"--max-size must be at least 1", ""}
	}
	if err := o.checkFormat(); err != nil {
		return nil, err
	}
	hunt, err := publicKeys(o.hunt)
	if err != nil {
		return nil, err
	}
	secrets, err := knownSecrets(o.known)
	if err != nil {
		return nil, err
	}
	rules, glued, err := o.userRules()
	if err != nil {
		return nil, err
	}
	// What the user asked for goes before what else sees the same bytes.
	detectors := slices.Concat(detect.With(rules), detect.Statistical())
	removes, err := readPolicy(o.policy, detectors)
	if err != nil {
		return nil, err
	}
	wipe, err := o.wipes(removes)
	if err != nil {
		return nil, err
	}
	allowed, err := allowRules(o.allow, o.allowKey)
	if err != nil {
		return nil, err
	}
	return &scrub.Job{
		Settings: scrub.Settings{
			Detectors: detectors, Deep: detect.Deep(), Harvesters: append(detect.Harvesters(), glued...), Provers: detect.Provers, Hunt: hunt, Known: secrets, Allow: allowed, Policy: removes, Depth: depth, Wipe: wipe,
			Config: scrub.Config{Jobs: o.jobs, Chunk: o.chunk, Progress: progress, Disk: o.findingsDisk()},
		},
		Version: version, Format: o.format, Timings: o.timings,
		Options: source.Options{SpoolDir: o.spoolDir, MaxBytes: o.maxSize},
	}, nil
}

// wipes returns what goes whatever it holds: what the policy says of copies, or
// what the user says.
func (o *lookOptions) wipes(p policy.Policy) (policy.Wipe, error) {
	if o.wipe == "" {
		if o.copies {
			return p.Wipe(), nil
		}
		return policy.Wipe{}, nil
	}
	w, err := policy.ParseWipe(o.wipe)
	if err != nil {
		return policy.Wipe{}, usageError{"--wipe: " + err.Error(), ""}
	}
	return w, nil
}

// fresh returns a job that lacks only its input, as often as it is called.
func (o *lookOptions) fresh(progress func(string, int64, int64)) (*scrub.Job, error) {
	if o.base == nil {
		return o.job(progress)
	}
	j := *o.base
	j.Progress = progress
	return &j, nil
}

// maxHuntFile bounds how much is read of a file of public keys, in bytes.
const maxHuntFile = 64 << 20

// publicKeys reads the files of --hunt.
func publicKeys(paths []string) ([][]byte, error) {
	var keys [][]byte
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(io.LimitReader(f, maxHuntFile))
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
		found, err := publickey.FromFile(data)
		if err != nil {
			return nil, usageError{fmt.Sprintf("%s: %v", path, err), "certificates, public keys, JWK sets, SSH public keys and hexadecimal moduli are understood"}
		}
		keys = append(keys, found...)
	}
	return keys, nil
}

// maxJobs bounds the workers: each needs buffers of its own.
const maxJobs = 256

func (o *lookOptions) checkFormat() error {
	if o.format == "" {
		return nil
	}
	for _, n := range formats.Names() {
		if o.format == n {
			return nil
		}
	}
	return usageError{fmt.Sprintf("unknown format %q", o.format), "formats: " + strings.Join(formats.Names(), ", ")}
}

func parseDepth(s string) (scrub.Depth, error) {
	switch s {
	case "fast":
		return scrub.Fast, nil
	case "deep":
		return scrub.Deep, nil
	}
	return 0, usageError{fmt.Sprintf("unknown depth %q: want fast or deep", s), ""}
}

// writeFile publishes data at path, complete or not at all; "-" is standard
// output, and what is not a regular file is written to.
func (e *env) writeFile(path string, data []byte) error {
	return e.writeWith(path, func(w io.Writer) error { _, err := w.Write(data); return err })
}

// writeWith is writeFile for what is written piece by piece.
func (e *env) writeWith(path string, fill func(io.Writer) error) error {
	if path == "-" {
		return fill(e.stdout)
	}
	out, ready := e.outlets[path]
	if !ready {
		var err error
		if out, err = openOutlet(path); err != nil {
			return err
		}
	}
	delete(e.outlets, path)
	err := out.write(fill)
	if err == nil && out.regular {
		e.named = append(e.named, path)
	}
	return err
}

const replaceExisting = true

// writeForms writes what was found where --sarif and --html say.
func (o *lookOptions) writeForms(e *env, all []pathReport) error {
	for _, form := range []struct {
		path  string
		write func(io.Writer, []pathReport) error
	}{{o.sarif, sarif}, {o.html, html}} {
		if form.path == "" {
			continue
		}
		if err := o.write(e, form.path, func(w io.Writer) error { return form.write(w, all) }); err != nil {
			return err
		}
	}
	return nil
}

// write writes what is made of findings, all of which must have been legible.
func (o *lookOptions) write(e *env, path string, fill func(io.Writer) error) error {
	return e.writeWith(path, func(w io.Writer) error {
		b := bufio.NewWriterSize(w, 64<<10)
		return cmp.Or(fill(b), b.Flush(), o.disk.Err())
	})
}

// toStdout returns how many reports go to standard output.
func (o *lookOptions) toStdout() int {
	n := 0
	for _, path := range []string{o.report, o.sarif, o.html} {
		if path == "-" {
			n++
		}
	}
	return n
}

// writeReport writes r where --report says.
func (o *lookOptions) writeReport(e *env, r *scrub.Report) error {
	if o.report == "" {
		return nil
	}
	return o.write(e, o.report, r.WriteJSON)
}

// say prints one line to w unless --quiet.
func (o *lookOptions) say(w io.Writer, format string, args ...any) {
	if !o.quiet {
		fmt.Fprintf(w, format+"\n", args...)
	}
}
