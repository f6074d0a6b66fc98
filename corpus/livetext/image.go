package livetext

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// RunImage plants n fresh samples of every kind in every encoding in noise, without
// a program: as many as a live process does not hold. It finds out what is rare.
func RunImage(ctx context.Context, o Options, n int) (*Result, error) {
	dir, err := os.MkdirTemp(o.TempDir, "livetext")
	if err != nil {
		return nil, err
	}
	defer o.dispose(dir, "image")
	var ps []Plant
	for range n {
		ps = append(ps, Plants()...)
	}
	if err := os.WriteFile(filepath.Join(dir, "plan"), plan(ps), 0o600); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, coreFile), image(ps), 0o600); err != nil {
		return nil, err
	}
	o.Args = append(slices.Clone(o.Args), "--format", "raw")
	began := time.Now()
	said, err := o.scrub(ctx, dir)
	if err != nil {
		return nil, err
	}
	r := &Result{Runtime: "image", Seconds: time.Since(began).Seconds(), Said: said}
	return r, r.judge(ps, dir)
}

// image lays plants out in noise, each as another kind of memory has it.
func image(ps []Plant) []byte {
	const gap = 160
	var out []byte
	for i, p := range ps {
		b := p.bytes()
		before, after := []byte{0}, []byte{0}
		switch i / len(Kinds()) % 5 {
		case 1:
			before, after = []byte(`x = "`), []byte("\";\n")
		case 2:
			before, after = []byte("took "), []byte(" from there")
		case 3: // a byte[] of a JVM, with what lay there before
			before = binary.LittleEndian.AppendUint32([]byte{1, 0, 0, 0, 0, 0, 0, 0, 0x18, 0x21, 0, 0}, uint32(len(b)))
			after = append([]byte(random(alnum, (8-len(b)%8)%8)), 0)
		case 4:
			before, after = []byte("\n"), []byte("\r\n")
		}
		if p.Encoding == UTF16 && i/len(Kinds())%5 != 3 {
			before, after = widen(before), widen(after)
		} else if p.Encoding == UTF16 {
			after = append(widen([]byte(random(alnum, (8-len(b)%8)%8/2))), 0, 0)
		}
		out = append(out, octets(gap)...)
		out = append(out, make([]byte, 8+8-len(out)%8)...) // allocators align
		out = append(append(append(append(out, before...), b...), after...), 0, 0)
	}
	return out
}
