package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/dumpscrub/dumpscrub/scrub/policy"
)

// checkValues refuses flags with an empty value. A script whose variable is not set
// means something else than the same script without the flag, and of --verify-key or
// --sign-key it means more.
func checkValues(cmd *cobra.Command, _ []string) error {
	var err error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		if err == nil && slices.Contains(values, "") {
			err = usageError{"--" + f.Name + " has an empty value", "leave it out if nothing is meant"}
		}
	})
	return err
}

// distinct refuses to write a file that the run reads, or two to one name. Where a
// name is "-" or "" there is no such file.
func distinct(inputs, read, written []string) error {
	for i, path := range written {
		if path == "" || path == "-" {
			continue
		}
		at := func(other string) bool { return samePlace(path, other) }
		switch {
		case slices.ContainsFunc(inputs, at):
			return usageError{fmt.Sprintf("%s is the input", path), "dumpscrub never changes its input"}
		case slices.ContainsFunc(read, at):
			return usageError{fmt.Sprintf("%s would be written, and is read by the same run", path), ""}
		case slices.ContainsFunc(written[:i], at):
			return usageError{fmt.Sprintf("%s would be written twice", path), ""}
		}
	}
	return nil
}

// samePlace reports whether a and b are one file, or names under which there would be
// one. What takes everything, as terminals, pipes and the null device do, is never one.
func samePlace(a, b string) bool {
	if a == "" || b == "" || a == "-" || b == "-" {
		return false
	}
	x, errA := os.Stat(a)
	y, errB := os.Stat(b)
	if errA == nil && errB == nil {
		return os.SameFile(x, y) && x.Mode()&(fs.ModeCharDevice|fs.ModeNamedPipe|fs.ModeSocket) == 0
	}
	if filepath.Base(a) != filepath.Base(b) {
		return false
	}
	x, errA = os.Stat(filepath.Dir(a))
	y, errB = os.Stat(filepath.Dir(b))
	return errA == nil && errB == nil && os.SameFile(x, y)
}

// reads returns the files that the flags name to be read.
func (o *lookOptions) reads() []string {
	paths := slices.Concat(o.hunt, o.known, o.rules, []string{o.allow, o.allowKey})
	if _, err := policy.Builtin(o.policy); err != nil {
		paths = append(paths, o.policy)
	}
	return paths
}

// onceStdin refuses to read standard input as two files.
func onceStdin(paths []string) error {
	n := 0
	for _, path := range paths {
		if path == "-" {
			n++
		}
	}
	if n > 1 {
		return usageError{"standard input can be read only once", ""}
	}
	return nil
}
