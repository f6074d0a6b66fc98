package live

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dumpscrub/dumpscrub/corpus/live/needle"
)

// Status is how a scenario ended.
type Status string

const (
	Passed  Status = "passed"
	Failed  Status = "FAILED"
	Skipped Status = "skipped"
)

// Result is what came of one scenario.
type Result struct {
	Name    string   `json:"name"`
	About   string   `json:"about"`
	Status  Status   `json:"status"`
	Why     string   `json:"why,omitempty"` // of a skip, or of an error that ended it
	Seconds float64  `json:"seconds"`
	Notes   []string `json:"notes,omitempty"`
	Dumps   []Dump   `json:"dumps,omitempty"`
}

// Dump is what came of one dump.
type Dump struct {
	Name            string         `json:"name"`
	Mode            Mode           `json:"mode"`
	Size            int64          `json:"size"` // in bytes
	ScrubSeconds    float64        `json:"scrub_seconds"`
	Said            string         `json:"said"`  // the program's summary
	Tests           map[string]int `json:"tests"` // findings by detector
	Rows            []Row          `json:"rows"`
	Heaps           int            `json:"heaps"` // of glibc, walked before and after
	Chunks          int            `json:"chunks"`
	Frames          int            `json:"frames"`                // that gdb shows
	Differences     []string       `json:"differences,omitempty"` // in what debuggers show, with the line of the copy
	RecoveredBefore []string       `json:"recovered_before,omitempty"`
	RecoveredAfter  []string       `json:"recovered_after,omitempty"`
	Failures        []string       `json:"failures,omitempty"` // besides those of rows
}

// Row counts the copies of one key in one encoding.
type Row struct {
	Key      string   `json:"key"`
	Encoding string   `json:"encoding"`
	Class    string   `json:"class"`
	Parts    []string `json:"parts"` // of the copies after, or before when none is left
	Before   int      `json:"before"`
	After    int      `json:"after"`
	Longest  int64    `json:"longest_before"` // in bytes: whole values or pieces
	Bytes    int64    `json:"bytes_after"`
	Places   []string `json:"places,omitempty"` // of the first copies after
	Verdict  Verdict  `json:"verdict"`
}

// Verdict is what the copies that are left say about the program.
type Verdict string

const (
	Gone     Verdict = "gone"
	Survives Verdict = "SURVIVES" // as a number that no structure in the dump explains
	Broken   Verdict = "FAIL"     // although it could be known
)

// mostPlaces is how many places of a row are told.
const mostPlaces = 4

type rowKey struct {
	key, encoding string
	class         needle.Class
}

// tally makes rows of the runs before and after.
func tally(before, after []found) []Row {
	revealed := map[string]bool{}
	for _, r := range before {
		revealed[r.Group] = revealed[r.Group] || r.Class == needle.Structure
	}
	rows := map[rowKey]*Row{}
	row := func(r found) *Row {
		k := rowKey{r.Key, r.Encoding, r.Class}
		if rows[k] == nil {
			rows[k] = &Row{Key: r.Key, Encoding: r.Encoding, Class: r.Class.String(), Verdict: Gone}
		}
		return rows[k]
	}
	parts := map[*Row]map[string]bool{}
	left := map[*Row]map[string]bool{}
	note := func(m map[*Row]map[string]bool, w *Row, part string) {
		if m[w] == nil {
			m[w] = map[string]bool{}
		}
		m[w][part] = true
	}
	for _, r := range before {
		w := row(r)
		w.Before++
		w.Longest = max(w.Longest, r.Len)
		note(parts, w, r.Part)
	}
	for _, r := range after {
		w := row(r)
		w.After++
		w.Bytes += r.Len
		note(left, w, r.Part)
		if len(w.Places) < mostPlaces {
			w.Places = append(w.Places, fmt.Sprintf("%s+%d", r.Place, r.Len))
		}
		if w.Verdict == Gone {
			w.Verdict = Survives
		}
		if r.Class == needle.Structure || r.Class == needle.Plain && revealed[r.Group] {
			w.Verdict = Broken
		}
	}
	var out []Row
	for _, w := range rows {
		from := left[w]
		if from == nil {
			from = parts[w]
		}
		w.Parts = slices.Sorted(maps.Keys(from))
		out = append(out, *w)
	}
	slices.SortFunc(out, func(a, b Row) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), strings.Compare(b.Class, a.Class), strings.Compare(a.Encoding, b.Encoding))
	})
	return out
}

// ended gives r its status: err is what ended the scenario early.
func (r Result) ended(err error) Result {
	var skip errSkip
	switch {
	case errors.As(err, &skip):
		r.Status, r.Why = Skipped, skip.why
		return r
	case err != nil:
		r.Status, r.Why = Failed, err.Error()
		return r
	}
	r.Status = Passed
	for _, d := range r.Dumps {
		if d.status() == Failed {
			r.Status = Failed
		}
	}
	return r
}

// status returns that of d alone.
func (d Dump) status() Status {
	if len(d.Failures) > 0 || d.with(Broken) > 0 {
		return Failed
	}
	return Passed
}

// with returns how many copies are left in rows of verdict v.
func (d Dump) with(v Verdict) int {
	n := 0
	for _, w := range d.Rows {
		if w.Verdict == v {
			n += w.After
		}
	}
	return n
}

// Surviving returns how many copies r's dumps still hold, and how many keys can
// be recovered from them in another way.
func (r Result) Surviving() int {
	n := 0
	for _, d := range r.Dumps {
		n += d.with(Survives) + d.with(Broken) + len(d.RecoveredAfter)
	}
	return n
}
