package rule

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// file is a rule file as it is written. Names match in either case.
type file struct {
	MinVersion string
	Filter     string // betterleaks: applies to every rule
	Prefilter  string // betterleaks: about files
	Extend     struct {
		Path          string
		UseDefault    bool
		DisabledRules []string
	}
	Rules      []definition
	Allowlist  *allowDefinition
	Allowlists []allowDefinition
}

// definition is one rule as it is written.
type definition struct {
	ID          string
	Description string
	Regex       string
	Path        string
	SecretGroup int
	Entropy     float64
	Keywords    []string
	Tags        []string
	SkipReport  bool
	Allowlist   *allowDefinition
	Allowlists  []allowDefinition
	Required    []requirement
	Filter      string
	Validate    any // betterleaks: asks the provider, which this program never does

	// The keys that only this program knows.
	Kind            string
	Confidence      string
	Validator       string
	Glue            *bool
	Examples        []string
	Counterexamples []string
}

// requirement is another rule that must match nearby.
type requirement struct {
	ID            string
	WithinLines   *int
	WithinColumns *int
}

// allowDefinition is an allowlist as it is written.
type allowDefinition struct {
	Condition   string
	Commits     []string
	Paths       []string
	RegexTarget string
	Regexes     []string
	StopWords   []string
	TargetRules []string
}

// maxExtend is how many files deep rule files may extend each other.
const maxExtend = 2

// readFile decodes a rule file and what it extends.
func readFile(data []byte, o Options, depth int) (*file, []string, error) {
	var f file
	if _, err := toml.Decode(string(data), &f); err != nil {
		// The decoder's errors quote the text, which of a file that was named by
		// mistake may be a secret.
		var syntax toml.ParseError
		if errors.As(err, &syntax) {
			err = fmt.Errorf("no TOML, or not of rules, in line %d", syntax.Position.Line)
		}
		return nil, nil, err
	}
	if f.Allowlist != nil {
		if len(f.Allowlists) > 0 {
			return nil, nil, fmt.Errorf("[allowlist] and [[allowlists]] exclude each other")
		}
		f.Allowlists = append(f.Allowlists, *f.Allowlist)
	}
	seen := map[string]bool{}
	for i := range f.Rules {
		r := &f.Rules[i]
		switch {
		case r.ID == "":
			return nil, nil, fmt.Errorf("rule %d has no id", i+1)
		case seen[r.ID]:
			return nil, nil, fmt.Errorf("rule %q stands there twice", r.ID)
		}
		seen[r.ID] = true
		if r.Allowlist != nil {
			if len(r.Allowlists) > 0 {
				return nil, nil, fmt.Errorf("rule %q: [rules.allowlist] and [[rules.allowlists]] exclude each other", r.ID)
			}
			r.Allowlists = append(r.Allowlists, *r.Allowlist)
		}
	}
	warnings, err := f.extend(o, depth)
	return &f, warnings, err
}

// extend merges the file that f extends into f.
func (f *file) extend(o Options, depth int) ([]string, error) {
	var data []byte
	var err error
	switch e := f.Extend; {
	case e.UseDefault && e.Path != "":
		return nil, fmt.Errorf("extend: path and useDefault exclude each other")
	case depth >= maxExtend && (e.UseDefault || e.Path != ""):
		return []string{fmt.Sprintf("extend is followed %d files deep only", maxExtend)}, nil
	case e.UseDefault:
		data = o.Default
	case e.Path != "":
		if o.Read == nil {
			return nil, fmt.Errorf("extend: other files cannot be read here")
		}
		if data, err = o.Read(e.Path); err != nil {
			return nil, fmt.Errorf("extend: %w", err)
		}
	default:
		return nil, nil
	}
	base, warnings, err := readFile(data, o, depth+1)
	if err != nil {
		return nil, fmt.Errorf("extended file: %w", err)
	}
	if e := &f.Extend; e.UseDefault {
		return append(warnings, f.change(base)...), nil
	}
	return append(warnings, f.merge(base)...), nil
}

// change fills in what f leaves open in the rules that the default catalogue has
// too. The catalogue's other rules are not added: they are built in and run anyway.
func (f *file) change(base *file) (warnings []string) {
	for _, b := range base.Rules {
		if i := slices.IndexFunc(f.Rules, func(r definition) bool { return r.ID == b.ID }); i >= 0 {
			f.Rules[i].inherit(b)
		}
	}
	f.Rules = slices.DeleteFunc(f.Rules, func(r definition) bool {
		if r.Regex != "" || r.Path != "" {
			return false
		}
		warnings = append(warnings, fmt.Sprintf("rule %q changes a rule that is not in the default catalogue, and has no regex", r.ID))
		return true
	})
	for _, id := range f.Extend.DisabledRules {
		warnings = append(warnings, fmt.Sprintf("disabled rule %q: built-in detectors are never disabled", id))
	}
	return warnings
}

// merge adds the rules of base that f does not disable; where both have a rule,
// what f states replaces what base states, and lists are joined.
func (f *file) merge(base *file) (warnings []string) {
	disabled := map[string]bool{}
	for _, id := range f.Extend.DisabledRules {
		disabled[id] = true
	}
	own := map[string]*definition{}
	for i := range f.Rules {
		own[f.Rules[i].ID] = &f.Rules[i]
	}
	var added []definition
	for _, b := range base.Rules {
		if disabled[b.ID] {
			delete(disabled, b.ID)
			continue
		}
		if r := own[b.ID]; r != nil {
			r.inherit(b)
			continue
		}
		added = append(added, b)
	}
	for _, id := range f.Extend.DisabledRules {
		if disabled[id] {
			warnings = append(warnings, fmt.Sprintf("disabled rule %q is not in the extended file", id))
			delete(disabled, id)
		}
	}
	f.Rules = append(f.Rules, added...)
	f.Allowlists = append(f.Allowlists, base.Allowlists...)
	f.Filter = either(f.Filter, base.Filter)
	return warnings
}

// inherit fills in what r leaves open from the rule b of the same id.
func (r *definition) inherit(b definition) {
	set := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	set(&r.Description, b.Description)
	set(&r.Path, b.Path)
	set(&r.Kind, b.Kind)
	set(&r.Confidence, b.Confidence)
	set(&r.Validator, b.Validator)
	if r.Regex == "" {
		r.Regex, r.Examples, r.Counterexamples = b.Regex, append(r.Examples, b.Examples...), append(r.Counterexamples, b.Counterexamples...)
	}
	if r.SecretGroup == 0 {
		r.SecretGroup = b.SecretGroup
	}
	if r.Entropy == 0 {
		r.Entropy = b.Entropy
	}
	if r.Glue == nil {
		r.Glue = b.Glue
	}
	r.Keywords = append(r.Keywords, b.Keywords...)
	r.Tags = append(r.Tags, b.Tags...)
	r.Allowlists = append(r.Allowlists, b.Allowlists...)
	r.Required = append(r.Required, b.Required...)
	r.Filter = either(r.Filter, b.Filter)
}

// either joins two filter expressions, of which one suffices to discard. A
// definition ("let") cannot stand inside brackets, so such an expression goes last.
func either(a, b string) string {
	switch {
	case strings.TrimSpace(a) == "":
		return b
	case strings.TrimSpace(b) == "":
		return a
	case strings.Contains(a, "let "):
		a, b = b, a
	}
	if strings.Contains(b, "let ") {
		return a + filterSeparator + b
	}
	return "(" + a + ") || (" + b + ")"
}

// filterSeparator stands between expressions that are parsed each for itself.
const filterSeparator = "\x00"
