package kernel

// Run is a number of characters in a row, of one byte each or of two: those of UTF-16LE, of which the
// second is zero.
type Run int

// The runs that [Runs] finds.
const (
	Three Run = iota
	Twenty
	WideThree
	WideTwenty
	runCount
)

// runSteps say how a run is put together: where n characters begin, and n more behind so many bytes, 2n begin.
var runSteps = [runCount][]uint{{1, 1}, {1, 2, 4, 8, 4}, {2, 2}, {2, 4, 8, 16, 8}}

// wide reports whether a character has two bytes.
func (r Run) wide() bool { return r >= WideThree }

// Runs marks the bytes at which a run of characters begins, and returns what is marked in any word. The characters
// are those in chars, a class of [Classes], and zeros tells the bytes that are zero. Both have a word more
// than dst, behind which nothing is looked at.
func Runs(dst, chars, zeros []uint64, run Run) (any uint64) {
	n := len(dst)
	chars, zeros = chars[:n+1], zeros[:n+1]
	done, any := runsSIMD(dst, chars, zeros, run)
	return any | runs(dst[done:], chars[done:], zeros[done:], run)
}

func runs(dst, chars, zeros []uint64, run Run) (any uint64) {
	for k := range dst {
		w, next := chars[k], chars[k+1]
		if run.wide() {
			w, next = w&(zeros[k]>>1|zeros[k+1]<<63), next&(zeros[k+1]>>1)
		}
		for _, n := range runSteps[run] {
			w, next = w&(w>>n|next<<(64-n)), next&(next>>n)
		}
		dst[k] = w
		any |= w
	}
	return any
}
