package scrub

import (
	"cmp"
	"errors"
	"hash/maphash"
	"maps"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/memory"
	"github.com/dumpscrub/dumpscrub/scrub/plan"
	"github.com/dumpscrub/dumpscrub/scrub/sights"
	"github.com/dumpscrub/dumpscrub/scrub/spill"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
	"github.com/dumpscrub/dumpscrub/scrub/terms"
)

// collector turns matches into raw findings at once, while their bytes are still
// in private memory: identities become keyed names, values go to the sweep.
// Each worker has its own.
type collector struct {
	s       *search.Searcher
	set     *sweep.Set
	hunting bool

	raws   pile
	runs   *spill.Sorter[run] // what only looks random and stays; nil to take it for findings
	store  *store
	names  *names                // of this run
	macs   map[sweep.ID]string   // what allowlists call secrets; nil where nobody asks
	facts  *spill.Sorter[fact]   // sights of public keys
	spki   map[sweep.ID]ref      // where some of their SPKI are stored, by their ID
	terms  *terms.Book           // secret texts
	seen   sights.Record         // what proves secrets
	values *spill.Sorter[uint64] // private values, by their hash under seed
	seed   maphash.Seed          // of this run
	exempt *exemptions
	memory *memory.Memory // for what structures point to; nil where none can
	proven bool           // whether these are findings of the second pass
	// certain leaves out what is not, see there.
	certain bool
	tagger  tagger
	full    bool // the sweep could not take every value
	err     error
}

// shared is what the collectors of a run add to together.
type shared struct {
	raws   *spill.Sorter[Finding]
	runs   *spill.Sorter[run]
	facts  *spill.Sorter[fact]
	values *spill.Sorter[uint64]
}

func (res *Result) newShared() *shared {
	return &shared{
		raws:   spill.NewSorter(res.disk, res.names.before(res.store)),
		facts:  spill.NewSorter(res.disk, compareFacts),
		values: spill.NewSorter(res.disk, func(a, b *uint64) int { return cmp.Compare(*a, *b) }),
	}
}

func newCollector(s *search.Searcher, res *Result, sh *shared, hunting bool, tagKey []byte) *collector {
	return &collector{
		s: s, set: res.set, names: res.names, store: res.store, hunting: hunting, raws: pile{sorter: sh.raws}, runs: sh.runs,
		facts: sh.facts, spki: make(map[sweep.ID]ref), values: sh.values, terms: terms.NewBook(res.set), seed: res.seed,
		tagger: tagger{tagKey},
	}
}

// merge takes over what o collected.
func (c *collector) merge(o *collector) {
	o.raws.flush()
	maps.Copy(c.macs, o.macs)
	c.terms.Merge(o.terms)
	c.seen.Merge(&o.seen)
	c.full = c.full || o.full
}

func (c *collector) add(f search.Found, spans []layout.Span, hull layout.Span, data []byte) {
	if f.Glued != nil {
		c.glue(f.Glued, hull)
		return
	}
	if f.Randoms != nil {
		c.seen.Randoms(*f.Randoms)
		return
	}
	if f.Sealed != nil {
		c.seen.Sealed(*f.Sealed, hull.Off)
		return
	}
	var spki ref
	if len(f.SPKI) > 0 {
		spki = c.learn(f.SPKI, rankOf(f.Match), hull.Off)
	}
	if f.Public || c.certain && !certain(f.Match) {
		return
	}
	if c.memory != nil {
		for _, b := range f.Remote {
			spans = append(spans, c.memory.Spans(b.Addr, b.Len)...)
		}
	}
	if f.HMAC != 0 {
		c.seen.Signed(f.HMAC, f.Identity, hull.Off)
	}
	if f.Factor != nil && f.Factor.N == nil {
		c.seen.Factor(sweep.ID{}, f.Kind, f.Factor, hull.Off)
	}
	if len(spans) == 0 {
		return
	}
	if statistical(c.s.Spec(f.Detector).ID) {
		if !writable(c.exempt.l, spans[0].Off) {
			return
		}
		if id := c.s.Spec(f.Detector).ID; !c.exempt.policy.Removes(f.Confidence, id, f.Kind) {
			c.runs.Add(run{spans[0], c.names.of(f.Kind)})
			return
		}
	}
	identity := identityOf(f, data)
	id := c.set.ID(identity)
	detector := c.s.Spec(f.Detector).ID
	r := Finding{
		detector: c.names.of(detector), kind: c.names.of(f.Kind), encoding: c.names.of(f.Encoding),
		Confidence: f.Confidence, fill: plan.Fill{Text: f.Text, Wide: f.Text && f.Wide},
		id: id, choice: choiceOf(identity), tag: c.tagger.tag(identity), spki: spki, det: uint16(f.Detector), hull: hull,
	}
	r.setSpans(spans, c.store)
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
	c.seen.Glued(x)
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
	note := c.noted
	if f.Factor != nil && f.Factor.N != nil {
		// Where two keys share a prime the finding is of one of them.
		c.seen.Factor(c.set.ID(privkey.SPKIForRSA(f.Factor.N, f.Factor.E)), f.Kind, f.Factor, 0)
	}
	// What was cut off or only looks like a key may take other memory with it,
	// and other memory must not be hunted for.
	if f.Unhunted || f.Confidence < probe.Confirmed && !f.Text && f.Encoding != probe.Huffman {
		return
	}
	if (f.Text || f.Encoding == probe.Huffman) && !terms.Structured(&f.Match) {
		for _, text := range terms.Of(f, data) {
			// String headers may point at one long text in any number of lengths: those
			// are hunted for whole, of which there is a limit, and not in pieces.
			if len(f.Remote) == 0 || len(text) <= maxRemoteText {
				note(c.set.AddToken(id, text))
			}
			if f.Confidence == probe.Confirmed {
				for _, p := range terms.Passages(text) {
					c.terms.Note(id, p)
				}
			}
			c.terms.Note(id, text)
		}
		if terms.Textual(&f.Match) && len(f.Values) == 0 {
			return
		}
	}
	for _, v := range f.Values {
		c.values.Add(maphash.Bytes(c.seed, v))
		note(c.set.AddKey(id, f.Kind, v))
	}
	if len(f.Values) > 0 {
		return
	}
	for k, r := range f.Redact {
		if f.Encoding == probe.Huffman && k > 0 {
			break // what had to go with it
		}
		p := data[r.Start:r.End]
		if !f.Text || !f.Wide {
			note(c.set.AddLiteral(id, p, f.Text))
			continue
		}
		text := terms.Narrow(p)
		note(c.set.AddLiteral(id, text, true))
		clear(text)
	}
}

// noted keeps what came of handing a value to the sweep.
func (c *collector) noted(err error) {
	switch {
	case errors.Is(err, sweep.ErrFull):
		c.full = true
	case err != nil && c.err == nil:
		c.err = err
	}
}
