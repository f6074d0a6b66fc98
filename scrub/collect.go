package scrub

import (
	"errors"
	"hash/maphash"
	"maps"
	"math"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// collector turns matches into raw findings at once, while their bytes are still
// in private memory: identities become keyed names, values go to the sweep.
// Each worker has its own.
type collector struct {
	s       *search.Searcher
	set     *sweep.Set
	hunting bool

	raws   pile
	names  *names              // of this run
	public map[sweep.ID][]byte // SPKI DER of the secrets that have one
	macs   map[sweep.ID]string // what allowlists call secrets; nil where nobody asks
	facts  map[sweep.ID]*fact  // public keys, by the ID of their SPKI
	terms  map[sweep.ID]*term  // secret texts, by the ID of the text
	glued  gluedTokens         // tokens without an end
	hellos randoms             // of TLS 1.2 connections
	values map[uint64]bool     // private values, by their hash under seed
	seed   maphash.Seed        // of this run
	exempt *exemptions
	memory *memory // for what structures point to; nil where none can
	proven bool    // whether these are findings of the second pass
	// certain leaves out what is not, see there.
	certain bool
	tagger  *tagger
	// lastTerm is the highest term.order that is still taken, see pruneTerms.
	lastTerm uint64
	full     bool // the sweep could not take every value, or there were too many terms
	err      error
}

func newCollector(s *search.Searcher, set *sweep.Set, names *names, seed maphash.Seed, hunting bool, tagKey []byte) *collector {
	return &collector{s: s, set: set, names: names, hunting: hunting, public: make(map[sweep.ID][]byte), facts: make(map[sweep.ID]*fact), terms: make(map[sweep.ID]*term), values: make(map[uint64]bool), seed: seed, tagger: newTagger(tagKey), lastTerm: math.MaxUint64}
}

// merge takes over what o collected.
func (c *collector) merge(o *collector) {
	c.raws.take(&o.raws)
	maps.Copy(c.macs, o.macs)
	maps.Copy(c.public, o.public)
	maps.Copy(c.values, o.values)
	for id, f := range o.facts {
		c.learn(id, *f)
	}
	c.mergeTerms(o)
	c.glued.merge(&o.glued)
	c.hellos.merge(&o.hellos)
	maps.Copy(c.tagger.tags, o.tagger.tags)
	c.full = c.full || o.full
}

func (c *collector) add(f search.Found, spans []layout.Span, hull layout.Span, data []byte) {
	if f.Glued != nil {
		c.glue(f.Glued, hull)
		return
	}
	if f.Randoms != nil {
		c.hellos.add(*f.Randoms)
		return
	}
	var spki []byte
	if len(f.SPKI) > 0 {
		spki = c.learn(c.set.ID(f.SPKI), fact{spki: f.SPKI, rank: rankOf(f.Match), off: hull.Off})
	}
	if f.Public || c.certain && !certain(f.Match) {
		return
	}
	if c.memory != nil {
		for _, b := range f.Remote {
			spans = append(spans, c.memory.spans(b.Addr, b.Len)...)
		}
	}
	if len(spans) == 0 || statistical(c.s.Spec(f.Detector).ID) && !writable(c.exempt.l, spans[0].Off) {
		return
	}
	identity := identityOf(f, data)
	id := c.set.ID(identity)
	if len(f.SPKI) > 0 && c.public[id] == nil {
		c.public[id] = spki
	}
	c.tagger.see(id, identity)
	detector := c.s.Spec(f.Detector).ID
	r := Finding{
		detector: c.names.of(detector), kind: c.names.of(f.Kind), encoding: c.names.of(f.Encoding),
		Confidence: f.Confidence, fill: fill{text: f.Text, wide: f.Text && f.Wide},
		id: id, det: uint16(f.Detector), hull: hull,
	}
	r.setSpans(spans)
	if c.proven {
		r.marks |= proven
	}
	m, mac := c.exempt.judge(detector, spans, &f.Match, identity)
	r.marks |= m
	if c.macs != nil && mac != "" {
		c.macs[id] = mac
	}
	c.raws.add(r)
	if c.hunting {
		c.take(id, f, data)
	}
}

// identityOf returns what names the secret of f: what the detector says, else the
// very bytes that will be redacted.
func identityOf(f search.Found, data []byte) []byte {
	if len(f.Identity) > 0 {
		return f.Identity
	}
	var p []byte
	for _, r := range f.Redact {
		p = append(p, data[r.Start:r.End]...)
	}
	return p
}

// maxRemoteText is how long a text may be of which pieces are hunted for although
// only a string header knows its end, in characters: longer than most tokens.
const maxRemoteText = 128

// take hands the private values of f to the sweep: its numbers where the
// detector knows them, else the very bytes that will be redacted.
func (c *collector) take(id sweep.ID, f search.Found, data []byte) {
	note := func(err error) {
		switch {
		case errors.Is(err, sweep.ErrFull):
			c.full = true
		case err != nil && c.err == nil:
			c.err = err
		}
	}
	// What was cut off or only looks like a key may take other memory with it,
	// and other memory must not be hunted for.
	if f.Confidence < probe.Confirmed && !f.Text {
		return
	}
	if f.Text && !structured(&f.Match) {
		for _, text := range texts(f, data) {
			// String headers may point at one long text in any number of lengths: those
			// are hunted for whole, of which there is a limit, and not in pieces.
			if len(f.Remote) == 0 || len(text) <= maxRemoteText {
				note(c.set.AddToken(id, text))
			}
			c.note(id, text)
			if f.Confidence == probe.Confirmed {
				for _, p := range passages(text) {
					c.note(id, p)
				}
			}
		}
		if textual(&f.Match) && len(f.Values) == 0 {
			return
		}
	}
	for _, v := range f.Values {
		c.values[maphash.Bytes(c.seed, v)] = true
		note(c.set.AddKey(id, f.Kind, v))
	}
	if len(f.Values) > 0 {
		return
	}
	for _, r := range f.Redact {
		p := data[r.Start:r.End]
		if !f.Text || !f.Wide {
			note(c.set.AddLiteral(id, p, f.Text))
			continue
		}
		text := narrow(p)
		note(c.set.AddLiteral(id, text, true))
		clear(text)
	}
}

// certain reports whether m is proven by the private numbers that it holds. A
// structure that is only parsed to its end may have found that end in memory
// that has nothing to do with it.
func certain(m probe.Match) bool { return m.Confidence == probe.Confirmed && len(m.Values) > 0 }
