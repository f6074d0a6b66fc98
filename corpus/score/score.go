package score

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/dumpscrub/dumpscrub/corpus"
)

// Options say what to try.
type Options struct {
	corpus.Options
	CleanBytes int64    // of dumps without secrets
	CleanSize  int      // bytes of memory in each of them
	CleanPaths []string // real dumps, or folders of them, that hold no secret
	Costs      bool     // measure each family of forms in a dump of its own
	Dir        string   // keep the samples there; "": in a temporary folder, one at a time
	Progress   func(name string, done int)
}

// Run makes the samples, runs p on each, and counts.
func Run(ctx context.Context, p Program, o Options) (*Board, error) {
	b := &Board{Seed: o.Seed}
	dir, keep := o.Dir, true
	if dir == "" {
		tmp, err := os.MkdirTemp("", "corpus-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(tmp)
		dir, keep = tmp, false
	}
	clean := o.Options
	clean.Size = o.CleanSize
	for _, samples := range []iter.Seq[corpus.Sample]{corpus.Samples(o.Options), corpus.Clean(clean, o.CleanBytes)} {
		for s := range samples {
			path, truth, err := s.Write(dir)
			if err != nil {
				return nil, err
			}
			if err := b.try(ctx, p, o, s.Truth, path); err != nil {
				return nil, err
			}
			if !keep {
				os.Remove(path)
				os.Remove(truth)
			}
		}
	}
	if o.Costs {
		if err := b.costs(ctx, p, o, dir); err != nil {
			return nil, err
		}
	}
	for _, root := range o.CleanPaths {
		if err := b.real(ctx, p, o, root); err != nil {
			return nil, err
		}
	}
	b.finish()
	return b, nil
}

// costs scrubs a dump of each family and one without any.
func (b *Board) costs(ctx context.Context, p Program, o Options, dir string) error {
	// least is what the largest family needs.
	const least = 1 << 20
	one := func(family string, s corpus.Sample) error {
		path, truth, err := s.Write(dir)
		if err != nil {
			return err
		}
		defer os.Remove(path)
		defer os.Remove(truth)
		sheet, err := judge(ctx, p, s.Truth, path)
		if err != nil {
			return err
		}
		b.add(sheet)
		f := b.family(family)
		f.Bytes, f.Took = sheet.size, sheet.took
		if o.Progress != nil {
			o.Progress(s.Truth.Name, b.Clean.Dumps+b.Planted.Dumps)
		}
		return nil
	}
	o.Size = max(o.Size/4, least)
	start := time.Now()
	for family, s := range corpus.Families(o.Options) {
		if err := one(family, s); err != nil {
			return fmt.Errorf("%s: %w", family, err)
		}
	}
	for s := range corpus.Clean(o.Options, 1) {
		if err := one("(none)", s); err != nil {
			return err
		}
	}
	b.Took += time.Since(start)
	return nil
}

func (b *Board) try(ctx context.Context, p Program, o Options, truth corpus.Truth, path string) error {
	start := time.Now()
	s, err := judge(ctx, p, truth, path)
	if err != nil {
		return fmt.Errorf("%s: %w", truth.Name, err)
	}
	b.Took += time.Since(start)
	b.add(s)
	if o.Progress != nil {
		o.Progress(truth.Name, b.Clean.Dumps+b.Planted.Dumps)
	}
	return nil
}

// real tries files that are said to hold no secret.
func (b *Board) real(ctx context.Context, p Program, o Options, root string) error {
	return filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		return b.try(ctx, p, o, corpus.Truth{Name: path, Size: info.Size()}, path)
	})
}
