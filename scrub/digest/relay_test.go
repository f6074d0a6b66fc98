package digest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"testing"
	"time"
)

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
