package scrub

import (
	"context"
)

// pipeline copies a dump into a file and reads every tile back as soon as it is
// written, to compare it and to digest what it read. All workers do all of it, tile
// by tile, but for a digest that has an order: that has a goroutine of its own.
type pipeline struct {
	mirror
	dst    *fileSink
	digest digester
	cfg    Config
}

// round is how many tiles are dealt out at a time, so that progress is told from
// one goroutine.
const round = 256

// run ends without an error when every tile was written, read back, compared and
// given to the digest.
func (p *pipeline) run(ctx context.Context) error {
	bufs := newBuffers(p.cfg.jobs())
	defer bufs.clear()
	for first := int64(0); first < p.in.count(); first += round {
		n := min(round, p.in.count()-first)
		p.in.refresh()
		p.out.refresh()
		err := parallel(ctx, p.cfg.jobs(), n, func(w int, k int64) error {
			i := first + k
			back, err := p.digest.room(ctx, i)
			if err != nil {
				return err
			}
			zero, err := p.tile(i, bufs.of(w)[:p.in.len(i)], back[:p.in.len(i)])
			p.digest.put(i, piece{buf: back, n: p.in.len(i), zero: zero, failed: err != nil})
			return err
		})
		if err != nil {
			return err
		}
		p.cfg.progress("copy", min((first+n)*tileSize, p.in.size), p.in.size)
	}
	return nil
}

// tile copies tile i by way of buf and reads it back into back; it reports whether
// it is all zeros, of which back may know nothing.
func (p *pipeline) tile(i int64, buf, back []byte) (zero bool, err error) {
	hole, err := p.plan.fill(p.in, i, buf)
	if err != nil {
		return false, err
	}
	if !hole {
		if err := p.dst.put(buf, i*tileSize); err != nil {
			return false, err
		}
	}
	return p.check(i, buf, back)
}

// buffers are a tile for each worker, made when it is wanted.
type buffers [][]byte

func newBuffers(jobs int) buffers { return make(buffers, jobs) }

func (b buffers) of(worker int) []byte {
	if b[worker] == nil {
		b[worker] = make([]byte, tileSize)
	}
	return b[worker]
}

func (b buffers) clear() {
	for _, p := range b {
		clear(p)
	}
}
