package scrub

import (
	"context"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// fill reads tile i of the input once more into buf, where it must have the digest
// that it had when it was examined, and redacts it there: no byte is written that
// was not examined. It reports whether the tile was a hole, which leaves buf as it
// was.
func (p *Plan) fill(in *tiles, i int64, buf []byte) (hole bool, err error) {
	if !in.known[i].Load() {
		panic("internal error: a tile is copied that was not examined")
	}
	off := i * tileSize
	if in.isZero(i) && !p.touches(layout.Span{Off: off, Len: int64(len(buf))}) {
		if hole, err := in.hole(i); hole || err != nil {
			return hole, err
		}
	}
	if err := in.read(i, buf); err != nil {
		return false, err
	}
	p.minimized.Add(p.apply(buf, off))
	return false, nil
}

// pack writes the redacted copy into the containers of dst.
func (p *Plan) pack(ctx context.Context, in *tiles, dst *packer, cfg Config) error {
	buf := make([]byte, tileSize)
	defer clear(buf)
	for i := range in.count() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if i%round == 0 {
			in.refresh()
		}
		tile := buf[:in.len(i)]
		hole, err := p.fill(in, i, tile)
		if err != nil {
			return err
		}
		if hole {
			clear(tile)
		}
		if err := dst.put(tile); err != nil {
			return err
		}
		cfg.progress("copy", i*tileSize+int64(len(tile)), in.size)
	}
	return dst.finish()
}
