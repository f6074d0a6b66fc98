package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub"
)

func newScanCommand(e *env) *cobra.Command {
	var o lookOptions
	cmd := &cobra.Command{
		Use:   "scan PATH...",
		Short: "Find and report, change nothing",
		Long: `Examines dumps (- for standard input; directories are walked) and lists what it
finds on standard output, one place a line, without a byte of any secret. With
several files the report is an array of objects with "path" and "report".

` + exitHelp,
		Args: args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, as []string) error { return runScan(cmd.Context(), e, &o, as) },
	}
	o.addFlags(cmd, e, "fast")
	o.addForms(cmd)
	return cmd
}

// pathReport is an entry of a report over several files.
type pathReport struct {
	Path   string        `json:"path"`
	Report *scrub.Report `json:"report,omitempty"`
	// Covered says that a valid receipt covers the file, which was not examined therefore.
	Covered bool   `json:"covered,omitempty"`
	Error   string `json:"error,omitempty"`
}

func runScan(ctx context.Context, e *env, o *lookOptions, paths []string) error {
	if err := onceStdin(paths); err != nil {
		return err
	}
	files, many, err := walk(paths)
	if err != nil {
		return err
	}
	if err := distinct(files, o.reads(), o.outlets()); err != nil {
		return err
	}
	if err := o.confine(e, access{read: reads(paths, files)}); err != nil {
		return err
	}
	var all []pathReport
	out := e.stdout
	if o.toStdout() > 0 {
		out = io.Discard // standard output carries the report then
	}
	verdict := &verdicts{}
	for _, path := range files {
		r, err := o.scan(ctx, e, path, many)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			if err := list(out, path, r); err != nil {
				return fmt.Errorf("writing to standard output: %w", err)
			}
			o.say(e.stderr, "%s", summary(path, r))
			err = verdictOn(r)
			all = append(all, pathReport{Path: path, Report: r})
		} else {
			all = append(all, pathReport{Path: path, Error: err.Error()})
		}
		verdict.add(e, path, err, many)
	}
	if len(files) == 0 {
		o.say(e.stderr, "nothing to examine: no files")
	}
	if err := o.writeReports(e, all, many); err != nil {
		return err
	}
	return verdict.err
}

// writeReports writes the one report, or the array of them.
func (o *lookOptions) writeReports(e *env, all []pathReport, many bool) error {
	if err := o.writeForms(e, all); err != nil {
		return err
	}
	if o.report == "" {
		return nil
	}
	if !many {
		if r := all[0].Report; r != nil {
			return o.writeReport(e, r)
		}
		if !all[0].Covered {
			return nil
		}
		return o.write(e, o.report, func(w io.Writer) error {
			data, err := json.MarshalIndent(all[0], "", "  ")
			if err != nil {
				return err
			}
			_, err = w.Write(append(data, '\n'))
			return err
		})
	}
	return o.write(e, o.report, func(w io.Writer) error { return writeAll(w, all) })
}

// writeAll writes an array of reports, a finding at a time.
func writeAll(w io.Writer, all []pathReport) error {
	if len(all) == 0 {
		_, err := io.WriteString(w, "[]\n")
		return err
	}
	sep := "[\n"
	for _, p := range all {
		head, err := json.MarshalIndent(pathReport{Path: p.Path, Covered: p.Covered, Error: p.Error}, "  ", "  ")
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, sep+"  "); err != nil {
			return err
		}
		sep = ",\n"
		if p.Report == nil {
			if _, err := w.Write(head); err != nil {
				return err
			}
			continue
		}
		head = bytes.TrimSuffix(head, []byte("\n  }"))
		if _, err := w.Write(append(head, ",\n    \"report\": "...)); err != nil {
			return err
		}
		if err := p.Report.WriteJSON(&indented{w: w}); err != nil {
			return err
		}
		if _, err := io.WriteString(w, "\n  }"); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "\n]\n")
	return err
}

// indented writes the lines after the first four blanks further in, and does without
// the last line end.
type indented struct {
	w       io.Writer
	pending bool // a line end
}

func (x *indented) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		if x.pending {
			if _, err := io.WriteString(x.w, "\n    "); err != nil {
				return 0, err
			}
		}
		line, rest, found := bytes.Cut(p, []byte("\n"))
		if _, err := x.w.Write(line); err != nil {
			return 0, err
		}
		p, x.pending = rest, found
	}
	return n, nil
}

// scan examines one file.
func (o *lookOptions) scan(ctx context.Context, e *env, path string, many bool) (*scrub.Report, error) {
	update, clearBar := o.progress(e.stderr)
	defer clearBar()
	j, err := o.fresh(update)
	if err != nil {
		return nil, err
	}
	if j.Input, err = e.openFound(ctx, path, many); err != nil {
		return nil, err
	}
	return scrub.ScanOnly(ctx, j)
}

// verdictOn returns what a scan ends with that says r.
func verdictOn(r *scrub.Report) error {
	switch {
	case found(r):
		return errSecrets
	case r.Cut:
		return errCut
	}
	return nil
}

// found reports whether r has a finding that the policy would remove.
func found(r *scrub.Report) bool {
	for f := range r.Findings.All() {
		if f.Redacted {
			return true
		}
	}
	return false
}

// list prints a line for each finding.
func list(w io.Writer, path string, r *scrub.Report) error {
	b := bufio.NewWriter(w)
	for f := range r.Findings.All() {
		s := f.Spans[0]
		at := fmt.Sprintf("offset %d", s.Offset)
		if s.Addr != "" {
			at += " addr " + s.Addr
		}
		fmt.Fprintf(b, "%s: %s: %s #%d %s, %s, in %s, by %s\n", printable(path), at, f.Kind, f.Secret, f.Encoding, f.Confidence, f.Region.Kind, f.Detector)
	}
	return b.Flush()
}

// walk returns the files under paths, and whether there may be several. Links to
// files count as the files; see [env.openFound] for what else lies in a folder.
func walk(paths []string) (files []string, many bool, err error) {
	many = len(paths) > 1
	for _, p := range paths {
		st, err := os.Stat(p)
		if p == "-" || err != nil || !st.IsDir() {
			files = append(files, p) // what cannot be opened is told when it is
			continue
		}
		many = true
		err = filepath.WalkDir(p, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			return nil, false, err
		}
	}
	return files, many, nil
}

// openFound opens a file that a walk may have met. What is no regular file there
// (a link to a folder, a pipe, a socket, a device) cannot be inspected, and
// opening it might never end.
func (e *env) openFound(ctx context.Context, path string, many bool) (*os.File, error) {
	if many && path != "-" {
		st, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if !st.Mode().IsRegular() {
			return nil, &layout.Unsupported{Format: "special file", Why: "neither a file nor a folder; it is not followed"}
		}
	}
	return e.open(ctx, path)
}

// verdicts joins the outcomes of several files into one error with the worst
// exit code, and tells the others as they come.
type verdicts struct{ err error }

func (v *verdicts) add(e *env, path string, err error, many bool) {
	if err == nil {
		return
	}
	if many {
		err = fmt.Errorf("%s: %w", path, err)
	}
	if v.err == nil {
		v.err = err
		return
	}
	if first := codeOf(v.err); worse(first, codeOf(err)) != first {
		v.err, err = err, v.err
	}
	if !errors.Is(err, errSecrets) {
		fmt.Fprintf(e.stderr, "dumpscrub: %s\n", message(err))
	}
}

// reads returns what must stay readable for the files that a walk of paths met:
// the paths, and where links in their folders lead.
func reads(paths, files []string) []string {
	all := slices.Clone(paths)
	for _, f := range files {
		if st, err := os.Lstat(f); err == nil && st.Mode()&fs.ModeSymlink != 0 {
			all = append(all, f)
		}
	}
	return all
}
