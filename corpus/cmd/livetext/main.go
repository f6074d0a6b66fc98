// Livetext tries dumpscrub on tokens and passwords in the memory of live programs.
//
//	go run ./corpus/cmd/livetext -bin PATH [-only python,java] [-all] [-size MIB]
//	go run ./corpus/cmd/livetext -bin PATH -image N
//
// It plants 40 kinds in three encodings in CPython and in Java, dumps the
// processes, scrubs the dumps, and counts the kinds that were found and what is left
// of those. See package livetext for the words.
//
// Exit codes: 0 enough was found, and nothing that was found is left; 1 not so, or
// a run failed; 2 usage.
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

	"github.com/dumpscrub/dumpscrub/corpus/livetext"
)

func main() {
	var o livetext.Options
	flag.StringVar(&o.Bin, "bin", "", "the dumpscrub program")
	flag.IntVar(&o.Size, "size", 64, "about how much other text the programs keep, in MiB")
	flag.StringVar(&o.TempDir, "dir", "", "folder for the dumps; they do not stay")
	flag.StringVar(&o.Keep, "keep", "", "keep the dumps in this existing folder of the same file system as -dir")
	timeout := flag.Duration("timeout", 5*time.Minute, "most time for one program")
	only := flag.String("only", strings.Join(livetext.Runtimes(), ","), "run only these, separated by commas")
	rules := flag.String("rules", "", "a rule file for the program's --rules")
	image := flag.Int("image", 0, "instead of programs, an image of noise with so many samples of each kind")
	all := flag.Bool("all", false, "print a line for every plant")
	flag.Parse()
	if o.Bin == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if *rules != "" {
		path, err := filepath.Abs(*rules)
		if err != nil {
			fmt.Fprintln(os.Stderr, "livetext:", err)
			os.Exit(1)
		}
		o.Args = []string{"--rules", path}
	}
	good, err := run(o, strings.Split(*only, ","), *image, *timeout, *all)
	if err != nil {
		fmt.Fprintln(os.Stderr, "livetext:", err)
	}
	if err != nil || !good {
		os.Exit(1)
	}
}

func run(o livetext.Options, runtimes []string, image int, timeout time.Duration, all bool) (good bool, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if o.Bin, err = filepath.Abs(o.Bin); err != nil {
		return false, err
	}
	if image > 0 {
		runtimes = []string{"image"}
	}
	good = true
	var rs []*livetext.Result
	for _, name := range runtimes {
		r, err := one(ctx, o, name, image, timeout)
		if errors.Is(err, livetext.ErrMissing) {
			fmt.Printf("== %s: skipped: %v\n", name, err)
			continue
		}
		if err != nil {
			return false, fmt.Errorf("%s: %w", name, err)
		}
		if err := r.Print(os.Stdout, all); err != nil {
			return false, err
		}
		good = good && r.Good()
		rs = append(rs, r)
	}
	return good, livetext.PrintSummary(os.Stdout, rs)
}

func one(ctx context.Context, o livetext.Options, name string, image int, timeout time.Duration) (*livetext.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if image > 0 {
		return livetext.RunImage(ctx, o, image)
	}
	return livetext.Run(ctx, o, name)
}
