// Bench measures how fast dumpscrub is and how much memory it takes, beside cp, cp
// and sha256sum, and other scanners, in one run.
//
//	go run ./corpus/cmd/bench -bin PATH [-sizes 64MiB,512MiB] [-budget 10m] [-dir DIR] [-tools DIR] [-detectors=false]
//	go run ./corpus/cmd/bench -bin PATH -deep
//
// It dumps live processes with gcore (CPython, Node.js and openssl s_server, those
// that there are) and puts their memory, over and over, into an ELF core of each size:
// once without its zero pages ("dense"), once with sixteen times as much of holes
// around it ("sparse"). It runs whole processes on them, all files in the page cache:
// cp, then sha256sum of the copy, `scan`, `scrub --depth fast` with either digest,
// with one worker and with two, and on the smallest dump `scrub`. Times are the median
// of up to three runs; every ratio is to the cp, or cp and sha256sum, of the same file
// in the same run; peak is the largest resident set (ru_maxrss).
//
// On the smallest dense dump it measures what a hundred further rules cost a scan (aim: less than a tenth), and runs
// gitleaks, trufflehog and aeskeyfind, where
// -tools or PATH has them. Then it scans and scrubs the corpus of fresh secrets. What does not fit into -budget is left out, and said so.
//
// With -deep it dumps TLS servers that hold connections and 200 MiB of records, in CPython, Node.js, Go and Java, and
// prints what deep scans of them take.
//
// The figures of the detectors come from the benchmark of detect/search, which bench
// runs with `go test`: the corpus imports nothing of the program.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

func main() {
	bin := flag.String("bin", "", "the dumpscrub program")
	sizes := flag.String("sizes", "64MiB,512MiB", "bytes of the dumps, with commas between them; the smallest first")
	budget := flag.Duration("budget", 9*time.Minute, "no command is begun or goes on after this time")
	dir := flag.String("dir", "", "folder for the dumps, which are removed afterwards (default: a temporary one)")
	tools := flag.String("tools", "", "folder of other scanners, searched before PATH")
	deep := flag.Bool("deep", false, "measure deep scans of servers, and nothing else")
	detectors := flag.Bool("detectors", true, "run the benchmark of the detectors")
	flag.Parse()
	var ns []int64
	for s := range strings.SplitSeq(*sizes, ",") {
		n, err := bytesOf(s)
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(2)
		}
		ns = append(ns, n)
	}
	if *bin == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, cancel := context.WithTimeout(context.Background(), *budget)
	defer cancel()
	b := &bench{ctx: ctx, bin: *bin, tools: *tools}
	work, err := os.MkdirTemp(*dir, "bench-")
	if err == nil && *deep {
		err = b.deep(work)
	} else if err == nil {
		err = b.run(ns, work, *detectors)
	}
	os.RemoveAll(work)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one run of the benchmark.
type bench struct {
	ctx        context.Context
	bin, tools string
}

func (b *bench) run(sizes []int64, work string, detectors bool) error {
	memory, err := liveMemory(b.ctx, work)
	if err != nil {
		return err
	}
	for i, n := range sizes {
		if err := b.measureSize(work, memory, n, i == 0); err != nil {
			return err
		}
	}
	if err := b.corpus(work); err != nil {
		return err
	}
	if !detectors {
		return nil
	}
	cmd := exec.CommandContext(b.ctx, "go", "test", "-run", "^$", "-bench", "Detectors", "-benchtime", "1x", "./detect/search")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); b.ctx.Err() == nil {
		return err
	}
	fmt.Println("the benchmark of the detectors was cut off: the budget is spent")
	return nil
}

// bytesOf reads a number of bytes with an optional MiB or GiB.
func bytesOf(s string) (int64, error) {
	unit := int64(1)
	for suffix, u := range map[string]int64{"MiB": 1 << 20, "GiB": 1 << 30} {
		if rest, ok := strings.CutSuffix(s, suffix); ok {
			s, unit = rest, u
			break
		}
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("size %q: want a number and MiB or GiB", s)
	}
	return n * unit, nil
}
