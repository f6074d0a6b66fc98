package livetext

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

// Result is what came of one dump.
type Result struct {
	Runtime string  `json:"runtime"`
	Size    int64   `json:"size"` // in bytes
	Seconds float64 `json:"seconds"`
	Said    string  `json:"said"`
	Rows    []Row   `json:"rows"`
}

// Row is what came of one plant.
type Row struct {
	Kind     string   `json:"kind"`
	Encoding string   `json:"encoding"`
	Copies   int      `json:"copies"` // in the dump, in the plant's own encoding
	Found    bool     `json:"found"`
	As       []string `json:"as,omitempty"`       // detectors
	Left     int      `json:"left"`               // copies in the scrubbed dump, whole or in part
	LeftAs   []string `json:"left_as,omitempty"`  // their encodings
	Where    []int64  `json:"left_at,omitempty"`  // and offsets
	Longest  int64    `json:"longest,omitempty"`  // of them, in bytes
	Released bool     `json:"released,omitempty"` // left although found
}

// copied is a run of pieces of one plant in one encoding.
type copied struct {
	plant      int
	encoding   string
	start, end int64
}

// copies joins the hits in a file to runs.
func copies(x *index, path string) ([]copied, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	hits, err := x.search(f)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(a.plant-b.plant, strings.Compare(a.encoding, b.encoding), cmp.Compare(a.off, b.off))
	})
	var cs []copied
	for _, h := range hits {
		if n := len(cs); n > 0 {
			c := &cs[n-1]
			// Pieces at different alignments of base64 leave gaps of some characters.
			if c.plant == h.plant && c.encoding == h.encoding && h.off <= c.end {
				c.end = max(c.end, h.off+int64(h.len))
				continue
			}
		}
		cs = append(cs, copied{h.plant, h.encoding, h.off, h.off + int64(h.len)})
	}
	return cs, nil
}

// judge fills in the rows.
func (r *Result) judge(ps []Plant, dir string) error {
	st, err := os.Stat(filepath.Join(dir, coreFile))
	if err != nil {
		return err
	}
	r.Size = st.Size()
	x := newIndex(ps)
	before, err := copies(x, filepath.Join(dir, coreFile))
	if err != nil {
		return err
	}
	after, err := copies(x, filepath.Join(dir, scrubbedFile))
	if err != nil {
		return err
	}
	rep, err := readReport(filepath.Join(dir, reportFile))
	if err != nil {
		return err
	}
	r.Rows = make([]Row, len(ps))
	for i, p := range ps {
		r.Rows[i] = Row{Kind: p.Kind, Encoding: p.Encoding}
	}
	for _, c := range before {
		if row := &r.Rows[c.plant]; c.encoding == row.Encoding {
			row.Copies++
			row.As = append(row.As, rep.on(c)...)
			row.Found = len(row.As) > 0
		}
	}
	for _, c := range after {
		row := &r.Rows[c.plant]
		row.Left++
		row.LeftAs = append(row.LeftAs, c.encoding)
		row.Where = append(row.Where, c.start)
		row.Longest = max(row.Longest, c.end-c.start)
		row.Released = row.Found
	}
	for i := range r.Rows {
		for _, s := range []*[]string{&r.Rows[i].As, &r.Rows[i].LeftAs} {
			slices.Sort(*s)
			*s = slices.Compact(*s)
		}
	}
	return nil
}

// on returns what found something that lies on c and is redacted.
func (r *report) on(c copied) []string {
	var as []string
	for _, f := range r.Findings {
		for _, s := range f.Spans {
			if f.Redacted && s.Offset < c.end && c.start < s.Offset+s.Length {
				as = append(as, f.Detector+"/"+f.Kind)
				break
			}
		}
	}
	return as
}

// Count returns how many kinds were found in an encoding, and how many of those
// are left somewhere.
func (r *Result) Count(encoding string) (found, left, all int) {
	for _, w := range r.Rows {
		if w.Encoding != encoding {
			continue
		}
		all++
		if w.Found {
			found++
		}
		if w.Released {
			left++
		}
	}
	return found, left, all
}

// aims are how many of the kinds must be found in an encoding.
var aims = map[string]int{ASCII: 38, UTF16: 36, Base64: 36}

// Good reports whether enough was found and nothing that was found is left.
func (r *Result) Good() bool {
	for e, aim := range aims {
		if found, left, _ := r.Count(e); found < aim || left > 0 {
			return false
		}
	}
	return true
}

// Print writes a line for each plant that was missed or is left, or for all, and
// the sums.
func (r *Result) Print(w io.Writer, all bool) error {
	fmt.Fprintf(w, "== %s: %d MiB, scrubbed in %.1f s\n", r.Runtime, r.Size>>20, r.Seconds)
	fmt.Fprintf(w, "   %s\n", r.Said)
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "   kind\tencoding\tcopies\tfound\tleft\tby, or what is left")
	for _, p := range r.Rows {
		if p.Found && !p.Released && !all {
			continue
		}
		why := strings.Join(p.As, " ")
		if p.Left > 0 {
			why += fmt.Sprintf(" left as %s, %d bytes at most, at %v", strings.Join(p.LeftAs, ", "), p.Longest, p.Where[:min(len(p.Where), 4)])
		}
		fmt.Fprintf(t, "   %s\t%s\t%d\t%v\t%d\t%s\n", p.Kind, p.Encoding, p.Copies, p.Found, p.Left, why)
	}
	return t.Flush()
}

// PrintSummary writes the table of all results.
func PrintSummary(w io.Writer, rs []*Result) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "runtime\tMiB\tMB/s\tfound ascii\tutf16\tbase64\tfound but left")
	for _, r := range rs {
		fmt.Fprintf(t, "%s\t%d\t%.0f", r.Runtime, r.Size>>20, float64(r.Size)/1e6/r.Seconds)
		sum := 0
		for _, e := range Encodings() {
			found, left, all := r.Count(e)
			sum += left
			fmt.Fprintf(t, "\t%d/%d", found, all)
		}
		fmt.Fprintf(t, "\t%d\n", sum)
	}
	return t.Flush()
}
