package score

import (
	"bufio"
	"bytes"
	"io"
	"os"
)

// differ calls at for each offset where the files a and b, which have one
// length, differ.
func differ(a, b string, at func(off int64)) error {
	f, err := os.Open(a)
	if err != nil {
		return err
	}
	defer f.Close()
	g, err := os.Open(b)
	if err != nil {
		return err
	}
	defer g.Close()
	const chunk = 1 << 18
	x, y := bufio.NewReaderSize(f, chunk), bufio.NewReaderSize(g, chunk)
	p, q := make([]byte, chunk), make([]byte, chunk)
	for base := int64(0); ; base += chunk {
		n, err := io.ReadFull(x, p)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return err
		}
		if _, err := io.ReadFull(y, q[:n]); err != nil {
			return err
		}
		if !bytes.Equal(p[:n], q[:n]) {
			for i := range n {
				if p[i] != q[i] {
					at(base + int64(i))
				}
			}
		}
		if n < chunk {
			return nil
		}
	}
}
