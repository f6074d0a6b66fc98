package sights

import (
	"bytes"
	"cmp"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// maxGlued bounds the tokens without an end that are kept for the second pass.
const maxGlued = 1 << 16

// gluedTokens are tokens without an end, by all that decides what is found of them. Those at the
// lowest addresses stay.
var gluedTokens = bound[probe.Glued]{
	most: maxGlued,
	compare: func(a, b *probe.Glued) int {
		return cmp.Or(
			cmp.Compare(a.Addr, b.Addr), cmp.Compare(a.Detector, b.Detector), cmp.Compare(a.Max, b.Max),
			cmp.Compare(a.Min, b.Min), cmp.Compare(a.Secret, b.Secret), falseFirst(a.Lead, b.Lead),
		)
	},
}

// maxRandoms bounds the randoms of connections that are kept for the second pass.
const maxRandoms = 1 << 13

// connections are randoms of TLS 1.2 connections. The sure ones at the lowest addresses stay.
var connections = bound[probe.Randoms]{
	most: maxRandoms,
	compare: func(a, b *probe.Randoms) int {
		return cmp.Or(
			falseFirst(b.Sure, a.Sure), cmp.Compare(a.Addr, b.Addr),
			bytes.Compare(a.Server[:], b.Server[:]), bytes.Compare(a.Client[:], b.Client[:]),
		)
	},
	forget: func(r *probe.Randoms) bool { return r.Sure },
}

// falseFirst orders booleans.
func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
