package scrub

import (
	"context"
)

// copyTo writes the redacted copy to dst. Every tile is read again into a
// private buffer, must have the digest that it had when it was examined, and is
// redacted there: no byte is written that was not examined.
func (p *Plan) copyTo(ctx context.Context, res *Result, dst sink, cfg Config) error {
	jobs := cfg.jobs()
	if _, ordered := dst.(*packer); ordered {
		jobs = 1
	}
	bufs := make([][]byte, jobs)
	defer func() {
		for _, b := range bufs {
			clear(b)
		}
	}()
	// Work is dealt in rounds, so that progress is told from one goroutine.
	const round = 64
	t := res.tiles
	for first := int64(0); first < t.count(); first += round {
		n := min(round, t.count()-first)
		err := parallel(ctx, jobs, n, func(w int, k int64) error {
			i := first + k
			if bufs[w] == nil {
				bufs[w] = make([]byte, tileSize)
			}
			return p.copyTile(res, dst, i, bufs[w][:t.len(i)])
		})
		if err != nil {
			return err
		}
		cfg.progress("copy", min((first+n)*tileSize, t.size), t.size)
	}
	return dst.finish()
}

func (p *Plan) copyTile(res *Result, dst sink, i int64, buf []byte) error {
	t := res.tiles
	off := i * tileSize
	if !t.known[i].Load() {
		panic("internal error: a tile is copied that was not examined")
	}
	if t.isZero(i) {
		hole, err := t.hole(i)
		if err != nil {
			return err
		}
		if hole {
			return dst.put(nil, off, int64(len(buf)))
		}
	}
	if err := t.read(i, buf); err != nil {
		return err
	}
	res.minimized.Add(p.apply(buf, off))
	return dst.put(buf, off, int64(len(buf)))
}
