package score

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
)

// finish sorts what was counted in maps, for JSON and the table.
func (b *Board) finish() {
	b.Rows = b.Rows[:0]
	for _, r := range b.rows {
		b.Rows = append(b.Rows, *r)
	}
	b.Families = b.Families[:0]
	for _, name := range slices.Sorted(maps.Keys(b.families)) {
		b.Families = append(b.Families, *b.families[name])
	}
	slices.SortFunc(b.Rows, func(x, y Row) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Encoding, y.Encoding))
	})
}

// Print writes the board as text, with at most most lines of each list.
func (b *Board) Print(w io.Writer, most int) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "kind\tencoding\trecall\tcut\tprecision\tkind ok\tencoding ok\tconfidence ok")
	for _, r := range b.Rows {
		done := r.CompleteRedacted + r.CutRedacted
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Kind, r.Encoding,
			share(r.CompleteRedacted, r.Complete), share(r.CutRedacted, r.Cut), share(r.True, r.True+r.False),
			share(r.KindOK, done), share(r.EncodingOK, done), share(r.ConfidenceOK, done))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(t, "\nfamily\trecall\tcut\tprocessor s\tMiB/s")
	for _, f := range b.Families {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", f.Name, share(f.CompleteRedacted, f.Complete), share(f.CutRedacted, f.Cut), f.cost())
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nmissed: %d\n", len(b.Misses))
	for _, line := range grouped(b.Misses, most) {
		fmt.Fprintln(w, line)
	}
	fmt.Fprintf(w, "redacted under another label: %d\n", len(b.Mislabelled))
	for _, o := range b.Mislabelled[:min(most, len(b.Mislabelled))] {
		fmt.Fprintf(w, "  %s (%s, %s) as %s: %s of %s\n", o.Form, o.Kind, o.Encoding, o.As, o.Place, o.Dump)
	}
	fmt.Fprintf(w, "surviving: %d secrets\n", len(b.Survivors))
	for _, s := range b.Survivors[:min(most, len(b.Survivors))] {
		fmt.Fprintf(w, "  %s as %s in the %s of %s at %d: %d pieces\n", s.Form, s.As, s.Where, s.Dump, s.Offset, s.Pieces)
	}
	fmt.Fprintf(w, "false findings: %d\n", len(b.False))
	for _, f := range b.False[:min(most, len(b.False))] {
		fmt.Fprintf(w, "  %s (%s, %s) in %s at %d, %d bytes\n", f.Detector, f.Kind, f.Encoding, f.Dump, f.Offset, f.Length)
	}
	fmt.Fprintf(w, "possible, left in place: %d\n", b.Possible)
	fmt.Fprintf(w, "changed where nothing was planted: %d\n", len(b.Changes))
	for _, c := range b.Changes[:min(most, len(b.Changes))] {
		fmt.Fprintf(w, "  %d bytes of %s at %d: %s\n", c.Length, c.Dump, c.Offset, c.As)
	}
	for _, f := range b.Failures {
		fmt.Fprintf(w, "failed: %s: %s\n", f.Dump, f.Why)
	}
	for _, r := range []struct {
		name string
		Rate
	}{{"without secrets", b.Clean}, {"beside secrets", b.Planted}} {
		fmt.Fprintf(w, "falsely redacted %s: %d bytes of %.1f MiB in %d dumps, %.0f in a GiB\n",
			r.name, r.Changed, float64(r.Bytes)/(1<<20), r.Dumps, r.PerGiB())
	}
	fmt.Fprintf(w, "redacted inside planted structures without being private: %d bytes\n", b.Inside)
	fmt.Fprintf(w, "found again in outputs: %d\n", b.Refound)
	fmt.Fprintf(w, "time: %.1f s\n", b.Took.Seconds())
	for _, why := range b.Verdict() {
		fmt.Fprintf(w, "NOT GOOD ENOUGH: %s\n", why)
	}
	return nil
}

// cost prints the seconds of the processors that a scrub takes, and how fast that is.
func (f Family) cost() string {
	if f.Took == 0 {
		return "-\t-"
	}
	return fmt.Sprintf("%.2f\t%.1f", f.Took.Seconds(), float64(f.Bytes)/(1<<20)/f.Took.Seconds())
}

// share prints n of total, and nothing when there is none.
func share(n, total int) string {
	if total == 0 {
		return "-"
	}
	return fmt.Sprintf("%.3f (%d/%d)", float64(n)/float64(total), n, total)
}

// grouped lists misses by form, the most frequent first, with their places.
func grouped(misses []Outcome, most int) []string {
	type group struct {
		form, result string
	}
	places := map[group][]string{}
	for _, m := range misses {
		g := group{m.Form, m.Result}
		if m.Result == untried {
			g.form = "secrets of " + m.Dump + ":"
		}
		places[g] = append(places[g], m.Place+" of "+m.Dump)
	}
	groups := slices.SortedFunc(maps.Keys(places), func(x, y group) int {
		return cmp.Or(len(places[y])-len(places[x]), cmp.Compare(x.form, y.form), cmp.Compare(x.result, y.result))
	})
	var lines []string
	for _, g := range groups[:min(most, len(groups))] {
		const shown = 3
		where := places[g]
		lines = append(lines, fmt.Sprintf("  %d x %s %s: %v", len(where), g.form, g.result, where[:min(shown, len(where))]))
	}
	if len(groups) > most {
		lines = append(lines, fmt.Sprintf("  and %d forms more", len(groups)-most))
	}
	return lines
}
