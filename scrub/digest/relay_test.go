package digest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/dumpscrub/dumpscrub/scrub/receipt"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
	"github.com/dumpscrub/dumpscrub/scrub/workers"
)

// Tiles reach a digest that has an order in that order, and one that fails or a run
// that is cancelled leaves nobody waiting.
func TestRelay(t *testing.T) {
	const count = 500
	for _, jobs := range []int{1, 2, 7} {
		for _, fails := range []int64{-1, 0, 250, count - 1} {
			r := New(receipt.SHA256, count*tile.Size, jobs)
			want := sha256.New()
			err := workers.Parallel(t.Context(), jobs, count, func(_ int, i int64) error {
				buf, err := r.Room(t.Context(), i)
				if err != nil {
					return err
				}
				if rand.N(20) == 0 {
					time.Sleep(time.Duration(rand.N(100)) * time.Microsecond)
				}
				fillTile(buf[:1000], i)
				r.Put(i, Piece{Buf: buf, N: 1000, Zero: i%10 == 3, Failed: i == fails})
				if i == fails {
					return os.ErrInvalid
				}
				return nil
			})
			if fails >= 0 {
				if !errors.Is(err, os.ErrInvalid) {
					t.Errorf("%d jobs, tile %d fails: %v", jobs, fails, err)
				}
				r.Close()
				continue
			}
			buf := make([]byte, 1000)
			for i := range int64(count) {
				if fillTile(buf, i); i%10 == 3 {
					clear(buf)
				}
				want.Write(buf)
			}
			sum, _ := r.Sum()
			if err != nil || !bytes.Equal(sum, want.Sum(nil)) {
				t.Errorf("%d jobs: other digest, %v", jobs, err)
			}
			r.Close()
		}
		ctx, cancel := context.WithCancel(t.Context())
		r := New(receipt.SHA256, count*tile.Size, jobs)
		var once sync.Once
		err := workers.Parallel(ctx, jobs, count, func(_ int, i int64) error {
			buf, err := r.Room(ctx, i)
			if err != nil {
				return err
			}
			if i == 100 {
				once.Do(cancel)
			}
			r.Put(i, Piece{Buf: buf, N: 1000})
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		r.Close()
	}
}

func fillTile(p []byte, i int64) {
	for k := range p {
		p[k] = byte(i) + byte(k)
	}
}

// A tile that is far ahead has no room before the one that it shares a berth with
// is digested, even if nobody has asked for that one's room yet.
func TestRelayKeepsRoomForTheNext(t *testing.T) {
	h := sha256.New()
	r := newRelay(h, 1+ahead+1, 1)
	defer r.Close()
	far := int64(len(r.berths))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := r.Room(ctx, far); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("tile %d has room before tile 0: %v", far, err)
	}
	want := sha256.New()
	for i := range far + 1 {
		buf, err := r.Room(t.Context(), i)
		if err != nil {
			t.Fatal(err)
		}
		binary.LittleEndian.PutUint64(buf, uint64(i))
		want.Write(buf[:100])
		r.Put(i, Piece{Buf: buf, N: 100})
	}
	if got, err := r.Sum(); err != nil || !bytes.Equal(got, want.Sum(nil)) {
		t.Errorf("another digest, %v", err)
	}
}
