package scrub

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/container"
	"github.com/dumpscrub/dumpscrub/scrub/mirror"
	"github.com/dumpscrub/dumpscrub/scrub/publish"
	"github.com/dumpscrub/dumpscrub/scrub/source"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
	"github.com/dumpscrub/dumpscrub/scrub/tile/tiletest"
)

// A copy that lost what ends its container holds all bytes of the dump and is damaged all the same.
func TestLostEndOfAContainer(t *testing.T) {
	dump := noise(100_000)
	in, err := tile.New(tiletest.Input(t, file(t, dump)))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []container.Kind{container.Gzip, container.Zstd, container.Bzip2, container.LZ4} {
		var packed bytes.Buffer
		w, err := container.NewWriter(k, &packed)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(dump); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		for _, lost := range []int{0, 1, 4, 8} {
			t.Run(fmt.Sprint(k, " without ", lost), func(t *testing.T) {
				out, err := publish.Create(filepath.Join(t.TempDir(), "out"))
				if err != nil {
					t.Fatal(err)
				}
				defer out.Close()
				if _, err := out.Write(packed.Bytes()[:packed.Len()-lost]); err != nil {
					t.Fatal(err)
				}
				j := &Job{Options: source.Options{SpoolDir: t.TempDir()}}
				_, done, err := j.readBack(out, []container.Kind{k}, in)
				if (err != nil) != (lost > 0) || err != nil && !errors.Is(err, mirror.ErrCollateral) {
					t.Errorf("error %v", err)
				}
				if err == nil {
					done()
				}
			})
		}
	}
}
