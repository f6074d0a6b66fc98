package sweep

const (
	minValue = 16          // a shorter value may occur by chance
	maxValue = 1 << 16 / 3 // a piece of a value, so that its text stays within MaxForm
)

// Plausible reports whether v is random enough to be searched for: the pattern
// keys of test vectors (00 01 02 …, repeated bytes) are also the contents of
// shuffle tables and padding, and removing those would damage the dump.
func Plausible(v []byte) bool {
	if len(v) < minValue || len(v) > maxValue {
		return false
	}
	var seen [256]bool
	distinct, ramp := 0, 0
	for i, b := range v {
		if !seen[b] {
			seen[b] = true
			distinct++
		}
		if i > 1 && v[i]-v[i-1] == v[i-1]-v[i-2] {
			ramp++
		}
	}
	return distinct >= min(len(v)/2, 24) && ramp < len(v)/2
}

// densePiece is the size of the pieces, in bytes, in which a long value is
// judged: a structure that was cut off while its lengths say otherwise takes
// whatever memory follows for its own, and that memory must not be hunted for.
const densePiece = 64

// textRow is how many printable bytes in a row are text.
const textRow = 16

// denseRuns returns the runs of v, in whole pieces, that could be random: a piece
// has few zeros and is not mostly text. Values of one piece are taken as they
// are, for a passphrase is one too.
func denseRuns(v []byte) [][]byte {
	if len(v) <= densePiece {
		return [][]byte{v}
	}
	var runs [][]byte
	start := 0
	for at := 0; at < len(v); {
		end := at + densePiece
		if len(v)-end < densePiece {
			end = len(v)
		}
		if !dense(v[at:end]) {
			runs = append(runs, v[start:at])
			start = end
		}
		at = end
	}
	return append(runs, v[start:])
}

// dense reports whether p could be random bytes. Of 64 such bytes a quarter of
// one is zero on average, 24 are printable and 57 differ; seven zeros, which memory with
// pointers has, 48 printable ones or fewer than 40 different ones come up less than once in a
// hundred thousand, sixteen printable ones in a row once in a hundred million.
func dense(p []byte) bool {
	zeros, printable, distinct, row := 0, 0, 0, 0
	var seen [256]bool
	for _, b := range p {
		if !seen[b] {
			seen[b] = true
			distinct++
		}
		if b == 0 {
			zeros++
		}
		if b >= ' ' && b < 0x7f {
			printable++
			if row++; row == textRow {
				return false
			}
		} else {
			row = 0
		}
	}
	return zeros <= 6*len(p)/densePiece && printable <= 3*len(p)/4 && distinct >= 40
}
