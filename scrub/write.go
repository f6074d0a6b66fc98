package scrub

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/dumpscrub/dumpscrub/formats/container"
	"github.com/dumpscrub/dumpscrub/scrub/digest"
	"github.com/dumpscrub/dumpscrub/scrub/mirror"
	"github.com/dumpscrub/dumpscrub/scrub/plan"
	"github.com/dumpscrub/dumpscrub/scrub/publish"
	"github.com/dumpscrub/dumpscrub/scrub/receipt"
	"github.com/dumpscrub/dumpscrub/scrub/source"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// write makes the verified copy.
func (j *Job) write(ctx context.Context, o *opened, res *Result, p *plan.Plan, out *publish.Unnamed, clock *clock) (*ReportOutput, error) {
	v := &verifier{plan: p, res: res, l: o.l, set: j.Settings, full: j.FullAttack || p.Masked()}
	if len(o.in.Containers) > 0 {
		return j.writePacked(ctx, o, v, out, clock)
	}
	if err := mirror.Extend(out.File, o.l.Size); err != nil {
		return nil, err
	}
	t, done, err := j.readBack(out, nil, res.tiles)
	if err != nil {
		return nil, err
	}
	defer done()
	d := digest.New(j.Digest, t.Size(), j.jobs())
	defer d.Close()
	m := &mirror.Pair{Plan: p, In: res.tiles, Out: t, Jobs: j.jobs()}
	if err := m.Copy(ctx, out.File, d, j.copied); err != nil {
		return nil, err
	}
	// The disk, the digest of the last tiles and the attack need not wait for each
	// other.
	synced := make(chan error, 1)
	go func() { synced <- out.Sync() }()
	clock.lap("copy")
	err = v.verify(ctx, t)
	clock.lap("verify")
	if e := <-synced; err == nil {
		err = e
	}
	if err != nil {
		return nil, err
	}
	sum, err := d.Sum()
	if err != nil {
		return nil, err
	}
	clock.lap("digest")
	return output(j.Digest, t.Size(), sum), nil
}

// writePacked is write for a dump that goes back into its containers: the copy is
// packed, unpacked again, verified, and then digested as it is packed.
func (j *Job) writePacked(ctx context.Context, o *opened, v *verifier, out *publish.Unnamed, clock *clock) (*ReportOutput, error) {
	if err := mirror.Pack(ctx, v.plan, v.res.tiles, out, o.in.Containers, j.copied); err != nil {
		return nil, err
	}
	if err := out.Sync(); err != nil {
		return nil, err
	}
	clock.lap("copy")
	t, done, err := j.readBack(out, o.in.Containers, v.res.tiles)
	if err != nil {
		return nil, err
	}
	defer done()
	m := &mirror.Pair{Plan: v.plan, In: v.res.tiles, Out: t, Jobs: j.jobs()}
	if err := m.Compare(ctx); err != nil {
		return nil, err
	}
	if err := v.verify(ctx, t); err != nil {
		return nil, err
	}
	clock.lap("verify")
	st, err := out.Stat()
	if err != nil {
		return nil, fmt.Errorf("reading the output back: %w", err)
	}
	sum, err := digest.File(ctx, j.Digest, out, st.Size(), j.jobs())
	if err != nil {
		return nil, fmt.Errorf("reading the output back: %w", err)
	}
	clock.lap("digest")
	return output(j.Digest, st.Size(), sum), nil
}

// readBack opens the copy like any other dump, for comparison with in.
func (j *Job) readBack(out *publish.Unnamed, containers []container.Kind, in *tile.Tiles) (t *tile.Tiles, done func() error, err error) {
	f, err := out.Reopen()
	if err != nil {
		return nil, nil, fmt.Errorf("reading the output back: %w", err)
	}
	opts := j.Options
	opts.Raw = len(containers) == 0
	opts.Growing = opts.Raw // what has containers is whole before it is read back
	src, err := source.Open(f, opts)
	if errors.Is(err, source.ErrCut) {
		err = fmt.Errorf("%w: %w", mirror.ErrCollateral, err)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading the output back: %w", err)
	}
	switch {
	case !slices.Equal(src.Containers, containers):
		err = fmt.Errorf("%w: the containers differ", mirror.ErrCollateral)
	case src.Cut:
		// All that was packed may be there, and what ends a container still be lost.
		err = fmt.Errorf("%w: its containers end too early", mirror.ErrCollateral)
	case src.Size() != in.Size():
		err = fmt.Errorf("%w: its size is %d, not %d", mirror.ErrCollateral, src.Size(), in.Size())
	default:
		t, err = tile.New(src)
	}
	if err != nil {
		src.Close()
		return nil, nil, err
	}
	t.Reseed(in)
	return t, src.Close, nil
}

// copied shows how far the copy is.
func (j *Job) copied(done, total int64) { j.progress("copy", done, total) }

// output describes a copy of size bytes with this digest.
func output(name string, size int64, sum []byte) *ReportOutput {
	o := &ReportOutput{Size: size}
	if name == receipt.FSVerity {
		o.FSVerity = hex.EncodeToString(sum)
	} else {
		o.SHA256 = hex.EncodeToString(sum)
	}
	return o
}
