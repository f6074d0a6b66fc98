package score

import "time"

// Row is recall and precision of one kind in one encoding. Secrets count under
// their true labels, findings under the reported ones.
type Row struct {
	Kind     string `json:"kind"`
	Encoding string `json:"encoding"`
	// Secrets planted and redacted, complete ones and cut ones.
	Complete         int `json:"complete"`
	CompleteRedacted int `json:"complete_redacted"`
	Cut              int `json:"cut"`
	CutRedacted      int `json:"cut_redacted"`
	// Findings that touch something planted and those that do not.
	True  int `json:"true"`
	False int `json:"false"`
	// Redacted secrets whose labels some finding got right.
	KindOK       int `json:"kind_ok"`
	EncodingOK   int `json:"encoding_ok"`
	ConfidenceOK int `json:"confidence_ok"`
}

// Family is recall and cost of a family of rows.
type Family struct {
	Name             string `json:"name"`
	Complete         int    `json:"complete"`
	CompleteRedacted int    `json:"complete_redacted"`
	Cut              int    `json:"cut"`
	CutRedacted      int    `json:"cut_redacted"`
	// What a scrub of a dump takes of the processors that holds this family and nothing else, once
	// each row; none where that was not tried.
	Bytes int64         `json:"bytes"`
	Took  time.Duration `json:"took_ns"`
}

// Rate is falsely redacted bytes among all bytes of a group of dumps.
type Rate struct {
	Dumps   int   `json:"dumps"`
	Bytes   int64 `json:"bytes"`
	Changed int64 `json:"changed"`
}

// PerGiB returns the falsely redacted bytes in a GiB.
func (r Rate) PerGiB() float64 {
	if r.Bytes == 0 {
		return 0
	}
	return float64(r.Changed) / float64(r.Bytes) * (1 << 30)
}

// Failure is a run that gave no result.
type Failure struct {
	Dump string `json:"dump"`
	Why  string `json:"why"`
}

// Board is the result of all runs.
type Board struct {
	Seed        uint64         `json:"seed"`
	Rows        []Row          `json:"rows"`
	Families    []Family       `json:"families"`
	Misses      []Outcome      `json:"misses"`
	Mislabelled []Outcome      `json:"mislabelled"` // redacted, but called something else
	Survivors   []Survivor     `json:"survivors"`
	False       []FalseFinding `json:"false_findings"`
	Changes     []Change       `json:"changes"`
	Possible    int            `json:"possible"` // findings that were left in place
	Failures    []Failure      `json:"failures"`
	Clean       Rate           `json:"clean"`   // dumps without secrets
	Planted     Rate           `json:"planted"` // the others, outside planted structures
	// Inside is how many bytes of planted structures changed without being
	// private: no mistake, but a debugger would have liked to see them.
	Inside  int64         `json:"inside"`
	Refound int           `json:"refound"` // findings in outputs
	Took    time.Duration `json:"took_ns"`

	rows     map[[2]string]*Row
	families map[string]*Family
}

func (b *Board) family(name string) *Family {
	if b.families == nil {
		b.families = map[string]*Family{}
	}
	if b.families[name] == nil {
		b.families[name] = &Family{Name: name}
	}
	return b.families[name]
}

func (b *Board) row(kind, encoding string) *Row {
	if b.rows == nil {
		b.rows = map[[2]string]*Row{}
	}
	k := [2]string{kind, encoding}
	if b.rows[k] == nil {
		b.rows[k] = &Row{Kind: kind, Encoding: encoding}
	}
	return b.rows[k]
}

// add counts one dump's sheet.
func (b *Board) add(s sheet) {
	for _, o := range s.outcomes {
		b.outcome(o)
	}
	for _, f := range s.trues {
		b.row(f.Kind, f.Encoding).True++
	}
	for _, f := range s.falses {
		b.row(f.Kind, f.Encoding).False++
	}
	b.Possible += s.possible
	b.False = append(b.False, s.falses...)
	b.Changes = append(b.Changes, s.changes...)
	b.Survivors = append(b.Survivors, s.survivors...)
	b.Inside += s.over
	b.Refound += s.again
	if s.failure != "" {
		b.Failures = append(b.Failures, Failure{s.name, s.failure})
	}
	rate := &b.Planted
	if len(s.outcomes) == 0 {
		rate = &b.Clean
	}
	rate.Dumps++
	rate.Bytes += s.size
	rate.Changed += s.changed
}

func (b *Board) outcome(o Outcome) {
	r, f := b.row(o.Kind, o.Encoding), b.family(o.Family)
	if o.Complete {
		r.Complete++
		f.Complete++
	} else {
		r.Cut++
		f.Cut++
	}
	if o.Result != redacted {
		b.Misses = append(b.Misses, o)
		return
	}
	if o.Complete {
		r.CompleteRedacted++
		f.CompleteRedacted++
	} else {
		r.CutRedacted++
		f.CutRedacted++
	}
	if !o.KindOK || !o.EncodingOK || !o.ConfidenceOK {
		b.Mislabelled = append(b.Mislabelled, o)
	}
	for _, l := range []struct {
		ok bool
		n  *int
	}{{o.KindOK, &r.KindOK}, {o.EncodingOK, &r.EncodingOK}, {o.ConfidenceOK, &r.ConfidenceOK}} {
		if l.ok {
			*l.n++
		}
	}
}

// MostFalse is the highest bearable rate of falsely redacted bytes: one page in
// a GiB.
const MostFalse = 4096

// Verdict returns what is not good enough; nothing when all is.
func (b *Board) Verdict() []string {
	var why []string
	say := func(bad bool, what string) {
		if bad {
			why = append(why, what)
		}
	}
	complete, done := 0, 0
	for _, r := range b.rows {
		complete += r.Complete
		done += r.CompleteRedacted
	}
	say(done < complete, "recall of complete secrets is below 1")
	say(len(b.Survivors) > 0, "private bytes survive")
	say(b.Clean.PerGiB() > MostFalse, "too many bytes changed in dumps without secrets")
	say(b.Planted.PerGiB() > MostFalse, "too many bytes changed beside planted secrets")
	say(len(b.Failures) > 0, "runs failed")
	say(b.Refound > 0, "something is found in scrubbed dumps")
	say(complete == 0 && b.Clean.Dumps == 0, "nothing was tried")
	return why
}
