// Gen writes labelled crash dumps with made-up secrets.
//
//	go run ./corpus/cmd/gen -out DIR [-seed N] [-size BYTES] [-clean BYTES]
//
// Beside each NAME it writes NAME.truth.json, which says what was planted where.
// That file holds the planted keys. They are made up and guard nothing: gen is
// no tool for dumps of real processes.
//
// With -seed the same dumps come out each time, keys included; without it
// everything is fresh.
package main

import (
	"crypto/rand"
	"encoding/binary"
	"flag"
	"fmt"
	"iter"
	"os"

	"github.com/dumpscrub/dumpscrub/corpus"
)

func main() {
	out := flag.String("out", "", "folder to write to; it is made if missing")
	seed := flag.Uint64("seed", 0, "make the dumps of this seed again; 0: fresh ones")
	size := flag.Int("size", 4<<20, "bytes of memory in each dump, about")
	copies := flag.Int("copies", 2, "how many dumps each form of secret is planted in")
	clean := flag.Int64("clean", 0, "bytes of dumps without secrets to make besides")
	open := flag.Bool("open", false, "plant also the forms that are known not to be found")
	flag.Parse()
	if *out == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	o := corpus.Options{Seed: *seed, Size: *size, Copies: *copies, Open: *open}
	if o.Seed == 0 {
		o.Fresh, o.Seed = true, freshSeed()
	}
	if err := run(*out, o, *clean); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(out string, o corpus.Options, clean int64) error {
	if err := os.MkdirAll(out, 0o700); err != nil {
		return err
	}
	for _, samples := range []iter.Seq[corpus.Sample]{corpus.Samples(o), corpus.Clean(o, clean)} {
		for s := range samples {
			if _, _, err := s.Write(out); err != nil {
				return err
			}
			fmt.Printf("%s: %d bytes, %d secrets\n", s.Truth.Name, s.Truth.Size, len(s.Truth.Secrets))
			if s.Dropped > 0 {
				fmt.Printf("%s: no place for %d more; raise -size\n", s.Truth.Name, s.Dropped)
			}
		}
	}
	return nil
}

// freshSeed returns a seed that is not 0.
func freshSeed() uint64 {
	var p [8]byte
	rand.Read(p[:])
	return binary.LittleEndian.Uint64(p[:]) | 1
}
