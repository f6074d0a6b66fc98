package dump

import (
	"io"
	"slices"
)

// Span is file bytes: Len of them from Off on.
type Span struct {
	Off int64 `json:"offset"`
	Len int64 `json:"length"`
}

// part is a piece of a block in the file.
type part struct {
	off int64
	b   *block
	span
}

// Dump is a whole file before it is written.
type Dump struct {
	Name    string
	Size    int64
	Dropped int // secrets for which there was no place
	parts   []part
	blocks  []*block
}

// place puts the bytes s of b next in the file, at a multiple of align.
func (d *Dump) place(b *block, s span, align int64) int64 {
	off := (d.Size + align - 1) / align * align
	if s.start == s.end {
		return off
	}
	d.parts = append(d.parts, part{off, b, s})
	d.Size = off + int64(s.end-s.start)
	if !slices.Contains(d.blocks, b) {
		d.blocks = append(d.blocks, b)
	}
	return off
}

// raw puts bytes without address next in the file.
func (d *Dump) raw(p []byte, align int64) int64 {
	return d.place(&block{data: p}, span{0, len(p)}, align)
}

// whole puts all of b next in the file.
func (d *Dump) whole(b *block, align int64) int64 {
	return d.place(b, span{0, len(b.data)}, align)
}

// truncate cuts the file, whose segments lie in the order of their addresses, at
// about n bytes. Where a plant lies across n the cut
// moves behind it: what half a structure shall give is the business of the
// truncated forms.
func (d *Dump) truncate(n int64) {
	for moved := true; moved; {
		moved = false
		for _, p := range d.Plants() {
			first, last := p.Spans[0].Off, p.Spans[len(p.Spans)-1]
			if first < n && n < last.Off+last.Len {
				n, moved = last.Off+last.Len, true
			}
		}
	}
	d.Size = min(d.Size, n)
}

// WriteTo writes the file.
func (d *Dump) WriteTo(w io.Writer) (int64, error) {
	var off int64
	zeros := make([]byte, 1<<16)
	write := func(p []byte) error {
		p = p[:min(int64(len(p)), d.Size-off)]
		n, err := w.Write(p)
		off += int64(n)
		return err
	}
	for _, p := range d.parts {
		for off < min(p.off, d.Size) {
			if err := write(zeros[:min(int64(len(zeros)), p.off-off)]); err != nil {
				return off, err
			}
		}
		if err := write(p.b.data[p.start:p.end]); err != nil {
			return off, err
		}
	}
	return off, nil
}

// Planted is a plant with the file bytes it takes.
type Planted struct {
	Plant
	Spans   []Span // the whole structure, up to its extent
	Private []Span
}

// Plants returns every plant of which a private byte lies in the file, in the
// order of their blocks.
func (d *Dump) Plants() []Planted {
	var out []Planted
	for _, b := range d.blocks {
		for _, p := range b.plants {
			q := Planted{Plant: p, Spans: d.spans(b, span{p.at, p.at + p.Extent})}
			for _, r := range p.Private {
				q.Private = append(q.Private, d.spans(b, span{p.at + r.Start, p.at + r.End})...)
			}
			if len(q.Private) > 0 {
				out = append(out, q)
			}
		}
	}
	return out
}

// spans returns where the bytes s of b lie in the file.
func (d *Dump) spans(b *block, s span) []Span {
	var out []Span
	for _, p := range d.parts {
		lo, hi := max(s.start, p.start), min(s.end, p.end)
		if p.b != b || lo >= hi {
			continue
		}
		off := p.off + int64(lo-p.start)
		if n := min(int64(hi-lo), d.Size-off); n > 0 {
			out = append(out, Span{off, n})
		}
	}
	return out
}
