package scrub

import (
	"context"

	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// fill reads tile i of the input once more into buf, where it must have the digest
// that it had when it was examined, and redacts it there: no byte is written that
// was not examined. It reports whether the tile was a hole, which leaves buf as it
// was.
func (p *Plan) fill(in *tile.Tiles, i int64, buf []byte) (hole bool, err error) {
	if !in.Known(i) {
		panic("internal error: a tile is copied that was not examined")
	}
	off := i * tile.Size
	if in.Zero(i) && !p.touches(layout.Span{Off: off, Len: int64(len(buf))}) {
		if hole, err := in.Hole(i); hole || err != nil {
			return hole, err
		}
	}
	if err := in.Read(i, buf); err != nil {
		return false, err
	}
	p.minimized.Add(p.apply(buf, off))
	return false, nil
}

// pack writes the redacted copy into the containers of dst.
func (p *Plan) pack(ctx context.Context, in *tile.Tiles, dst *packer, cfg Config) error {
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
		hole, err := p.fill(in, i, piece)
		if err != nil {
			return err
		}
		if hole {
			clear(piece)
		}
		if err := dst.put(piece); err != nil {
			return err
		}
		cfg.progress("copy", i*tile.Size+int64(len(piece)), in.Size())
	}
	return dst.finish()
}
