package search

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
)

// textUnits is how many units of kernel.PieceBytes are looked at before literals are
// searched in them.
const textUnits = 64

// textual reports whether s is text in a row, as kernel.Runs knows it.
func textual(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < ' ' || c > '~') && (c < '\t' || c > '\r') {
			return false
		}
	}
	return true
}

// textMarks fills dst with what kernel.Runs says of data[at:], 64 bytes for each word; what
// lies beyond the ends of data is no text.
func textMarks(dst []uint64, data []byte, at int) {
	for len(dst) > 0 {
		n := 0
		if at >= kernel.RunBack {
			n = min(len(dst), (len(data)-at-kernel.RunAhead)/kernel.TextBytes)
		}
		if n > 0 {
			kernel.Runs(dst[:n], data[at-kernel.RunBack:])
		} else {
			n = 1
			var p [kernel.RunBack + kernel.TextBytes + kernel.RunAhead]byte
			from := at - kernel.RunBack
			if from < len(data) {
				copy(p[max(0, -from):], data[max(0, from):])
			}
			kernel.Runs(dst[:1], p[:])
		}
		dst, at = dst[n:], at+n*kernel.TextBytes
	}
}

// findText is find for literals that are text: in runs of kernel.RunLen characters or
// more, in which every secret that is text lies.
func (l *literals) findText(data []byte, lo, hi int, hit func(pos int, lit *literal)) {
	if len(l.all) == 0 {
		return
	}
	const unit = kernel.PieceBytes
	end := min(hi+l.longest, len(data))
	inRun := func(pos int, lit *literal) {
		width := 1
		if lit.wide {
			width = 2
		}
		if runAround(data, pos, pos+len(lit.text), width) {
			hit(pos, lit)
		}
	}
	var text [2*textUnits + 1]uint64
	var marks [textUnits]uint64
	for i := max(lo-1, 0) &^ 1; i < end; i += textUnits * unit {
		n := min(textUnits, (end-i+unit-1)/unit)
		textMarks(text[:2*n+1], data, i)
		for k := 0; k < n; {
			if text[2*k]|text[2*k+1] == 0 {
				k++
				continue
			}
			from := k
			for k < n && text[2*k]|text[2*k+1] != 0 {
				k++
			}
			l.mark(marks[from:k], data, i+from*unit)
			for ; from < k; from++ {
				for m := marks[from]; m != 0; m &= m - 1 {
					at := 2 * bits.TrailingZeros64(m)
					// A literal may begin one byte behind its piece.
					w := text[2*from+at>>6]>>(at&63) | text[2*from+(at+1)>>6]>>((at+1)&63)
					if at += i + from*unit; w&1 != 0 && at < end {
						l.compare(data, at, kernel.Hash(l.piece(data, at)), lo, hi, inRun)
					}
				}
			}
		}
	}
}

// runAround reports whether the text [start, end) of data, of characters of width bytes, is
// part of kernel.RunLen of them in a row.
func runAround(data []byte, start, end, width int) bool {
	is := func(i int) bool {
		return i >= 0 && i+width <= len(data) && textual(string(data[i:i+1])) && (width == 1 || data[i+1] == 0)
	}
	n := (end - start) / width
	for i := start - width; n < kernel.RunLen && is(i); i -= width {
		n++
	}
	for ; n < kernel.RunLen && is(end); end += width {
		n++
	}
	return n >= kernel.RunLen
}

// mark fills marks with what the filter says of the pieces from i on.
func (l *literals) mark(marks []uint64, data []byte, i int) {
	n := max(0, min(len(marks), (len(data)-kernel.PieceAhead-i)/kernel.PieceBytes))
	kernel.Pieces(marks[:n], data[min(i, len(data)):], l.filter)
	for ; n < len(marks); n++ {
		var p [kernel.PieceBytes + kernel.PieceAhead]byte
		if from := i + n*kernel.PieceBytes; from < len(data) {
			copy(p[:], data[from:])
		}
		kernel.Pieces(marks[n:n+1], p[:], l.filter)
	}
}

// piece returns the piece at data[i:], zeros beyond the end.
func (l *literals) piece(data []byte, i int) uint32 {
	if i+pieceLen <= len(data) {
		return binary.LittleEndian.Uint32(data[i:])
	}
	var p [pieceLen]byte
	copy(p[:], data[i:])
	return binary.LittleEndian.Uint32(p[:])
}
