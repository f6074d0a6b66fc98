package main

import (
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/dumpscrub/dumpscrub/corpus"
)

const (
	// corpusSize is how many bytes of memory each dump of the corpus has, about.
	corpusSize = 4 << 20
	// corpusCopies is in how many of them each form of secret lies.
	corpusCopies = 2
)

// corpus prints what a scan, fast and deep, and a scrub of each dump of the labelled corpus take: dumps as full
// of secrets as none of a real process is.
func (b *bench) corpus(work string) error {
	if b.ctx.Err() != nil {
		fmt.Println("corpus: left out, the budget is spent")
		return nil
	}
	dir := filepath.Join(work, "corpus")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var paths []string
	size, secrets := int64(0), 0
	for s := range corpus.Samples(corpus.Options{Seed: 1, Fresh: true, Size: corpusSize, Copies: corpusCopies}) {
		path, _, err := s.Write(dir)
		if err != nil {
			return err
		}
		paths, size, secrets = append(paths, path), size+s.Truth.Size, secrets+len(s.Truth.Secrets)
	}
	fmt.Printf("corpus: %d dumps, %d MiB, %d secrets\n", len(paths), size>>20, secrets)
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer fmt.Println()
	defer t.Flush()
	fmt.Fprintln(t, "command\tseconds\tprocessor s\tMiB/s\tpeak MiB")
	row := func(name string, r result) {
		fmt.Fprintf(t, "%s\t%.2f\t%.2f\t%.0f\t%d\n", name, r.wall.Seconds(), r.cpu.Seconds(), mibs(size, r.wall), r.rss>>20)
	}
	scan := func(depth string) error {
		r, err := once(b.ctx, []int{3}, b.bin, append([]string{"scan", "--quiet", "--depth", depth}, paths...)...)
		if err != nil {
			return b.spent(t, "scan --depth "+depth, err)
		}
		row("scan --depth "+depth, r)
		return nil
	}
	if err := scan("fast"); err != nil {
		return err
	}
	var sum result
	for _, path := range paths {
		r, err := once(b.ctx, nil, b.bin, "scrub", "--quiet", "--depth", "fast", "-o", path+".out", path)
		if err != nil {
			return b.spent(t, "scrub", err)
		}
		sum = result{sum.wall + r.wall, sum.cpu + r.cpu, max(sum.rss, r.rss)}
	}
	row("scrub --depth fast", sum)
	return scan("deep")
}
