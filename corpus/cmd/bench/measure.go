package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"text/tabwriter"
	"time"
)

// result is one run of a process.
type result struct {
	wall time.Duration
	rss  int64 // largest resident set, in bytes
}

// found is the exit code of `dumpscrub scan` that found something.
const found = 3

// once runs a program to its end.
func once(name string, args ...string) (result, error) {
	cmd := exec.Command(name, args...)
	start := time.Now()
	err := cmd.Run()
	r := result{wall: time.Since(start)}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == found && args[0] == "scan" {
		err = nil
	}
	if err != nil {
		return r, fmt.Errorf("%s %s: %w", name, args[0], err)
	}
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.rss = int64(u.Maxrss) << 10 // getrusage(2): kilobytes on Linux
	}
	return r, nil
}

// ways are the commands that are measured.
var ways = [...]struct {
	name string
	args []string
}{
	{"scan", []string{"scan", "--quiet"}},
	{"scrub --depth fast", []string{"scrub", "--quiet", "--force", "--depth", "fast"}},
	{"scrub", []string{"scrub", "--quiet", "--force"}},
}

// measure prints the table for the dump at path.
func measure(bin, what, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fmt.Printf("%s, %.0f MiB\n", what, float64(info.Size())/(1<<20))
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "command\tjobs\tseconds\tMB/s\ttimes cp\tpeak MiB")
	for _, way := range ways {
		for _, jobs := range []string{"1", "default"} {
			args := slices.Clone(way.args)
			if jobs != "default" {
				args = append(args, "--jobs", jobs)
			}
			if args[0] == "scrub" {
				args = append(args, "-o", path+".out")
			}
			r, cp, err := compare(bin, append(args, path), path)
			if err != nil {
				return err
			}
			fmt.Fprintf(t, "%s\t%s\t%.2f\t%.0f\t%.1f\t%d\n", way.name, jobs, r.wall.Seconds(),
				mbs(info.Size(), r.wall), r.wall.Seconds()/cp.wall.Seconds(), r.rss>>20)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Println()
	return nil
}

// compare returns the median of both, with the largest peak.
func compare(bin string, args []string, path string) (r, cp result, err error) {
	var rs, cps []result
	for range runs {
		c, err := once("cp", path, path+".cp")
		if err != nil {
			return r, cp, err
		}
		os.Remove(path + ".cp")
		x, err := once(bin, args...)
		if err != nil {
			return r, cp, err
		}
		os.Remove(path + ".out")
		os.Remove(path + ".out.receipt.json")
		rs, cps = append(rs, x), append(cps, c)
	}
	return median(rs), median(cps), nil
}

func median(rs []result) result {
	slices.SortFunc(rs, func(a, b result) int { return int(a.wall - b.wall) })
	m := rs[len(rs)/2]
	for _, r := range rs {
		m.rss = max(m.rss, r.rss)
	}
	return m
}

// mbs returns millions of bytes a second.
func mbs(n int64, d time.Duration) float64 { return float64(n) / 1e6 / d.Seconds() }
