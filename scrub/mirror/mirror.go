package mirror

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/dumpscrub/dumpscrub/scrub/plan"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
	"github.com/dumpscrub/dumpscrub/scrub/workers"
)

// ErrCollateral says that the copy differs from the input where it must not.
var ErrCollateral = errors.New("verification found a changed byte outside the plan")

// Pair is a dump and its copy.
type Pair struct {
	Plan *plan.Plan
	In   *tile.Tiles // as it was examined
	Out  *tile.Tiles // as it is read back
	Jobs int         // workers, one at least
}

// check reads tile i of the copy into back and compares it with the input outside
// the plan and with the fills inside. Tiles without a cut need only their digests
// for that, the others are read again into spare. It reports whether the tile is
// all zeros, in which case it may be a hole and back as it was.
func (m *Pair) check(i int64, spare, back []byte) (zero bool, err error) {
	off := i * tile.Size
	cuts := m.Plan.Touching(off, int64(len(back)))
	zero = len(cuts) == 0 && m.In.Zero(i)
	if zero {
		if hole, err := m.Out.Hole(i); hole || err != nil {
			return hole, err
		}
	}
	if err := m.Out.Read(i, back); err != nil {
		return false, fmt.Errorf("reading the output back: %w", err)
	}
	if m.Plan.Masked() && !zero {
		if err := m.In.Read(i, spare); err != nil {
			return false, err
		}
		m.Plan.Expect(spare, off)
		if !bytes.Equal(spare, back) {
			return false, fmt.Errorf("%w: between offsets %d and %d", ErrCollateral, off, off+int64(len(back)))
		}
		return false, nil
	}
	if len(cuts) == 0 {
		if !m.Out.Same(m.In, i) {
			return false, fmt.Errorf("%w: between offsets %d and %d", ErrCollateral, off, off+int64(len(back)))
		}
		return zero, nil
	}
	if err := m.In.Read(i, spare); err != nil {
		return false, err
	}
	return false, compareTile(m.Plan, spare, back, off, cuts)
}

// Compare compares every tile. It fails with [ErrCollateral].
func (m *Pair) Compare(ctx context.Context) error {
	m.In.Refresh()
	m.Out.Refresh()
	spare, back := newBuffers(m.Jobs), newBuffers(m.Jobs)
	defer spare.clear()
	defer back.clear()
	return workers.Parallel(ctx, m.Jobs, m.In.Count(), func(w int, i int64) error {
		n := m.In.Len(i)
		_, err := m.check(i, spare.of(w)[:n], back.of(w)[:n])
		return err
	})
}

func compareTile(p *plan.Plan, in, out []byte, off int64, cuts []plan.Cut) error {
	pos := 0
	for i := range cuts {
		c := &cuts[i]
		start, end := int(max(c.Off-off, 0)), int(min(c.End()-off, int64(len(in))))
		if !bytes.Equal(in[pos:start], out[pos:start]) {
			return fmt.Errorf("%w: between offsets %d and %d", ErrCollateral, off+int64(pos), off+int64(start))
		}
		want := make([]byte, end-start)
		p.Write(c, want, off+int64(start))
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
