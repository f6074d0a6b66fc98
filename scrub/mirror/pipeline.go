package mirror

import (
	"context"
	"os"

	"github.com/dumpscrub/dumpscrub/scrub/digest"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
	"github.com/dumpscrub/dumpscrub/scrub/workers"
)

// Copy copies the dump into f, which has its size already and is what m.Out reads, reads every tile back as
// soon as it is written, compares it and gives what it read to d. All workers do all of it, tile
// by tile, but for a digest that has an order: that has a goroutine of its own.
func (m *Pair) Copy(ctx context.Context, f *os.File, d digest.Digester, progress func(done, total int64)) error {
	bufs := newBuffers(m.Jobs)
	defer bufs.clear()
	for first := int64(0); first < m.In.Count(); first += tile.Round {
		n := min(tile.Round, m.In.Count()-first)
		m.In.Refresh()
		m.Out.Refresh()
		err := workers.Parallel(ctx, m.Jobs, n, func(w int, k int64) error {
			i := first + k
			back, err := d.Room(ctx, i)
			if err != nil {
				return err
			}
			zero, err := m.tile(f, i, bufs.of(w)[:m.In.Len(i)], back[:m.In.Len(i)])
			d.Put(i, digest.Piece{Buf: back, N: m.In.Len(i), Zero: zero, Failed: err != nil})
			return err
		})
		if err != nil {
			return err
		}
		progress(min((first+n)*tile.Size, m.In.Size()), m.In.Size())
	}
	return nil
}

// tile copies tile i into f by way of buf and reads it back into back; it reports whether
// it is all zeros, of which back may know nothing.
func (m *Pair) tile(f *os.File, i int64, buf, back []byte) (zero bool, err error) {
	hole, err := redacted(m.Plan, m.In, i, buf)
	if err != nil {
		return false, err
	}
	if !hole {
		if err := put(f, buf, i*tile.Size); err != nil {
			return false, err
		}
	}
	return m.check(i, buf, back)
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
