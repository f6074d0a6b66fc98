package search

import (
	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// zeroBlock is how many zeros, in one piece, are worth a filter's being called once more.
const zeroBlock = 4 << 10

// zeroRuns appends the blocks of zeros in data[lo:hi) to runs, neighbours as one, in ascending order.
func zeroRuns(runs []probe.Range, data []byte, lo, hi int) []probe.Range {
	for i := lo; i+zeroBlock <= hi; i += zeroBlock {
		p := data[i : i+zeroBlock]
		if p[0] != 0 || p[zeroBlock-1] != 0 || kernel.Zeros(p) < zeroBlock {
			continue
		}
		if n := len(runs); n > 0 && runs[n-1].End == i {
			runs[n-1].End += zeroBlock
			continue
		}
		runs = append(runs, probe.Range{Start: i, End: i + zeroBlock})
	}
	return runs
}

// shallow calls yield for the parts of [lo, hi) that are not deeper than depth in one of runs.
func shallow(runs []probe.Range, lo, hi, depth int, yield func(lo, hi int)) {
	for _, r := range runs {
		start, end := max(r.Start, lo)+depth, min(r.End, hi)-depth
		if start >= end {
			continue
		}
		yield(lo, start)
		lo = end
	}
	if lo < hi {
		yield(lo, hi)
	}
}
