package live

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// Print writes r for people.
func (r Result) Print(w io.Writer) error {
	p := &printer{w: w}
	p.line("== %s: %s (%s, %.0f s)", r.Name, r.About, r.Status, r.Seconds)
	if r.Why != "" {
		p.line("   %s", r.Why)
	}
	for _, n := range r.Notes {
		p.line("   note: %s", n)
	}
	for _, d := range r.Dumps {
		p.dump(d)
	}
	p.line("")
	return p.err
}

type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// mostParts is how many parts of a key a row names.
const mostParts = 6

func (p *printer) dump(d Dump) {
	p.line("   dump %s, %s: %d MiB, scrubbed in %.1f s, %d frames in gdb, %d chunks in %d heaps of glibc", d.Name, d.Mode, d.Size>>20, d.ScrubSeconds, d.Frames, d.Chunks, d.Heaps)
	p.line("   %s", d.Said)
	var tests []string
	for _, id := range slices.Sorted(maps.Keys(d.Tests)) {
		tests = append(tests, fmt.Sprintf("%s %d", id, d.Tests[id]))
	}
	p.line("   by test: %s", strings.Join(tests, ", "))
	if len(d.Rows) > 0 {
		t := tabwriter.NewWriter(p.w, 0, 4, 2, ' ', 0)
		fmt.Fprintln(t, "   key\tencoding\tclass\tlongest\tbefore\tafter\tverdict\tparts, places after")
		for _, r := range d.Rows {
			parts := strings.Join(r.Parts[:min(len(r.Parts), mostParts)], ", ")
			if len(r.Parts) > mostParts {
				parts += ", ..."
			}
			if len(r.Places) > 0 {
				parts += "; " + strings.Join(r.Places, " ")
			}
			fmt.Fprintf(t, "   %s\t%s\t%s\t%d\t%d\t%d\t%s\t%s\n", r.Key, r.Encoding, r.Class, r.Longest, r.Before, r.After, r.Verdict, parts)
		}
		if err := t.Flush(); p.err == nil {
			p.err = err
		}
	}
	if len(d.RecoveredBefore)+len(d.RecoveredAfter) > 0 {
		p.line("   recovered by decryption: before [%s], after [%s]", strings.Join(d.RecoveredBefore, ", "), strings.Join(d.RecoveredAfter, ", "))
	}
	for _, l := range d.Differences {
		p.line("   debugger: %s", l)
	}
	if len(d.Differences) == 0 {
		p.line("   debugger: no difference")
	}
	for _, f := range d.Failures {
		p.line("   FAIL: %s", f)
	}
}

// PrintSummary writes a table of all results and the closing line.
func PrintSummary(w io.Writer, rs []Result) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "scenario\tdump\tmode\tMiB\tcopies before\tgone\tSURVIVES\tFAIL\tframes\tdiffering lines\tchunks\tstatus")
	n := map[Status]int{}
	for _, r := range rs {
		n[r.Status]++
		if len(r.Dumps) == 0 {
			fmt.Fprintf(t, "%s\t-\t\t\t\t\t\t\t\t\t\t%s: %s\n", r.Name, r.Status, r.Why)
		}
		for _, d := range r.Dumps {
			before := 0
			for _, w := range d.Rows {
				before += w.Before
			}
			survive, broken := d.with(Survives), d.with(Broken)
			before += len(d.RecoveredBefore)
			survive += len(d.RecoveredAfter)
			fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%s\n", r.Name, d.Name, d.Mode, d.Size>>20, before, before-survive-broken, survive, broken, d.Frames, len(d.Differences), d.Chunks, d.status())
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d passed, %d failed, %d skipped\n", n[Passed], n[Failed], n[Skipped])
	return err
}
