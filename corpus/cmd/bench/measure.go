package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"text/tabwriter"
	"time"
)

// result is one run of a process.
type result struct {
	wall time.Duration
	cpu  time.Duration // of this process and the kernel for it
	rss  int64         // largest resident set, in bytes
}

// once runs a program to its end. That it found something is no failure.
func once(ctx context.Context, found []int, name string, args ...string) (result, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	start := time.Now()
	err := cmd.Run()
	r := result{wall: time.Since(start)}
	if ctx.Err() != nil {
		return r, ctx.Err()
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && slices.Contains(found, exit.ExitCode()) {
		err = nil
	}
	if err != nil {
		return r, fmt.Errorf("%s: %w", filepath.Base(name), err)
	}
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		r.rss = int64(u.Maxrss) << 10 // getrusage(2): kilobytes on Linux
	}
	return r, nil
}

// way is a command of dumpscrub that is measured.
type way struct {
	name string
	args []string
	deep bool // only on the smallest dumps
}

var ways = []way{
	{"scan", []string{"scan"}, false},
	{"scrub --depth fast", []string{"scrub", "--depth", "fast"}, false},
	{"scrub --depth fast --digest fsverity", []string{"scrub", "--depth", "fast", "--digest", "fsverity"}, false},
	{"scrub --depth deep", []string{"scrub", "--depth", "deep"}, true},
}

// measureSize prints the tables for dumps of n bytes.
func (b *bench) measureSize(dir, memory string, n int64, smallest bool) error {
	path := filepath.Join(dir, "core")
	defer os.Remove(path)
	for _, kind := range []string{"dense", "sparse"} {
		if b.ctx.Err() != nil {
			fmt.Printf("%s, %d MiB: left out, the budget is spent\n", kind, n>>20)
			continue
		}
		os.Remove(path)
		if err := writeCore(path, memory, n, kind == "sparse"); err != nil {
			return err
		}
		fmt.Printf("%s, %d MiB\n", kind, n>>20)
		if err := b.measure(path, n, smallest); err != nil {
			return err
		}
		if smallest && kind == "dense" {
			b.hundred(path, n)
			b.others(path, n)
		}
	}
	return nil
}

func (b *bench) measure(path string, size int64, smallest bool) error {
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer fmt.Println()
	defer t.Flush()
	fmt.Fprintln(t, "command\tjobs\tseconds\tprocessor s\tMiB/s\tMiB/s a core\ttimes cp\ttimes cp+sha256sum\tpeak MiB")
	base, sum, err := b.baseline(path, size)
	if err != nil {
		return b.spent(t, "cp", err)
	}
	row := func(name, jobs string, r result) {
		fmt.Fprintf(t, "%s\t%s\t%.2f\t%.2f\t%.0f\t%.0f\t%.1f\t%.2f\t%d\n", name, jobs, r.wall.Seconds(), r.cpu.Seconds(),
			mibs(size, r.wall), mibs(size, r.cpu), r.wall.Seconds()/base.wall.Seconds(), r.wall.Seconds()/sum.wall.Seconds(), r.rss>>20)
	}
	row("cp --sparse=auto", "", base)
	row("cp && sha256sum", "", sum)
	for _, w := range ways {
		if w.deep && !smallest {
			continue
		}
		for _, jobs := range []string{"1", "2"} {
			args := append(slices.Clone(w.args), "--quiet", "--jobs", jobs, path)
			if w.args[0] == "scrub" {
				args = append(args, "--force", "-o", path+".out")
			}
			r, err := b.repeat(size, w.deep, func() (result, error) {
				defer os.Remove(path + ".out")
				defer os.Remove(path + ".out.receipt.json")
				return once(b.ctx, []int{3}, b.bin, args...)
			})
			if err != nil {
				return b.spent(t, w.name, err)
			}
			row(w.name, jobs, r)
		}
	}
	return nil
}

// spent says that a command was left out, when it was for want of time.
func (b *bench) spent(t *tabwriter.Writer, name string, err error) error {
	if b.ctx.Err() == nil {
		return err
	}
	fmt.Fprintf(t, "%s and what follows: left out, the budget is spent\n", name)
	return nil
}

// baseline measures cp, and cp with sha256sum of the copy behind it.
func (b *bench) baseline(path string, size int64) (cp, both result, err error) {
	out := path + ".cp"
	defer os.Remove(out)
	copied := func() (result, error) {
		os.Remove(out)
		return once(b.ctx, nil, "cp", "--sparse=auto", path, out)
	}
	if cp, err = b.repeat(size, false, copied); err != nil {
		return cp, both, err
	}
	both, err = b.repeat(size, false, func() (result, error) {
		r, err := copied()
		if err != nil {
			return r, err
		}
		s, err := once(b.ctx, nil, "sha256sum", out)
		return result{r.wall + s.wall, r.cpu + s.cpu, max(r.rss, s.rss)}, err
	})
	return cp, both, err
}

// repeat returns the median of three runs, or of one when they are long, with the
// largest peak.
func (b *bench) repeat(size int64, long bool, do func() (result, error)) (result, error) {
	n := 3
	if long || size >= 1<<30 {
		n = 1
	}
	var rs []result
	for range n {
		r, err := do()
		if err != nil {
			return r, err
		}
		rs = append(rs, r)
		if r.wall > 5*time.Second {
			break
		}
	}
	slices.SortFunc(rs, func(a, b result) int { return int(a.wall - b.wall) })
	m := rs[len(rs)/2]
	for _, r := range rs {
		m.rss = max(m.rss, r.rss)
	}
	return m, nil
}

// mibs returns MiB a second.
func mibs(n int64, d time.Duration) float64 { return float64(n) / (1 << 20) / d.Seconds() }
