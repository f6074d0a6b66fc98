package live

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/dumpscrub/dumpscrub/corpus/live/needle"
)

// examine dumps each target in each mode, scrubs the dumps and adds to r what came of
// them.
func (s *subject) examine(ctx context.Context, o Options, b *bench, r *Result) error {
	r.Notes = append(r.Notes, s.notes...)
	x := needle.NewIndex(s.needles)
	loaded := false
	for _, m := range o.Modes {
		if m != Idle && s.load != nil && !loaded {
			defer s.load(ctx)()
			loaded = true
			time.Sleep(warmUp)
		}
		for _, t := range s.targets {
			if m == Busy && s.load == nil || m == Kernel && t.closed {
				continue
			}
			d, err := s.one(ctx, o, b, t, m, x)
			if skip := (errSkip{}); m == Kernel && errors.As(err, &skip) {
				r.Notes = append(r.Notes, "not dumped by the kernel: "+skip.why)
				return nil
			}
			if err != nil {
				return fmt.Errorf("%s, %s: %w", t.name, m, err)
			}
			r.Dumps = append(r.Dumps, d)
		}
	}
	return nil
}

// warmUp is how long a process is under load before it is dumped.
const warmUp = 500 * time.Millisecond

// one examines one target. The dumps are gone when it returns.
func (s *subject) one(ctx context.Context, o Options, b *bench, t target, m Mode, x *needle.Index) (Dump, error) {
	d := Dump{Name: t.name, Mode: m}
	dir, err := os.MkdirTemp(b.dir, "dump")
	if err != nil {
		return d, err
	}
	defer o.dispose(dir, o.scenario+"-"+t.name+"-"+string(m))
	before, after := filepath.Join(dir, "before"), filepath.Join(dir, "after")
	for _, sub := range []string{before, after} {
		if err := os.Mkdir(sub, 0o700); err != nil {
			return d, err
		}
	}
	exe, err := t.dump(ctx, b, m, before)
	if err != nil {
		return d, err
	}
	sides, err := s.scrub(ctx, o, b, &d, before, after)
	if err != nil {
		return d, err
	}
	in, err := runsIn(x, filepath.Join(before, coreName))
	if err != nil {
		return d, err
	}
	out, err := runsIn(x, filepath.Join(after, coreName))
	if err != nil {
		return d, err
	}
	d.Rows = tally(in, out)
	leaks, err := x.Search(bytes.NewReader(sides))
	if err != nil {
		return d, err
	}
	for _, l := range leaks {
		d.Failures = append(d.Failures, fmt.Sprintf("%s of %s as %s in what the program says", l.Part, l.Key, l.Encoding))
	}
	if s.recover != nil {
		if d.RecoveredBefore, err = s.recover(filepath.Join(before, coreName)); err != nil {
			return d, err
		}
		if d.RecoveredAfter, err = s.recover(filepath.Join(after, coreName)); err != nil {
			return d, err
		}
	}
	if err := d.compareHeaps(filepath.Join(before, coreName), filepath.Join(after, coreName)); err != nil {
		return d, err
	}
	return d, d.compare(ctx, b, exe, before, after)
}

// dispose removes the dumps in dir, or moves them where they are to be kept.
func (o Options) dispose(dir, name string) {
	if o.Keep != "" && os.Rename(dir, filepath.Join(o.Keep, name)) == nil {
		return
	}
	os.RemoveAll(dir)
}

// scrub runs the program and returns all that it says: output, report, receipt.
func (s *subject) scrub(ctx context.Context, o Options, b *bench, d *Dump, before, after string) ([]byte, error) {
	in, out := filepath.Join(before, coreName), filepath.Join(after, coreName)
	report, receipt := filepath.Join(after, "report"), filepath.Join(after, "receipt")
	began := time.Now()
	sides, err := b.run(ctx, o.Bin, "scrub", in, "-o", out, "--report", report, "--receipt", receipt, "--no-progress")
	d.ScrubSeconds = time.Since(began).Seconds()
	if err != nil {
		return nil, err
	}
	d.Said = summaryOf(sides, in)
	for _, path := range []string{report, receipt} {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		sides = append(sides, data...)
		if path == report {
			if d.Tests, err = testsOf(data); err != nil {
				return nil, err
			}
		}
	}
	a, err := os.Stat(in)
	if err != nil {
		return nil, err
	}
	z, err := os.Stat(out)
	if err != nil {
		return nil, err
	}
	if d.Size = a.Size(); z.Size() != d.Size {
		d.Failures = append(d.Failures, fmt.Sprintf("the copy has %d bytes, the dump %d", z.Size(), d.Size))
	}
	return sides, nil
}

// summaryOf returns what the program says of the dump at path, without names of
// files that will be gone.
func summaryOf(said []byte, path string) string {
	line, _, _ := strings.Cut(string(said), " Wrote ")
	return strings.TrimPrefix(strings.TrimSpace(line), path+": ")
}

// testsOf counts the findings of each detector in a report.
func testsOf(report []byte) (map[string]int, error) {
	var r struct {
		Findings []struct {
			Detector string `json:"detector"`
		} `json:"findings"`
	}
	if err := json.Unmarshal(report, &r); err != nil {
		return nil, err
	}
	tests := map[string]int{}
	for _, f := range r.Findings {
		tests[f.Detector]++
	}
	return tests, nil
}

// found is a run with the part of the dump it lies in.
type found struct {
	needle.Run
	Place string
}

// runsIn searches the dump at path.
func runsIn(x *needle.Index, path string) ([]found, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	runs, err := x.Search(f)
	if err != nil {
		return nil, err
	}
	e, err := elf.NewFile(f)
	if err != nil {
		return nil, err
	}
	out := make([]found, len(runs))
	for i, r := range runs {
		out[i] = found{r, placeOf(e, uint64(r.Off))}
	}
	return out, nil
}

// placeOf names what lies at off in a core: its notes (registers, command line),
// memory with its address, or neither.
func placeOf(e *elf.File, off uint64) string {
	for _, p := range e.Progs {
		if off < p.Off || off-p.Off >= p.Filesz {
			continue
		}
		if p.Type == elf.PT_NOTE {
			return "notes"
		}
		return fmt.Sprintf("0x%x", p.Vaddr+off-p.Off)
	}
	return "outside"
}
