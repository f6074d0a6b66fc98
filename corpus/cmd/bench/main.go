// Bench measures how fast dumpscrub is and how much memory it takes.
//
//	go run ./corpus/cmd/bench -bin PATH [-size 512MiB] [-peak 4GiB] [-dir DIR] [-detectors=false]
//
// It makes a core of -size bytes whose memory is that of the corpus, secrets
// included, and, where gcore exists, dumps a real process. On each it runs `scan`,
// `scrub --depth fast` and `scrub`, with one worker and with the default number,
// as whole processes, and copies the same file with cp before each run. All files
// are in the page cache. Times are the median of three runs; the ratio is that of
// the medians; peak is the largest resident set of the three (ru_maxrss).
//
// With -peak, one core of that size is scrubbed once more, for its memory alone.
//
// The figures of the detectors come from the benchmark of detect/search, which
// bench runs with `go test`: the corpus imports nothing of the program.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// runs is how often each thing is measured.
const runs = 3

func main() {
	bin := flag.String("bin", "", "the dumpscrub program")
	size := flag.String("size", "512MiB", "bytes of the core")
	peak := flag.String("peak", "", "bytes of a core that is scrubbed for its peak memory; empty: none")
	dir := flag.String("dir", "", "folder for the dumps, which are removed afterwards (default: a temporary one)")
	detectors := flag.Bool("detectors", true, "run the benchmark of the detectors")
	flag.Parse()
	n, err := bytesOf(*size)
	if *bin == "" || flag.NArg() > 0 || err != nil {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*bin, n, *peak, *dir, *detectors); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(bin string, size int64, peak, dir string, detectors bool) error {
	work, err := os.MkdirTemp(dir, "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	core := filepath.Join(work, "corpus.core")
	if err := writeCore(core, size); err != nil {
		return err
	}
	if err := measure(bin, "a core of the corpus", core); err != nil {
		return err
	}
	if real, ok := dumpProcess(work); ok {
		if err := measure(bin, "a dump of a real process", real); err != nil {
			return err
		}
	} else {
		fmt.Print("no dump of a real process: gcore does not work here\n\n")
	}
	if peak != "" {
		if err := peakOf(bin, peak, filepath.Join(work, "large.core")); err != nil {
			return err
		}
	}
	if !detectors {
		return nil
	}
	cmd := exec.Command("go", "test", "-run", "^$", "-bench", "Detectors", "-benchtime", "1x", "./detect/search")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

// peakOf scrubs a core of the given size once and prints its peak memory.
func peakOf(bin, size, path string) error {
	n, err := bytesOf(size)
	if err != nil {
		return err
	}
	if err := writeCore(path, n); err != nil {
		return err
	}
	defer os.Remove(path)
	r, err := once(bin, "scrub", "--quiet", "-o", path+".out", path)
	if err != nil {
		return err
	}
	defer os.Remove(path + ".out")
	fmt.Printf("scrub of a core of %s: %.1f s, %.0f MB/s, peak %d MiB resident\n\n", size, r.wall.Seconds(), mbs(n, r.wall), r.rss>>20)
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
