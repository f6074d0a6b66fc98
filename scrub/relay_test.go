package scrub

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"testing"
	"time"
)

// A tile that is far ahead has no room before the one that it shares a berth with
// is digested, even if nobody has asked for that one's room yet.
func TestRelayKeepsRoomForTheNext(t *testing.T) {
	h := sha256.New()
	r := newRelay(h, 1+ahead+1, 1)
	defer r.close()
	far := int64(len(r.berths))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := r.room(ctx, far); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("tile %d has room before tile 0: %v", far, err)
	}
	want := sha256.New()
	for i := range far + 1 {
		buf, err := r.room(t.Context(), i)
		if err != nil {
			t.Fatal(err)
		}
		fillTile(buf[:100], i)
		want.Write(buf[:100])
		r.put(i, piece{buf: buf, n: 100})
	}
	if got, err := r.sum(); err != nil || !bytes.Equal(got, want.Sum(nil)) {
		t.Errorf("another digest, %v", err)
	}
}
