// Quiet counts what dumpscrub takes for secrets in processes that hold none.
//
//	go run ./corpus/cmd/quiet -bin PATH [-only nginx,go] [-size MIB] [-depth deep] [-keep DIR]
//
// It starts nginx, PostgreSQL, Redis, CPython, Node, Java and Go programs, fills them
// with documentation and sources of this machine, dumps them and scans the dumps. See
// package quiet for the words.
//
// Exit codes: 0 fewer than 10 likely findings a GiB in each, 1 more, or a run failed; 2 usage.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/dumpscrub/dumpscrub/corpus/quiet"
)

func main() {
	var o quiet.Options
	flag.StringVar(&o.Bin, "bin", "", "the dumpscrub program")
	flag.IntVar(&o.Size, "size", 64, "how much text the programs are given, in MiB")
	flag.StringVar(&o.TempDir, "dir", "", "folder for the dumps; they do not stay")
	flag.StringVar(&o.Depth, "depth", "", "depth of the scan, fast or deep; fast without it")
	flag.StringVar(&o.Keep, "keep", "", "keep the dumps in this existing folder of the same file system as -dir")
	timeout := flag.Duration("timeout", 5*time.Minute, "most time for one program")
	only := flag.String("only", strings.Join(quiet.Names(), ","), "run only these, separated by commas")
	flag.Parse()
	if o.Bin == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	good, err := run(o, strings.Split(*only, ","), *timeout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "quiet:", err)
	}
	if err != nil || !good {
		os.Exit(1)
	}
}

func run(o quiet.Options, names []string, timeout time.Duration) (good bool, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if o.Bin, err = filepath.Abs(o.Bin); err != nil {
		return false, err
	}
	var rs []*quiet.Result
	for _, name := range names {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		r, err := quiet.Run(ctx, o, name)
		cancel()
		if errors.Is(err, quiet.ErrMissing) {
			fmt.Printf("%s: skipped: %v\n", name, err)
			continue
		}
		if err != nil {
			return false, fmt.Errorf("%s: %w", name, err)
		}
		rs = append(rs, r)
	}
	return quiet.Print(os.Stdout, rs)
}
