package scrub

import (
	"context"

	"github.com/dumpscrub/dumpscrub/scrub/digest"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
	"github.com/dumpscrub/dumpscrub/scrub/workers"
)

// pipeline copies a dump into a file and reads every tile back as soon as it is
// written, to compare it and to digest what it read. All workers do all of it, tile
// by tile, but for a digest that has an order: that has a goroutine of its own.
type pipeline struct {
	mirror
	dst    *fileSink
	digest digest.Digester
	cfg    Config
}

// run ends without an error when every tile was written, read back, compared and
// given to the digest.
func (p *pipeline) run(ctx context.Context) error {
	bufs := newBuffers(p.cfg.jobs())
	defer bufs.clear()
	for first := int64(0); first < p.in.Count(); first += tile.Round {
		n := min(tile.Round, p.in.Count()-first)
		p.in.Refresh()
		p.out.Refresh()
		err := workers.Parallel(ctx, p.cfg.jobs(), n, func(w int, k int64) error {
			i := first + k
			back, err := p.digest.Room(ctx, i)
			if err != nil {
				return err
			}
			zero, err := p.tile(i, bufs.of(w)[:p.in.Len(i)], back[:p.in.Len(i)])
			p.digest.Put(i, digest.Piece{Buf: back, N: p.in.Len(i), Zero: zero, Failed: err != nil})
			return err
		})
		if err != nil {
			return err
		}
		p.cfg.progress("copy", min((first+n)*tile.Size, p.in.Size()), p.in.Size())
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
		if err := p.dst.put(buf, i*tile.Size); err != nil {
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
		b[worker] = make([]byte, tile.Size)
	}
	return b[worker]
}

func (b buffers) clear() {
	for _, p := range b {
		clear(p)
	}
}
