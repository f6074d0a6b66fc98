package rule

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/tokens/validate"
)

// builder turns a file into a set.
type builder struct {
	file    *file
	options Options
	set     *Set
	codes   map[string]*code // by id as written
	global  []allowlist
	// compiled are the allowlists of all rules.
	compiled []allowlist
	perRule  map[string][]allowlist
}

// headerReach is how many characters before a match a string may begin and still
// have its length word seen, with that word's own bytes.
const headerReach = 256 + 48

// staleReach is how far behind a match the end of its run is looked for.
const staleReach = 16

func (b *builder) build() error {
	if err := b.allowlists(); err != nil {
		return err
	}
	if strings.TrimSpace(b.file.Prefilter) != "" {
		b.warn("prefilter: not evaluated; it is about names of files")
	}
	var err error
	if b.compiled, err = compileAllows(b.global); err != nil {
		return err
	}
	for i := range b.file.Rules {
		d := &b.file.Rules[i]
		if d.Regex == "" {
			if d.Path == "" {
				return fmt.Errorf("rule %q has neither a regex nor a path", d.ID)
			}
			b.set.Ignored = append(b.set.Ignored, d.ID)
			continue
		}
		if err := b.add(d); err != nil {
			return fmt.Errorf("rule %q: %w", d.ID, err)
		}
	}
	for i := range b.file.Rules {
		if err := b.require(&b.file.Rules[i]); err != nil {
			return err
		}
	}
	// What a rule requires decides what it finds.
	for _, r := range b.set.Rules {
		r.describe()
	}
	return nil
}

func (b *builder) warn(format string, args ...any) {
	b.set.Warnings = append(b.set.Warnings, fmt.Sprintf(format, args...))
}

// allowlists sorts the global allowlists into those for all and those for some rules.
func (b *builder) allowlists() error {
	b.perRule = map[string][]allowlist{}
	for _, d := range b.file.Allowlists {
		a := allowlist{allowDefinition: d}
		if len(d.TargetRules) == 0 {
			b.global = append(b.global, a)
		}
		for _, id := range d.TargetRules {
			if !slices.ContainsFunc(b.file.Rules, func(r definition) bool { return r.ID == id }) {
				return fmt.Errorf("[[allowlists]]: target rule %q does not exist", id)
			}
			b.perRule[id] = append(b.perRule[id], a)
		}
	}
	return nil
}

// runSuffix is what the id of the second detector of a rule adds to the rule's.
const runSuffix = "-run"

// add compiles a rule. One of which some alternatives have an anchor and others
// have none becomes two detectors.
func (b *builder) add(d *definition) error {
	tree, err := syntax.Parse(d.Regex, syntax.Perl)
	if err != nil {
		return err
	}
	body, e := strip(tree)
	with, without := body, (*syntax.Regexp)(nil)
	a := anchorsOf(body)
	if !a.found && d.SecretGroup == 0 {
		if with, without = split(body); with == nil {
			with, without = body, nil
		} else {
			a = anchorsOf(with)
		}
	}
	r, err := b.rule(d, with, a, e)
	if err != nil {
		return err
	}
	b.set.Rules = append(b.set.Rules, r)
	b.codes[d.ID] = r.code()
	if without == nil {
		return nil
	}
	second, err := b.rule(d, without, anchorsOf(without), e)
	if err != nil {
		return err
	}
	second.ID += runSuffix
	second.Examples, second.Counterexamples = nil, nil
	b.set.Rules = append(b.set.Rules, second)
	return nil
}

// anchorage is what the anchors of a pattern are taken from.
type anchorage struct {
	es []element
	required
	found bool
}

func anchorsOf(body *syntax.Regexp) anchorage {
	a := anchorage{es: elements(body)}
	a.required, a.found = anchors(a.es)
	return a
}

// split parts the alternatives of a pattern into those that have an anchor and
// those that have none; both are nil when it has no alternatives of both kinds.
func split(body *syntax.Regexp) (with, without *syntax.Regexp) {
	switch body.Op {
	case syntax.OpCapture:
		if with, without = split(body.Sub[0]); with != nil {
			with, without = capture(body, with), capture(body, without)
		}
	case syntax.OpAlternate:
		var a, o []*syntax.Regexp
		for _, s := range body.Sub {
			if _, found := anchors(elements(s)); found {
				a = append(a, s)
			} else {
				o = append(o, s)
			}
		}
		if len(a) > 0 && len(o) > 0 {
			return &syntax.Regexp{Op: syntax.OpAlternate, Sub: a}, &syntax.Regexp{Op: syntax.OpAlternate, Sub: o}
		}
	}
	return with, without
}

// rule compiles one rule of which body is what remains of the pattern.
func (b *builder) rule(d *definition, body *syntax.Regexp, a anchorage, e edges) (*Rule, error) {
	if d.SecretGroup < 0 || d.SecretGroup > body.MaxCap() {
		return nil, fmt.Errorf("secretGroup %d: the regex has %d groups", d.SecretGroup, body.MaxCap())
	}
	r := &Rule{
		ID: b.options.Prefix + d.ID, Kind: d.Kind, Description: d.Description, Tags: d.Tags, Hidden: d.SkipReport,
		Examples: d.Examples, Counterexamples: d.Counterexamples, Confidence: probe.Likely,
	}
	if r.Kind == "" {
		r.Kind = d.ID
	}
	c := &code{kind: r.Kind, entropy: d.Entropy, group: d.SecretGroup, digits: strings.HasPrefix(d.ID, "generic")}
	r.ready.Store(c)
	switch d.Confidence {
	case "", "likely":
	case "possible":
		r.Confidence = probe.Possible
	default:
		return nil, fmt.Errorf("confidence %q: want likely or possible", d.Confidence)
	}
	if d.Validator != "" {
		if c.validate = validate.Lookup(d.Validator); c.validate == nil {
			return nil, fmt.Errorf("there is no validator %q", d.Validator)
		}
	}
	c.letters = alphabet(body, d.SecretGroup).without(e.closers)
	c.leftLetters = c.letters
	context := hasContext(body, d.SecretGroup)
	if context {
		c.leftLetters = classOf(wordCharacters)
	}
	es, req, found := a.es, a.required, a.found
	if least, _ := span(es); least == 0 {
		return nil, fmt.Errorf("the regex matches the empty text")
	}
	if !found && b.options.Strict {
		return nil, fmt.Errorf("no literal of %d characters stands in every match", minAnchor)
	}
	whole := chanceOf(body, edges{}, c.letters, c.entropy)
	r.Chance = chanceOf(body, e, c.letters, c.entropy)
	r.Glue = d.Glue != nil && *d.Glue || d.Glue == nil && !context && glues(es, req, found, whole)
	if !r.Glue {
		c.open = d.Glue == nil && !context && found && max(whole.Worst(), whole.URL) < glueChance
		c.edges = e
		if d.Glue != nil || len(d.Examples) > 0 {
			// Rules in the extended form state no borders: they have them unless
			// they glue.
			c.left, c.right = c.left || !context, true
			r.Chance = chanceOf(body, c.edges, c.letters, c.entropy)
		}
		if c.open && req.exact && req.first == 0 {
			c.left = false // what chance never makes and says where it begins needs no border there either
		}
	} else {
		c.lead, c.leadMax = e.lead, e.leadMax
		r.Chance = whole
	}
	if r.Chance.Worst() > MaxChance {
		r.Confidence = probe.Possible
	}
	c.confidence = r.Confidence
	c.musts = sync.OnceValue(func() []must { return musts(body) })
	c.lines = newlines(body)
	c.place(es, req, found)
	r.Filters = !found
	c.keywords = gate(d.Keywords, req, found)
	var err error
	if c.allows, err = compileAllows(concatAllows(d.Allowlists, b.perRule[d.ID])); err != nil {
		return nil, err
	}
	c.allows = append(c.allows, b.compiled...)
	filter := either(d.Filter, b.file.Filter)
	var unknown []string
	if c.filters, unknown, err = parseFilters(filter); err != nil {
		return nil, fmt.Errorf("filter: %w", err)
	}
	if len(unknown) > 0 {
		b.warn("rule %q: filter: not evaluated: %s", d.ID, strings.Join(unknown, ", "))
	}
	if d.Path != "" {
		b.warn("rule %q: path is ignored: a dump has no files", d.ID)
	}
	// Most patterns are never needed, and compiling all takes longer than a small
	// dump does. Parsing has said that this one compiles.
	c.regexp = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(source(body, c)) })
	c.bare = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(begin(c) + "(" + body.String() + ")") })
	c.exact = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\A(` + body.String() + `)\z`) })
	c.least, c.most = span(es)
	c.pattern = d.Regex
	c.digest = func() string {
		return revise(c.pattern, c.filter, d.Entropy, d.SecretGroup, d.Allowlists, b.perRule[d.ID], b.file.Allowlists, filter, r.Confidence, d.Validator, c.keywords, c.edges)
	}
	return r, nil
}

const wordCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"

// hasContext reports whether a pattern has more than its secret.
func hasContext(body *syntax.Regexp, group int) bool {
	return body.Op != syntax.OpCapture && findCapture(body, max(group, 1)) != nil
}

// gate returns the keywords of which one must stand near a match: none when the
// anchors imply one.
func gate(keywords []string, req required, found bool) []string {
	if len(keywords) == 0 {
		return nil
	}
	low := make([]string, len(keywords))
	for i, k := range keywords {
		low[i] = strings.ToLower(k)
	}
	if !found {
		return low
	}
	for _, s := range req.texts {
		s = strings.ToLower(s)
		if !slices.ContainsFunc(low, func(k string) bool { return strings.Contains(s, k) }) {
			return low
		}
	}
	return nil
}

// require resolves the rules that d requires.
func (b *builder) require(d *definition) error {
	for _, q := range d.Required {
		other := b.codes[q.ID]
		if other == nil {
			return fmt.Errorf("rule %q: required rule %q does not exist", d.ID, q.ID)
		}
		near := RequiredReach
		switch {
		case q.WithinColumns != nil && q.WithinLines == nil:
			near = *q.WithinColumns
		case q.WithinLines != nil:
			near = (*q.WithinLines + 1) * LineLen
		}
		near = min(max(near, 1), maxMatch)
		c := b.codes[d.ID]
		if c == nil {
			continue
		}
		c.partners = append(c.partners, partner{other, near})
		c.requires = append(c.requires, fmt.Sprintf("%s %d %s", q.ID, near, other.pattern))
		c.before, c.after = max(c.before, near+KeywordReach), max(c.after, near+KeywordReach)
	}
	return nil
}
