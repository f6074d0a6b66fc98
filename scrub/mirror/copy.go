package mirror

import (
	"context"
	"io"

	"github.com/dumpscrub/dumpscrub/formats/container"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/plan"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// redacted reads tile i of the input once more into buf, where it must have the digest
// that it had when it was examined, and redacts it there: no byte is written that
// was not examined. It reports whether the tile was a hole, which leaves buf as it
// was.
func redacted(p *plan.Plan, in *tile.Tiles, i int64, buf []byte) (hole bool, err error) {
	if !in.Known(i) {
		panic("internal error: a tile is copied that was not examined")
	}
	off := i * tile.Size
	if in.Zero(i) && !p.Touches(layout.Span{Off: off, Len: int64(len(buf))}) {
		if hole, err := in.Hole(i); hole || err != nil {
			return hole, err
		}
	}
	if err := in.Read(i, buf); err != nil {
		return false, err
	}
	p.Apply(buf, off)
	return false, nil
}

// Pack writes the redacted copy of in to w, in containers of these kinds, of which the first is the outermost.
func Pack(ctx context.Context, p *plan.Plan, in *tile.Tiles, w io.Writer, kinds []container.Kind, progress func(done, total int64)) error {
	dst, err := newPacker(w, kinds)
	if err != nil {
		return err
	}
	buf := make([]byte, tile.Size)
	defer clear(buf)
	for i := range in.Count() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if i%tile.Round == 0 {
			in.Refresh()
		}
		piece := buf[:in.Len(i)]
		hole, err := redacted(p, in, i, piece)
		if err != nil {
			return err
		}
		if hole {
			clear(piece)
		}
		if err := dst.put(piece); err != nil {
			return err
		}
		progress(i*tile.Size+int64(len(piece)), in.Size())
	}
	return dst.finish()
}
