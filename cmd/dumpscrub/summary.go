package main

import (
	"fmt"
	"sort"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/randomrun"
	"github.com/dumpscrub/dumpscrub/scrub"
)

// summary is the one paragraph that a run ends with.
func summary(path string, r *scrub.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", printable(path), r.Input.Format)
	if r.Input.Container != "none" {
		fmt.Fprintf(&b, " in %s", r.Input.Container)
	}
	if r.Input.Truncated {
		b.WriteString(", truncated")
	}
	fmt.Fprintf(&b, ", %s bytes, all examined", grouped(r.Input.Size))
	if r.Cut {
		b.WriteString(" that could be unpacked")
	}
	b.WriteByte('.')
	if r.Findings.Len() == 0 {
		b.WriteString(" No secrets found.")
	} else {
		fmt.Fprintf(&b, " Found %s in %s: %s.", count(r.Secrets.Len(), "secret"), count(r.Findings.Len(), "place"), kinds(r))
	}
	b.WriteString(fates(r))
	if n := r.Possible[randomrun.Kind]; n > 0 {
		fmt.Fprintf(&b, " %s random.", count(n, "run")+" of bytes that may be")
	}
	for _, w := range r.Wiped {
		fmt.Fprintf(&b, " Wiped %s bytes of %s.", grouped(w.Bytes), w.Class)
	}
	if u := r.Untested; u != nil {
		b.WriteString(" Too much to test all:")
		if u.PublicKeys > 0 {
			fmt.Fprintf(&b, " no proof was tried against %s;", count(u.PublicKeys, "public key"))
		}
		if u.Values {
			b.WriteString(" not every found value was hunted for elsewhere;")
		}
		b.WriteString(" see the report.")
	}
	return b.String()
}

// fates counts the places by what becomes of them.
func fates(r *scrub.Report) string {
	redacted, allowed, byPolicy, test, kept := 0, 0, 0, 0, 0
	for f := range r.Findings.All() {
		switch {
		case f.Redacted:
			redacted++
		case f.Allowed:
			allowed++
		case f.Kept:
			byPolicy++
		case f.TestKey:
			test++
		default:
			kept++
		}
	}
	var b strings.Builder
	if r.Verified {
		fmt.Fprintf(&b, " Redacted %s; the copy was read back and verified.", count(redacted, "place"))
	}
	for _, stays := range []struct {
		n   int
		why string
	}{
		{allowed, "allowed by the list"}, {byPolicy, "kept by the policy"},
		{test, "of published test keys"}, {kept, "below the policy's confidence"},
	} {
		if stays.n > 0 {
			fmt.Fprintf(&b, " %s %s.", count(stays.n, "place"), stays.why)
		}
	}
	return b.String()
}

// kinds counts the distinct secrets by kind.
func kinds(r *scrub.Report) string {
	n := map[string]int{}
	for s := range r.Secrets.All() {
		n[s.Kind]++
	}
	var names []string
	for k := range n {
		names = append(names, k)
	}
	sort.Strings(names)
	for i, k := range names {
		names[i] = fmt.Sprintf("%d %s", n[k], k)
	}
	return strings.Join(names, ", ")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// grouped returns n with its digits in groups of three.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
