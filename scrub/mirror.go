package scrub

import (
	"bytes"
	"context"
	"fmt"

	"github.com/dumpscrub/dumpscrub/scrub/tile"
	"github.com/dumpscrub/dumpscrub/scrub/workers"
)

// mirror compares a copy with its input.
type mirror struct {
	plan *Plan
	in   *tile.Tiles // as it was examined
	out  *tile.Tiles // as it is read back
}

// check reads tile i of the copy into back and compares it with the input outside
// the plan and with the fills inside. Tiles without a cut need only their digests
// for that, the others are read again into spare. It reports whether the tile is
// all zeros, in which case it may be a hole and back as it was.
func (m *mirror) check(i int64, spare, back []byte) (zero bool, err error) {
	off := i * tile.Size
	cuts := m.plan.touching(off, int64(len(back)))
	zero = len(cuts) == 0 && m.in.Zero(i)
	if zero {
		if hole, err := m.out.Hole(i); hole || err != nil {
			return hole, err
		}
	}
	if err := m.out.Read(i, back); err != nil {
		return false, fmt.Errorf("reading the output back: %w", err)
	}
	if m.plan.mask != nil && !zero {
		if err := m.in.Read(i, spare); err != nil {
			return false, err
		}
		m.plan.apply(spare, off)
		if !bytes.Equal(spare, back) {
			return false, fmt.Errorf("%w: between offsets %d and %d", ErrCollateral, off, off+int64(len(back)))
		}
		return false, nil
	}
	if len(cuts) == 0 {
		if !m.out.Same(m.in, i) {
			return false, fmt.Errorf("%w: between offsets %d and %d", ErrCollateral, off, off+int64(len(back)))
		}
		return zero, nil
	}
	if err := m.in.Read(i, spare); err != nil {
		return false, err
	}
	return false, m.plan.compareTile(spare, back, off, cuts)
}

// run compares every tile.
func (m *mirror) run(ctx context.Context, cfg Config) error {
	m.in.Refresh()
	m.out.Refresh()
	spare, back := newBuffers(cfg.jobs()), newBuffers(cfg.jobs())
	defer spare.clear()
	defer back.clear()
	return workers.Parallel(ctx, cfg.jobs(), m.in.Count(), func(w int, i int64) error {
		n := m.in.Len(i)
		_, err := m.check(i, spare.of(w)[:n], back.of(w)[:n])
		return err
	})
}

func (p *Plan) compareTile(in, out []byte, off int64, cuts []cut) error {
	pos := 0
	for i := range cuts {
		c := &cuts[i]
		start, end := int(max(c.Off-off, 0)), int(min(c.End()-off, int64(len(in))))
		if !bytes.Equal(in[pos:start], out[pos:start]) {
			return fmt.Errorf("%w: between offsets %d and %d", ErrCollateral, off+int64(pos), off+int64(start))
		}
		want := make([]byte, end-start)
		p.write(c, want, c.phase+off+int64(start)-c.Off)
		if !bytes.Equal(want, out[start:end]) {
			return fmt.Errorf("%w: the fill at offset %d", ErrCollateral, off+int64(start))
		}
		pos = end
	}
	if !bytes.Equal(in[pos:], out[pos:]) {
		return fmt.Errorf("%w: between offsets %d and %d", ErrCollateral, off+int64(pos), off+int64(len(in)))
	}
	return nil
}
