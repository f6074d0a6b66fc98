package scrub

import (
	"bytes"
	"cmp"
	"iter"

	"github.com/dumpscrub/dumpscrub/scrub/spill"
)

// member is a finding as a part of its secret.
type member struct {
	Secret        // as this finding has it
	index   int64 // of the finding
	ordinal int32
}

// number tells the secrets of the findings apart and numbers them by their first
// findings. It is given the findings in order and replaces res.Findings and
// res.Secrets.
func (res *Result) number(fs *spill.List[Finding]) {
	byID := spill.NewSorter(res.disk, func(a, b *member) int {
		return cmp.Or(bytes.Compare(a.id[:], b.id[:]), cmp.Compare(a.index, b.index))
	})
	index := int64(0)
	for f := range fs.All() {
		byID.Add(member{Secret: Secret{id: f.id, tag: f.tag, spki: f.spki, kind: f.kind, Confidence: f.Confidence}, index: index})
		index++
	}
	// The secrets, in the order of their first findings.
	secrets := spill.NewSorter(res.disk, func(a, b *Secret) int { return cmp.Compare(a.first, b.first) })
	// The findings, by the first of their secret.
	members := spill.NewSorter(res.disk, func(a, b *member) int {
		return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.index, b.index))
	})
	var now Secret
	any := false
	for m := range byID.All() {
		switch {
		case !any || m.id != now.id:
			if any {
				secrets.Add(now)
			}
			now, any = m.Secret, true
			now.first = m.index
		case m.Confidence > now.Confidence:
			now.kind, now.Confidence = m.kind, m.Confidence
		}
		if now.spki.n == 0 {
			now.spki = m.spki
		}
		m.first = now.first
		members.Add(m)
	}
	if any {
		secrets.Add(now)
	}
	byID.Free()
	res.Secrets.Free()
	res.Secrets = spill.NewList[Secret](res.disk)
	for s := range secrets.All() {
		res.Secrets.Append(s)
	}
	secrets.Free()
	byIndex := spill.NewSorter(res.disk, func(a, b *member) int { return cmp.Compare(a.index, b.index) })
	ordinal, first := int32(-1), int64(-1)
	for m := range members.All() {
		if m.first != first {
			first = m.first
			ordinal++
		}
		m.ordinal = ordinal
		byIndex.Add(m)
	}
	members.Free()
	out := spill.NewList[Finding](res.disk)
	next, stop := iter.Pull(byIndex.All())
	defer stop()
	for f := range fs.All() {
		m, _ := next()
		f.secret = m.ordinal
		out.Append(f)
	}
	fs.Free()
	byIndex.Free()
	res.Findings = out
}

// kindOf returns the kind of secret k.
func (res *Result) kindOf(k int) string { return res.names.text(res.Secrets.At(k).kind) }
