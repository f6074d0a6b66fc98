package mirror

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/dumpscrub/dumpscrub/formats/container"
)

// Extend gives f its size in bytes: until they are written they are a hole.
func Extend(f *os.File, size int64) error {
	if err := f.Truncate(size); err != nil {
		return fmt.Errorf("writing the output: %w", err)
	}
	return nil
}

// page is the unit in which zeros are left out, in bytes: the block size of the
// usual file systems.
const page = 4096

var zeroPage [page]byte

// put writes p, the bytes of the copy from off on, and leaves zero pages out, so that the copy is at
// least as sparse as its source.
func put(f *os.File, p []byte, off int64) error {
	for len(p) > 0 {
		skip := 0
		for skip < len(p) && bytes.Equal(p[skip:min(skip+page, len(p))], zeroPage[:min(page, len(p)-skip)]) {
			skip += min(page, len(p)-skip)
		}
		p, off = p[skip:], off+int64(skip)
		n := 0
		for n < len(p) && !bytes.Equal(p[n:min(n+page, len(p))], zeroPage[:min(page, len(p)-n)]) {
			n += min(page, len(p)-n)
		}
		if n == 0 {
			continue
		}
		if _, err := f.WriteAt(p[:n], off); err != nil {
			return fmt.Errorf("writing the output: %w", err)
		}
		p, off = p[n:], off+int64(n)
	}
	return nil
}

// packer puts the containers of the input around the copy again. Tiles must come
// in order.
type packer struct {
	w      io.Writer
	layers []io.WriteCloser // outermost first
}

func newPacker(w io.Writer, kinds []container.Kind) (*packer, error) {
	p := &packer{w: w}
	for _, k := range kinds {
		c, err := container.NewWriter(k, p.w)
		if err != nil {
			return nil, err
		}
		p.layers = append(p.layers, c)
		p.w = c
	}
	return p, nil
}

func (p *packer) put(b []byte) error {
	if _, err := p.w.Write(b); err != nil {
		return fmt.Errorf("packing the output: %w", err)
	}
	return nil
}

// finish is called once, after the last tile.
func (p *packer) finish() error {
	var err error
	for i := len(p.layers) - 1; i >= 0; i-- {
		err = errors.Join(err, p.layers[i].Close())
	}
	if err != nil {
		return fmt.Errorf("packing the output: %w", err)
	}
	return nil
}
