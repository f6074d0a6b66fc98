package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// scanners are other programs that look for secrets. Those that would ask a service
// about what they find are told not to.
var scanners = []struct {
	name  string
	args  []string
	found []int // exit codes of a run that found something
	plain bool  // passes over ELF files, and gets what is in them without their header
}{
	{"gitleaks", []string{"dir", "--no-banner", "--exit-code", "0", "--report-format", "json", "--report-path", "-"}, nil, true},
	{"trufflehog", []string{"filesystem", "--no-verification", "--no-update", "--json"}, []int{183}, false},
	{"aeskeyfind", nil, nil, false},
}

// patience is how long another scanner may take.
const patience = time.Minute

// others prints how fast other scanners are on a dump of n bytes.
func (b *bench) others(path string, n int64) {
	ours, err := b.repeat(n, false, func() (result, error) {
		return once(b.ctx, []int{3}, b.bin, "scan", "--quiet", path)
	})
	if err != nil {
		fmt.Println("other scanners: left out:", err)
		return
	}
	headless, err := withoutHeader(path)
	if err != nil {
		fmt.Println("other scanners: left out:", err)
		return
	}
	defer os.Remove(headless)
	for _, s := range scanners {
		path := path
		if s.plain {
			path = headless
		}
		name := filepath.Join(b.tools, s.name)
		if _, err := os.Stat(name); b.tools == "" || err != nil {
			if name, err = exec.LookPath(s.name); err != nil {
				fmt.Printf("%s: LEFT OUT, it is not installed\n", s.name)
				continue
			}
		}
		ctx, cancel := context.WithTimeout(b.ctx, patience)
		r, err := once(ctx, s.found, name, append(s.args[:len(s.args):len(s.args)], path)...)
		switch {
		case ctx.Err() != nil:
			fmt.Printf("%s: not done after %.0f s: below %.1f MiB/s; scan is more than %.0f times as fast\n", s.name,
				r.wall.Seconds(), mibs(n, r.wall), r.wall.Seconds()/ours.wall.Seconds())
		case err != nil:
			fmt.Printf("%s: LEFT OUT: %v\n", s.name, err)
		default:
			fmt.Printf("%s: %.2f s, %.1f MiB/s, peak %d MiB; scan is %.1f times as fast, by processor seconds %.1f\n", s.name,
				r.wall.Seconds(), mibs(n, r.wall), r.rss>>20, r.wall.Seconds()/ours.wall.Seconds(), r.cpu.Seconds()/ours.cpu.Seconds())
		}
		cancel()
	}
	fmt.Println()
}

// withoutHeader copies a dump behind some empty lines, so that nobody takes it for an ELF file.
func withoutHeader(path string) (string, error) {
	in, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer in.Close()
	out, err := os.Create(path + ".txt")
	if err != nil {
		return "", err
	}
	const header = 64 // bytes of an ELF header of 64 bits
	_, err = io.Copy(out, io.MultiReader(strings.NewReader(strings.Repeat("\n", 512)), io.NewSectionReader(in, header, 1<<62)))
	if err = errors.Join(err, out.Close()); err != nil {
		os.Remove(out.Name())
	}
	return out.Name(), err
}
