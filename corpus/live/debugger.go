package live

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// frames bounds a backtrace, so that a damaged stack cannot keep gdb busy.
const frames = "200"

// compare adds to d where gdb and readelf see something else in the dump in after
// than in the one in before. Both are named alike and opened from their folder.
func (d *Dump) compare(ctx context.Context, b *bench, exe, before, after string) error {
	for _, args := range [][]string{
		{"gdb", "-batch", "-nx", "-ex", "set pagination off", "-ex", "set backtrace limit " + frames, "-ex", "info threads", "-ex", "info sharedlibrary", "-ex", "thread apply all bt", exe, coreName},
		{"readelf", "-hlW", coreName},
	} {
		if _, err := exec.LookPath(args[0]); err != nil {
			d.Failures = append(d.Failures, args[0]+" is missing: not compared")
			continue
		}
		x, err := b.says(ctx, before, args)
		if err != nil {
			return err
		}
		y, err := b.says(ctx, after, args)
		if err != nil {
			return err
		}
		if args[0] == "gdb" {
			d.Frames = count(x, func(l string) bool { return strings.HasPrefix(l, "#") })
		}
		d.differ(args[0], x, y)
	}
	return nil
}

// says runs a debugger in dir and returns its lines, without those that name
// threads in the order in which they are read.
func (b *bench) says(ctx context.Context, dir string, args []string) ([]string, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = dir
	// Symbols from the network would depend on the weather.
	cmd.Env = append(cmd.Environ(), "DEBUGINFOD_URLS=", "LC_ALL=C")
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", args[0], err, lastLine(out))
	}
	lines := strings.Split(strings.ReplaceAll(string(out), dir, "DIR"), "\n")
	return slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "[New LWP") }), nil
}

// mostDifferences is how many differing lines are told.
const mostDifferences = 20

// differ tells the lines in which x and y differ. A line that shows a redaction
// is as it should be, and told all the same.
func (d *Dump) differ(tool string, x, y []string) {
	if len(x) != len(y) {
		d.Failures = append(d.Failures, fmt.Sprintf("%s says %d lines, and %d of the copy", tool, len(x), len(y)))
	}
	for i := range min(len(x), len(y)) {
		if x[i] == y[i] {
			continue
		}
		if !strings.Contains(y[i], "REDACTED") && !strings.Contains(y[i], "0xdbdb") && !strings.Contains(y[i], `\333\333`) {
			d.Failures = append(d.Failures, fmt.Sprintf("%s line %d differs", tool, i+1))
		}
		if len(d.Differences) < mostDifferences {
			d.Differences = append(d.Differences, tool+": "+y[i])
		}
	}
}

func count[T any](s []T, f func(T) bool) int {
	n := 0
	for _, v := range s {
		if f(v) {
			n++
		}
	}
	return n
}
