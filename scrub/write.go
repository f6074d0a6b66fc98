package scrub

import (
	"context"
	"fmt"
	"slices"

	"github.com/dumpscrub/dumpscrub/formats/container"
	"github.com/dumpscrub/dumpscrub/scrub/publish"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// write makes the verified copy.
func (j *Job) write(ctx context.Context, o *opened, res *Result, plan *Plan, out *publish.Unnamed, clock *clock) (*ReportOutput, error) {
	v := &verifier{plan: plan, res: res, l: o.l, set: j.Settings, full: j.FullAttack || plan.mask != nil}
	if len(o.in.Containers) > 0 {
		return j.writePacked(ctx, o, v, out, clock)
	}
	dst := &fileSink{f: out.File}
	if err := dst.extend(o.l.Size); err != nil {
		return nil, err
	}
	t, done, err := j.readBack(out, nil, res.tiles)
	if err != nil {
		return nil, err
	}
	defer done()
	d := newDigester(j.Digest, t, j.jobs())
	defer d.close()
	p := &pipeline{mirror: mirror{plan: plan, in: res.tiles, out: t}, dst: dst, digest: d, cfg: j.Config}
	if err := p.run(ctx); err != nil {
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
	sum, err := d.sum()
	if err != nil {
		return nil, err
	}
	clock.lap("digest")
	return output(j.Digest, t.size, sum), nil
}

// writePacked is write for a dump that goes back into its containers: the copy is
// packed, unpacked again, verified, and then digested as it is packed.
func (j *Job) writePacked(ctx context.Context, o *opened, v *verifier, out *publish.Unnamed, clock *clock) (*ReportOutput, error) {
	dst, err := newPacker(out, o.in.Containers)
	if err != nil {
		return nil, err
	}
	if err := v.plan.pack(ctx, v.res.tiles, dst, j.Config); err != nil {
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
	if err := (&mirror{plan: v.plan, in: v.res.tiles, out: t}).run(ctx, j.Config); err != nil {
		return nil, err
	}
	if err := v.verify(ctx, t); err != nil {
		return nil, err
	}
	clock.lap("verify")
	sum, err := digestFile(ctx, j.Digest, out, j.jobs())
	clock.lap("digest")
	return sum, err
}

// readBack opens the copy like any other dump, for comparison with in.
func (j *Job) readBack(out *publish.Unnamed, containers []container.Kind, in *tiles) (t *tiles, done func() error, err error) {
	f, err := out.Reopen()
	if err != nil {
		return nil, nil, fmt.Errorf("reading the output back: %w", err)
	}
	opts := j.Options
	opts.Raw = len(containers) == 0
	opts.Growing = opts.Raw // what has containers is whole before it is read back
	src, err := source.Open(f, opts)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the output back: %w", err)
	}
	switch {
	case !slices.Equal(src.Containers, containers):
		err = fmt.Errorf("%w: the containers differ", ErrCollateral)
	case src.Cut:
		// All that was packed may be there, and what ends a container still be lost.
		err = fmt.Errorf("%w: its containers end too early", ErrCollateral)
	case src.Size() != in.size:
		err = fmt.Errorf("%w: its size is %d, not %d", ErrCollateral, src.Size(), in.size)
	default:
		t, err = newTiles(src)
	}
	if err != nil {
		src.Close()
		return nil, nil, err
	}
	t.reseed(in)
	return t, src.Close, nil
}
