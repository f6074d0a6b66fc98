package quiet

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"text/tabwriter"
)

//go:embed holders
var holders embed.FS

// Options are what [Run] needs.
type Options struct {
	Bin     string // the program under test
	TempDir string // where dumps lie while they are looked at; empty: the system's
	Size    int    // of the feed, in MiB
	Depth   string // of the scan; empty: as it is without the flag
	Keep    string // an existing folder on the same file system that dumps are moved to; empty: they go
}

// Names returns the names of the programs.
func Names() []string {
	var names []string
	for _, p := range programs() {
		names = append(names, p.name)
	}
	return names
}

// Result is what the scan of one dump said.
type Result struct {
	Program   string
	Size      int64     // of the dump, in bytes
	Confirmed []Finding // what documentation prints
	Possible  int       // findings
	Likely    []Finding // the false ones
}

// Finding is one finding of a report.
type Finding struct {
	Detector   string `json:"detector"`
	Kind       string `json:"kind"`
	Encoding   string `json:"encoding"`
	Confidence string `json:"confidence"`
	Spans      []struct {
		Offset int64 `json:"offset"`
	} `json:"spans"`
}

// Run starts the program with that name, dumps it and scans the dump.
func Run(ctx context.Context, o Options, name string) (*Result, error) {
	for _, p := range programs() {
		if p.name == name {
			return o.run(ctx, p)
		}
	}
	return nil, fmt.Errorf("there is no program %q", name)
}

func (o Options) run(ctx context.Context, p program) (*Result, error) {
	for _, t := range append(p.tools, "gcore") {
		if _, err := exec.LookPath(t); err != nil {
			return nil, fmt.Errorf("%s: %w", t, ErrMissing)
		}
	}
	dir, err := os.MkdirTemp(o.TempDir, "quiet")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := writeFeed(filepath.Join(dir, "feed"), o.Size<<20); err != nil {
		return nil, err
	}
	r := &run{dir: dir}
	defer r.end()
	pid, err := p.start(ctx, r)
	if err != nil {
		return nil, err
	}
	id := strconv.Itoa(pid)
	if out, err := exec.CommandContext(ctx, "gcore", "-o", r.path("core"), id).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("gcore: %w: %.200s", err, out)
	}
	res, err := o.scan(ctx, p.name, r.path("core."+id), r.path("report.json"))
	if o.Keep != "" {
		_ = os.Rename(r.path("core."+id), filepath.Join(o.Keep, "core."+p.name))
	}
	return res, err
}

// scan judges a dump.
func (o Options) scan(ctx context.Context, name, core, report string) (*Result, error) {
	st, err := os.Stat(core)
	if err != nil {
		return nil, err
	}
	const found = 3 // the exit code of a scan that found something
	args := []string{"scan", core, "--quiet", "--report", report}
	if o.Depth != "" {
		args = append(args, "--depth", o.Depth)
	}
	cmd := exec.CommandContext(ctx, o.Bin, args...)
	if out, err := cmd.Output(); err != nil && cmd.ProcessState.ExitCode() != found {
		return nil, fmt.Errorf("scan: %w: %.200s", err, out)
	}
	data, err := os.ReadFile(report)
	if err != nil {
		return nil, err
	}
	var said struct{ Findings []Finding }
	if err := json.Unmarshal(data, &said); err != nil {
		return nil, err
	}
	res := &Result{Program: name, Size: st.Size()}
	for _, f := range said.Findings {
		switch f.Confidence {
		case "confirmed":
			res.Confirmed = append(res.Confirmed, f)
		case "likely":
			res.Likely = append(res.Likely, f)
		default:
			res.Possible++
		}
	}
	return res, nil
}

// Most is how many likely findings there may be in a GiB.
const Most = 10

// Print writes the table, what is confirmed, and each false finding, and reports whether there are fewer
// than [Most] in a GiB of every dump.
func Print(w io.Writer, rs []*Result) (good bool, err error) {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "process\tMiB\tconfirmed\tlikely\tpossible\tlikely per GiB")
	perGiB := func(n int, size int64) float64 { return float64(n) * (1 << 30) / float64(size) }
	sum := Result{Program: "all"}
	for _, r := range rs {
		sum.Size, sum.Possible = sum.Size+r.Size, sum.Possible+r.Possible
		sum.Confirmed, sum.Likely = append(sum.Confirmed, r.Confirmed...), append(sum.Likely, r.Likely...)
	}
	good = sum.Size > 0
	for _, r := range append(rs, &sum) {
		good = good && perGiB(len(r.Likely), r.Size) < Most
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%.1f\n", r.Program, r.Size>>20, len(r.Confirmed), len(r.Likely), r.Possible, perGiB(len(r.Likely), r.Size))
	}
	if err := t.Flush(); err != nil {
		return false, err
	}
	kinds := map[string]int{}
	for _, f := range sum.Confirmed {
		kinds[f.Detector+"/"+f.Kind+"/"+f.Encoding]++
	}
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		fmt.Fprintf(w, "  confirmed: %d %s\n", kinds[k], k)
	}
	for _, r := range rs {
		for _, f := range r.Likely {
			fmt.Fprintf(w, "  %s: %s/%s at %d\n", r.Program, f.Detector, f.Kind, f.Spans[0].Offset)
		}
	}
	return good, nil
}
