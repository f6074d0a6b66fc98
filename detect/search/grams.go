package search

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
)

// trigrams are the 4,096 most common three characters of text in lower case, 32 a line, the most
// common first. They were counted over 60 MB of documentation, sources of several languages
// and the text in libraries, one as much as the other; nothing but speed depends on them. A space,
// a tab, and what lower case makes of another character, count as one: * is a line feed too.
//
//go:embed trigrams.txt
var trigrams string

// commonGrams are the trigrams as numbers, and ranks their places.
var commonGrams = sync.OnceValues(func() (grams []uint32, ranks map[uint32]int) {
	ranks = map[uint32]int{}
	for line := range strings.Lines(trigrams) {
		for i := 0; i+gramLen < len(line); i += gramLen {
			g, _ := gramAt(line[i:], 1)
			ranks[g] = len(grams)
			grams = append(grams, g)
		}
	}
	return grams, ranks
})

// gramRarity says how rare three characters of text in lower case are; those that are not common
// are told apart as [rarity] does.
func gramRarity(g uint32) int {
	grams, ranks := commonGrams()
	if r, ok := ranks[g]; ok {
		return r
	}
	return len(grams) + rarity(string([]byte{byte(g), byte(g >> 8), byte(g >> 16)}))
}

// chooseGrams returns the set of the pieces under the hash function, of a few, by which the
// fewest common trigrams are taken for one of them.
func chooseGrams(pieces []piece) (best *kernel.Grams) {
	const tries = 16
	common, _ := commonGrams()
	least := 0
	for n := range uint32(tries) {
		f := kernel.NewGrams(gramLen, 0x9E3779B1+n*0x3C6EF372, true)
		for _, p := range pieces {
			f.Add(p.value & gramMask)
		}
		cost := 0
		for rank, g := range common {
			if f.Has(g) {
				cost += 1 << 20 / (rank + 24) // about how often it is met
			}
		}
		if best == nil || cost < least {
			best, least = f, cost
		}
		if len(pieces) == 0 {
			break
		}
	}
	return best
}
