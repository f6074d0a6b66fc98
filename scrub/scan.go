package scrub

import (
	"context"
	"fmt"
	"hash/maphash"
	"iter"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/known"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/allow"
	"github.com/dumpscrub/dumpscrub/scrub/memory"
	"github.com/dumpscrub/dumpscrub/scrub/policy"
	"github.com/dumpscrub/dumpscrub/scrub/reel"
	"github.com/dumpscrub/dumpscrub/scrub/source"
	"github.com/dumpscrub/dumpscrub/scrub/spill"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
	"github.com/dumpscrub/dumpscrub/scrub/terms"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// Config is how a run does its work. None of it changes what is found.
type Config struct {
	Disk     *spill.Disk                          // for what does not fit into memory; nil has memory for all
	Jobs     int                                  // workers; 0 means one
	Chunk    int                                  // bytes a worker examines at a time; 0 means the default
	Progress func(step string, done, total int64) // may be nil; called from one goroutine at a time
}

const defaultChunk = 512 << 10

func (c Config) jobs() int { return max(1, c.Jobs) }

// reel returns what shows t to examiners, without its reach and what examines.
func (c Config) reel(t *tile.Tiles, l *layout.Layout, step string) *reel.Reel {
	chunk := int64(c.Chunk)
	if chunk <= 0 {
		chunk = defaultChunk
	}
	return &reel.Reel{
		Tiles: t, Layout: l, Jobs: c.jobs(), Chunk: chunk,
		Progress: func(done, total int64) { c.progress(step, done, total) },
	}
}

func (c Config) progress(step string, done, total int64) {
	if c.Progress != nil {
		c.Progress(step, done, total)
	}
}

// Depth says how hard to look.
type Depth uint8

// The depths. Fast runs the detectors; Deep also hunts for every encoding of
// every value that they found.
const (
	Fast Depth = iota
	Deep
)

// String returns the name that the command line uses.
func (d Depth) String() string {
	if d == Deep {
		return "deep"
	}
	return "fast"
}

// Settings is what a run looks for and what it does about it.
type Settings struct {
	Detectors []probe.Detector
	Policy    policy.Policy
	Depth     Depth
	TagKey    []byte // see tagger; nil numbers the secrets
	// Deep are further detectors, for deep runs. What they find of public keys saves
	// repetitions of the second pass.
	Deep []probe.Detector
	// Harvesters find the public keys that the second pass proves against.
	Harvesters []probe.Detector
	// Provers returns the detectors of the second pass; nil for none.
	Provers func(probe.Facts) []probe.Detector
	// Hunt are public keys, SPKI DER, whose private halves are looked for whether
	// or not the dump holds the public ones; with any, every scan is a deep one.
	Hunt [][]byte
	// Known are exact secrets, each of which passes [known.Check], to be found in
	// every encoding whatever the depth. They are no part of the catalogue of
	// detectors that reports digest.
	Known []known.Value
	// Allow keeps findings in place; nil keeps none.
	Allow *allow.Rules
	Wipe  policy.Wipe // what is removed whatever it holds
	macs  bool        // remember what allowlists call the secrets
	Config
}

// first returns the detectors of the first pass.
func (s *Settings) first() []probe.Detector {
	ds := slices.Concat(s.Detectors, known.New(s.Known))
	if s.hunting() {
		ds = append(ds, s.Deep...)
	}
	return ds
}

// hunting reports whether there is more to do than to run the detectors once.
func (s *Settings) hunting() bool { return s.Depth == Deep || len(s.Hunt) > 0 }

// Result is what a scan found. It holds no byte of a secret but for what the
// hunt needs, in memory that Close wipes.
type Result struct {
	Findings *spill.List[Finding] // by offset
	Secrets  *spill.List[Secret]  // by ordinal
	Wiped    []Wiped              // what goes without having been found
	// Possible counts, by kind, what only looks random and stays.
	Possible map[string]int
	// Unhunted says that the dump holds more secret values than one hunt can
	// search for; what the detectors found is redacted all the same.
	Unhunted bool

	// PublicKeys is how many distinct public keys the proofs could be tried
	// against, Untried how many of them were too many.
	PublicKeys, Untried int

	disk   *spill.Disk
	tiles  *tile.Tiles
	set    *sweep.Set
	wholes *terms.Search
	kept   cover               // what allowlists and test keys keep
	stands stands              // for what is hunted for in the name of another secret
	names  *names              // that Findings use
	store  *store              // what Findings refer to
	macs   map[sweep.ID]string // see Settings.macs
	tagger tagger
	proofs *spill.Sorter[Finding] // what the second pass found
	seed   maphash.Seed           // for the values that provers ask for
	facts  probe.Facts            // of the last round, for the attack on the copy

	demands    *spill.List[demand] // what has to go, before duplicates were removed
	lastDemand demand
}

func newResult(d *spill.Disk) *Result {
	res := &Result{disk: d, names: newNames(), store: newStore(d), seed: maphash.MakeSeed()}
	res.Findings, res.Secrets = spill.NewList[Finding](d), spill.NewList[Secret](d)
	res.demands = spill.NewList[demand](d)
	return res
}

// Close wipes what the hunt held.
func (res *Result) Close() error {
	res.wholes.Close()
	return res.set.Close()
}

// Redacted returns how many findings the policy removes.
func (res *Result) Redacted() int {
	n := 0
	for f := range res.Findings.All() {
		if f.Redacted {
			n++
		}
	}
	return n
}

// huntLimit bounds the memory for the forms of found values, in bytes.
const huntLimit = 64 << 20

// maxHunts bounds how often the file is searched for values when their forms do
// not fit into memory at once.
const maxHunts = 16

// maxReach bounds the context that is kept around every window, in bytes.
const maxReach = 8 << 20

// Scan examines every byte of src, which l describes, once.
func Scan(ctx context.Context, src source.Source, l *layout.Layout, set Settings) (*Result, error) {
	ds := set.first()
	if set.hunting() {
		ds = append(slices.Clone(ds), set.Harvesters...)
	}
	s, err := search.New(ds)
	if err != nil {
		return nil, fmt.Errorf("internal error: %w", err)
	}
	before, after := s.Reach()
	if before+after > maxReach {
		return nil, fmt.Errorf("internal error: detectors reach %d bytes", before+after)
	}
	t, err := tile.New(src)
	if err != nil {
		return nil, err
	}
	values, err := sweep.NewRounds(huntLimit, maxHunts)
	if err != nil {
		return nil, err
	}
	res := newResult(set.Disk)
	res.tiles, res.set = t, values
	err = res.scan(ctx, s, l, set)
	if err == nil {
		err = res.wipe(ctx, l, set.Wipe)
	}
	if err == nil {
		err = set.Disk.Err()
	}
	if err != nil {
		res.Close()
		return nil, err
	}
	return res, nil
}

func (res *Result) scan(ctx context.Context, s *search.Searcher, l *layout.Layout, set Settings) error {
	sh := res.newShared()
	sh.runs = spill.NewSorter(res.disk, res.names.compareRuns)
	res.proofs = spill.NewSorter(res.disk, res.names.before(res.store))
	all := newCollector(s, res, sh, set.hunting(), set.TagKey)
	if set.macs {
		all.macs = make(map[sweep.ID]string)
	}
	if err := res.pass(ctx, s, all, sh, l, set, "scan"); err != nil {
		return err
	}
	if set.hunting() {
		all.proven = true
		if err := res.prove(ctx, all, sh, l, set); err != nil {
			return err
		}
		all.seen.Keys(func(id sweep.ID, kind string, v []byte) { all.noted(res.set.AddKey(id, kind, v)) })
		if all.err != nil {
			return all.err
		}
	}
	sh.facts.Free()
	res.macs, res.tagger = all.macs, all.tagger
	for f := range res.proofs.All() {
		sh.raws.Add(f)
	}
	res.proofs.Free()
	raws := sh.raws.All()
	for f := range raws {
		res.demand(&f, set.Policy)
	}
	res.Possible = res.possible(sh.runs, raws)
	if set.hunting() {
		res.stands = newStands(res.set, all.terms)
	}
	res.resolve(raws, set.Policy)
	sh.raws.Free()
	res.Unhunted = all.full || all.terms.Cut()
	if set.hunting() {
		return res.hunt(ctx, l, set, all.terms)
	}
	return nil
}

// possible counts what only looks random in places that raws do not explain.
func (res *Result) possible(runs *spill.Sorter[run], raws iter.Seq[Finding]) map[string]int {
	defer runs.Free()
	if runs.Len() == 0 {
		return nil
	}
	joined := res.coverOf(raws, func(*Finding) bool { return true })
	defer joined.free()
	return res.tally(runs, joined)
}

// resolve makes the findings and secrets of raws, which come in order. The result is
// a function of their set, whatever order the workers found them in.
func (res *Result) resolve(raws iter.Seq[Finding], p policy.Policy) {
	fs := spill.NewList[Finding](res.disk)
	r := &resolver{names: res.names, store: res.store, stands: res.stands, yield: func(f *Finding) { fs.Append(*f) }}
	for f := range res.names.distinct(raws, res.store) {
		f.Redacted = p.Removes(f.Confidence, res.names.text(f.detector), res.names.text(f.kind)) && !f.marks.has(exempt)
		r.add(&f)
	}
	r.settle(-1)
	res.number(fs)
}

// pass runs the detectors of s over the whole file and across its seams, and adds
// what they find to all.
func (res *Result) pass(ctx context.Context, s *search.Searcher, all *collector, sh *shared, l *layout.Layout, set Settings, step string) error {
	m := memory.New(res.tiles, l)
	defer m.Close()
	cs := make([]*collector, set.jobs())
	for i := range cs {
		cs[i] = newCollector(s, res, sh, all.hunting, set.TagKey)
		if all.macs != nil {
			cs[i].macs = make(map[sweep.ID]string)
		}
		cs[i].proven, cs[i].memory = all.proven, m
		cs[i].exempt = newExemptions(&set, l)
	}
	r := set.reel(res.tiles, l, step)
	defer r.Close()
	r.Before, r.After = s.Reach()
	r.Examine = func(worker int, w reel.Window) error { return cs[worker].detect(w) }
	r.Breaks = reel.Breaks(l)
	if err := r.File(ctx); err != nil {
		return err
	}
	if err := r.Seams(ctx); err != nil {
		return err
	}
	for _, c := range cs {
		c.certain = true
	}
	if err := r.Lies(ctx); err != nil {
		return err
	}
	for _, c := range cs {
		all.merge(c)
	}
	return nil
}

// detect runs the detectors over w.
func (c *collector) detect(w reel.Window) error {
	c.s.Search(w.Search(), func(f search.Found) {
		if c.certain {
			f = borneOut(f, w.Data)
		}
		c.add(f, w.Spans(f.Redact...), w.Hull(f), w.Data)
	})
	return c.err
}
