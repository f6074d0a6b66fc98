package corpus

import (
	"bufio"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/dumpscrub/dumpscrub/corpus/dump"
	"github.com/dumpscrub/dumpscrub/corpus/secret"
)

// Options say what to make. The zero value makes nothing useful: Size must be set.
type Options struct {
	Seed  uint64
	Fresh bool // keys from the operating system; the seed decides the rest
	Size  int  // bytes of memory in each dump, about
	// Copies is how many samples each form of secret is planted in.
	Copies int
	// Forms and Variants, if not nil, choose among the forms of secret by name and among the
	// variants of dump by name or by the name of their file.
	Forms, Variants func(name string) bool
	// Open adds the forms that are known not to be found.
	Open bool
}

// Sample is one dump with its truth.
type Sample struct {
	Truth   Truth
	Dropped int // secrets for which the dump was too small
	dump    *dump.Dump
}

// Samples makes one sample of each variant, with every form of secret in
// Options.Copies of them. The samples are made as the caller goes.
func Samples(o Options) iter.Seq[Sample] {
	return func(yield func(Sample) bool) {
		root := o.source()
		variants := o.variants()
		hands := o.deal(root.Fork("deal"), variants)
		for i, v := range variants {
			d := v.Make(root.Fork(v.Name), o.Size, hands[i])
			if !yield(o.sample(d, fileName(v.Name, ""))) {
				return
			}
		}
	}
}

// Families makes one sample for each family of the chosen forms, of the first chosen variant: once
// each form of that family, and nothing else. What a run takes on it is what the family costs.
func Families(o Options) iter.Seq2[string, Sample] {
	return func(yield func(string, Sample) bool) {
		root := o.source()
		variants := o.variants()
		if len(variants) == 0 {
			return
		}
		v := variants[0]
		byFamily := map[string][]secret.Form{}
		for _, f := range o.forms() {
			byFamily[f.Family] = append(byFamily[f.Family], f)
		}
		for _, name := range slices.Sorted(maps.Keys(byFamily)) {
			forms := slices.DeleteFunc(byFamily[name], func(f secret.Form) bool { return !v.Takes(f) })
			d := v.Alone(root.Fork("family "+name), o.Size, forms)
			if !yield(name, o.sample(d, fileName(v.Name, "-"+name))) {
				return
			}
		}
	}
}

// Clean makes samples without secrets, of about Options.Size bytes each, until
// they have total bytes together: one variant after the other, each time from
// another seed.
func Clean(o Options, total int64) iter.Seq[Sample] {
	return func(yield func(Sample) bool) {
		root := o.source()
		variants := o.variants()
		for i := 0; total > 0 && len(variants) > 0; i++ {
			v := variants[i%len(variants)]
			d := v.Make(root.Fork(fmt.Sprintf("clean %d", i)), o.Size, nil)
			total -= d.Size
			if !yield(o.sample(d, fileName(v.Name, fmt.Sprintf("-clean-%d", i)))) {
				return
			}
		}
	}
}

func (o Options) variants() []dump.Variant {
	vs := dump.Variants()
	if o.Variants == nil {
		return vs
	}
	return slices.DeleteFunc(vs, func(v dump.Variant) bool { return !o.Variants(v.Name) && !o.Variants(fileName(v.Name, "")) })
}

// forms returns the chosen forms.
func (o Options) forms() []secret.Form {
	fs := secret.Forms()
	if o.Open {
		fs = append(fs, secret.Open()...)
	}
	if o.Forms == nil {
		return fs
	}
	return slices.DeleteFunc(fs, func(f secret.Form) bool { return !o.Forms(f.Name) })
}

func (o Options) source() *secret.Source {
	if o.Fresh {
		return secret.Fresh(o.Seed)
	}
	return secret.Seeded(o.Seed)
}

func (o Options) sample(d *dump.Dump, name string) Sample {
	seed := o.Seed
	if o.Fresh {
		seed = 0
	}
	return Sample{Truth: truthOf(d, name, seed), Dropped: d.Dropped, dump: d}
}

// deal gives each form to Options.Copies of the dumps that take it, all different as long as
// there are so many.
func (o Options) deal(src *secret.Source, variants []dump.Variant) [][]secret.Form {
	hands := make([][]secret.Form, len(variants))
	next := 0
	for range o.Copies {
		forms := o.forms()
		src.Shuffle(len(forms), func(i, j int) { forms[i], forms[j] = forms[j], forms[i] })
		for _, f := range forms {
			// The next dump in turn that has neither this form nor the wrong machine, else
			// one more of the same.
			has := func(i int) bool {
				return slices.ContainsFunc(hands[i], func(g secret.Form) bool { return g.Name == f.Name })
			}
			pick := -1
			for k := range variants {
				i := (next + k) % len(variants)
				if variants[i].Takes(f) && (pick < 0 || has(pick) && !has(i)) {
					pick = i
				}
			}
			if pick >= 0 {
				hands[pick] = append(hands[pick], f)
				next = pick + 1
			}
		}
	}
	return hands
}

func fileName(variant, suffix string) string {
	if variant[:3] == "elf" {
		return variant + suffix + ".core"
	}
	return variant + suffix + ".dmp"
}

// Write writes the sample's dump and its truth into dir and returns their paths.
// Both are readable by their owner only.
func (s Sample) Write(dir string) (dumpPath, truthPath string, err error) {
	dumpPath = filepath.Join(dir, s.Truth.Name)
	f, err := os.OpenFile(dumpPath, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return "", "", err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	if _, err = s.dump.WriteTo(w); err == nil {
		err = w.Flush()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return "", "", fmt.Errorf("writing dump: %w", err)
	}
	data, err := json.MarshalIndent(s.Truth, "", " ")
	if err != nil {
		return "", "", err
	}
	truthPath = dumpPath + ".truth.json"
	return dumpPath, truthPath, os.WriteFile(truthPath, append(data, '\n'), 0o600)
}
