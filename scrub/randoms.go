package scrub

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// maxRandoms bounds the randoms of connections that are kept for the second pass.
const maxRandoms = 1 << 13

// randoms collects those of TLS 1.2 connections. When there are too many, the sure ones
// at the lowest addresses stay, whatever order they were found in.
type randoms struct {
	list []probe.Randoms
	cut  bool // there were too many that are sure
}

func (r *randoms) add(x probe.Randoms) {
	r.list = append(r.list, x)
	if len(r.list) >= 2*maxRandoms {
		r.prune()
	}
}

func (r *randoms) merge(o *randoms) {
	r.list = append(r.list, o.list...)
	r.cut = r.cut || o.cut
	r.prune()
}

// sorted returns them by address.
func (r *randoms) sorted() []probe.Randoms {
	r.prune()
	out := slices.Clone(r.list)
	slices.SortStableFunc(out, func(a, b probe.Randoms) int { return cmp.Compare(a.Addr, b.Addr) })
	return out
}

func (r *randoms) prune() {
	slices.SortFunc(r.list, compareRandoms)
	r.list = slices.Compact(r.list)
	if len(r.list) > maxRandoms {
		r.cut = r.cut || r.list[maxRandoms].Sure
		clear(r.list[maxRandoms:])
		r.list = r.list[:maxRandoms]
	}
}

func compareRandoms(a, b probe.Randoms) int {
	return cmp.Or(
		b2i(b.Sure)-b2i(a.Sure), cmp.Compare(a.Addr, b.Addr),
		bytes.Compare(a.Server[:], b.Server[:]), bytes.Compare(a.Client[:], b.Client[:]),
	)
}
