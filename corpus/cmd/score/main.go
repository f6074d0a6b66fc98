// Score measures dumpscrub on dumps whose secrets are known.
//
//	go run ./corpus/cmd/score -bin PATH [-seed N] [-dir DIR] [-clean PATH]... [-json]
//
// It makes one dump of every kind, with every form of secret in two of them,
// and dumps without any secret; runs the program on each as `dumpscrub scrub`
// and its output as `dumpscrub scan`; and prints recall, precision, surviving
// private bytes and falsely redacted bytes. See package score for what these
// words mean.
//
// Exit codes: 0 good enough; 1 recall of complete secrets below 1, private
// bytes that survive, more than 4 KiB falsely redacted in a GiB, a failed run,
// or something found in a scrubbed dump; 2 usage.
package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"time"

	"github.com/dumpscrub/dumpscrub/corpus/score"
)

func main() {
	var o score.Options
	var p score.Program
	flag.StringVar(&p.Path, "bin", "", "the dumpscrub program")
	flag.DurationVar(&p.Timeout, "timeout", 5*time.Minute, "most time for one run")
	flag.Uint64Var(&o.Seed, "seed", 0, "make the dumps of this seed again; 0: fresh ones")
	flag.IntVar(&o.Size, "size", 4<<20, "bytes of memory in each dump with secrets, about")
	flag.IntVar(&o.Copies, "copies", 2, "how many dumps each form of secret is planted in")
	flag.Int64Var(&o.CleanBytes, "clean-bytes", 256<<20, "bytes of dumps without secrets")
	flag.IntVar(&o.CleanSize, "clean-size", 32<<20, "bytes of memory in each dump without secrets, about")
	flag.BoolVar(&o.Costs, "costs", false, "measure each family of forms in a dump of its own; about a minute more")
	flag.BoolVar(&o.Open, "open", false, "plant also the forms that are known not to be found")
	flag.StringVar(&o.Dir, "dir", "", "keep the dumps in this folder")
	flag.Func("clean", "a real dump without secrets, or a folder of them; may be repeated", func(s string) error {
		o.CleanPaths = append(o.CleanPaths, s)
		return nil
	})
	flag.Func("only", "try only dumps and forms of secret that match `DUMPS/FORMS`, two regular expressions", func(s string) error {
		dumps, forms, _ := strings.Cut(s, "/")
		d, err := regexp.Compile(dumps)
		if err != nil {
			return err
		}
		f, err := regexp.Compile(forms)
		if err != nil {
			return err
		}
		o.Variants, o.Forms = d.MatchString, f.MatchString
		return nil
	})
	asJSON := flag.Bool("json", false, "print the result as JSON")
	most := flag.Int("lines", 60, "most lines of each list")
	quiet := flag.Bool("quiet", false, "say nothing while working")
	flag.Parse()
	if p.Path == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if o.Seed == 0 {
		o.Fresh, o.Seed = true, freshSeed()
	}
	if !*quiet {
		o.Progress = func(name string, done int) { fmt.Fprintf(os.Stderr, "%3d %s\n", done, name) }
	}
	good, err := run(p, o, *asJSON, *most)
	if err != nil {
		fmt.Fprintln(os.Stderr, "score:", err)
	}
	if err != nil || !good {
		os.Exit(1)
	}
}

func run(p score.Program, o score.Options, asJSON bool, most int) (good bool, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if o.Dir != "" {
		if err := os.MkdirAll(o.Dir, 0o700); err != nil {
			return false, err
		}
	}
	b, err := score.Run(ctx, p, o)
	if err != nil {
		return false, err
	}
	if asJSON {
		enc := json.NewEncoder(os.Stdout)
		enc.SetIndent("", " ")
		err = enc.Encode(b)
	} else {
		fmt.Printf("layout seed %d\n\n", o.Seed)
		err = b.Print(os.Stdout, most)
	}
	return len(b.Verdict()) == 0, err
}

// freshSeed returns a seed that is not 0.
func freshSeed() uint64 {
	var p [8]byte
	rand.Read(p[:])
	return binary.LittleEndian.Uint64(p[:]) | 1
}
