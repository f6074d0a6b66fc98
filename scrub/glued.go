package scrub

import (
	"cmp"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// maxGlued bounds the tokens without an end that are kept for the second pass.
const maxGlued = 1 << 16

// gluedTokens collects tokens without an end. When there are too many those at the
// lowest addresses stay, whatever order they were found in.
type gluedTokens struct {
	list []probe.Glued
	cut  bool // there were too many
}

func (g *gluedTokens) add(x probe.Glued) {
	g.list = append(g.list, x)
	if len(g.list) >= 2*maxGlued {
		g.prune()
	}
}

func (g *gluedTokens) merge(o *gluedTokens) {
	g.list = append(g.list, o.list...)
	g.cut = g.cut || o.cut
	g.prune()
}

// sorted returns the tokens by address.
func (g *gluedTokens) sorted() []probe.Glued {
	g.prune()
	return slices.Clone(g.list)
}

func (g *gluedTokens) prune() {
	slices.SortFunc(g.list, compareGlued)
	g.list = slices.CompactFunc(g.list, func(a, b probe.Glued) bool { return compareGlued(a, b) == 0 })
	if len(g.list) > maxGlued {
		clear(g.list[maxGlued:])
		g.list, g.cut = g.list[:maxGlued], true
	}
}

// compareGlued orders tokens by all that decides what is found of them.
func compareGlued(a, b probe.Glued) int {
	return cmp.Or(
		cmp.Compare(a.Addr, b.Addr), cmp.Compare(a.Detector, b.Detector), cmp.Compare(a.Max, b.Max),
		cmp.Compare(a.Min, b.Min), cmp.Compare(a.Secret, b.Secret), b2i(a.Lead)-b2i(b.Lead),
	)
}

// glue keeps a token without an end of which the match lies at hull, if that is memory:
// nothing else can be pointed to.
func (c *collector) glue(g *probe.Glued, hull layout.Span) {
	if c.certain || c.exempt == nil || c.exempt.l == nil {
		return
	}
	i := c.exempt.l.At(hull.Off)
	if i >= len(c.exempt.l.Regions) {
		return
	}
	r := &c.exempt.l.Regions[i]
	if r.Kind != layout.Memory {
		return
	}
	x := *g
	x.Addr = r.Addr + uint64(hull.Off-r.Off)
	c.glued.add(x)
}
