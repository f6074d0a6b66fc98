// Live tries dumpscrub on real programs that hold fresh keys.
//
//	go run ./corpus/cmd/live -bin PATH [-only NAME,...] [-modes MODE,...] [-json FILE] [-strict] [-install]
//
// For each scenario it starts a program, makes it use its keys, dumps it idle, under
// load, and by the kernel, scrubs the dumps, and counts what is left of the keys and what
// debuggers see. See package live for the words. The mode kernel needs root: it
// changes core_pattern for a moment.
//
// Exit codes: 0 nothing is left that could be known for a secret; 1 something is,
// or a scenario could not be carried out; with -strict also when any copy of any
// key is left; 2 usage.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/dumpscrub/dumpscrub/corpus/live"
)

func main() {
	var o live.Options
	flag.StringVar(&o.Bin, "bin", "", "the dumpscrub program")
	flag.DurationVar(&o.Timeout, "timeout", time.Minute, "most time for one scenario")
	flag.BoolVar(&o.Install, "install", false, "install missing programs with apt-get, as root")
	flag.StringVar(&o.TempDir, "dir", "", "folder for the dumps, some GiB at most; they do not stay")
	flag.StringVar(&o.Keep, "keep", "", "keep the dumps, before and after, in this existing folder of the same file system as -dir")
	only := flag.String("only", "", "run only these scenarios, separated by commas")
	modes := flag.String("modes", "", "only these: idle, busy (under load), kernel (under load, dumped by the kernel)")
	out := flag.String("json", "", "write the results to `FILE`")
	strict := flag.Bool("strict", false, "every copy that is left is a failure")
	list := flag.Bool("list", false, "list the scenarios")
	flag.Parse()
	chosen, err := choose(*only)
	if *list {
		for _, s := range chosen {
			fmt.Printf("%-16s %s\n", s.Name, s.About)
		}
		return
	}
	if err == nil {
		o.Modes, err = modesOf(*modes)
	}
	if o.Bin == "" || err != nil || flag.NArg() > 0 {
		if err != nil {
			fmt.Fprintln(os.Stderr, "live:", err)
		}
		flag.Usage()
		os.Exit(2)
	}
	good, err := run(o, chosen, *out, *strict)
	if err != nil {
		fmt.Fprintln(os.Stderr, "live:", err)
	}
	if err != nil || !good {
		os.Exit(1)
	}
}

// modesOf returns the modes named in only, in their order, or all.
func modesOf(only string) ([]live.Mode, error) {
	if only == "" {
		return live.Modes(), nil
	}
	names := strings.Split(only, ",")
	for _, n := range names {
		if !slices.Contains(live.Modes(), live.Mode(n)) {
			return nil, fmt.Errorf("no mode %q", n)
		}
	}
	return slices.DeleteFunc(live.Modes(), func(m live.Mode) bool { return !slices.Contains(names, string(m)) }), nil
}

// choose returns the scenarios named in only, or all.
func choose(only string) ([]live.Scenario, error) {
	all := live.Scenarios()
	if only == "" {
		return all, nil
	}
	var chosen []live.Scenario
	for _, name := range strings.Split(only, ",") {
		i := slices.IndexFunc(all, func(s live.Scenario) bool { return s.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("no scenario %q; -list lists them", name)
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

func run(o live.Options, chosen []live.Scenario, out string, strict bool) (good bool, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// Programs are started in folders of their own.
	for _, path := range []*string{&o.Bin, &o.TempDir, &o.Keep} {
		if *path == "" {
			continue
		}
		if *path, err = filepath.Abs(*path); err != nil {
			return false, err
		}
	}
	if _, err := os.Stat(o.Bin); err != nil {
		return false, err
	}
	good = true
	var results []live.Result
	for _, s := range chosen {
		r := s.Run(ctx, o)
		if err := r.Print(os.Stdout); err != nil {
			return false, err
		}
		results = append(results, r)
		good = good && r.Status != live.Failed && (!strict || r.Surviving() == 0)
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
	}
	if err := live.PrintSummary(os.Stdout, results); err != nil {
		return false, err
	}
	if out == "" {
		return good, nil
	}
	data, err := json.MarshalIndent(results, "", " ")
	if err != nil {
		return false, err
	}
	return good, os.WriteFile(out, append(data, '\n'), 0o600)
}
