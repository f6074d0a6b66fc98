package aeskey

import (
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// VPAES names the detector of the schedules of vpaes.
	VPAES = "aes-vpaes-schedule"

	// vpaesReach covers a schedule to either side of a step, and what a relation reads.
	vpaesReach = 16*15 + vpaesAhead
	// vpaesWindow is how many round keys in a row prove a schedule.
	vpaesWindow = 3
)

// vpaes holds both layouts, which never change.
type vpaes struct {
	enc, dec vector
	runs     [7]vpaesRun
}

// NewVPAES returns the detector of expanded AES keys in the basis of vpaes. It
// implements [probe.Filter].
func NewVPAES() probe.Detector {
	return &vpaes{enc: newVector(false), dec: newVector(true), runs: vpaesRuns()}
}

// Spec implements [probe.Detector].
func (d *vpaes) Spec() probe.Spec {
	return probe.Spec{
		ID:     VPAES,
		About:  "expanded AES keys of processors without AES instructions, in the basis of vpaes",
		Kinds:  []string{Kind},
		Before: vpaesReach, After: vpaesReach,
	}
}

// Detect emits the schedules of which a run lies at v.At.
func (d *vpaes) Detect(v probe.View, emit func(probe.Match)) {
	for i := range d.runs {
		r := &d.runs[i]
		vec := &d.enc
		if r.dec {
			vec = &d.dec
		}
		rows := r.rows(v.Data, v.At)
		for k := range 4 {
			if rows>>k&1 == 0 {
				continue
			}
			if f, ok := vec.find(v.Data, v.At+r.at+k, r); ok {
				emit(f.match())
				return
			}
		}
	}
}

// find returns the schedule of which two columns of row zero lie at i.
func (v *vector) find(data []byte, i int, r *vpaesRun) (vpaesFinding, bool) {
	first, last := r.columns[0], r.columns[1]
	if r.nk == 6 && !r.dec {
		first, last = 0, 3 // its runs have no place in a round key of their own
	}
	for c := first; c <= last; c++ {
		for at := i - 4*c - 16*(vpaesWindow-1); at <= i-4*c; at += 16 {
			for turn := range 4 {
				if f, ok := v.prove(data, at, turn, r.nk); ok {
					return f, true
				}
			}
		}
	}
	return vpaesFinding{}, false
}

// prove returns the schedule when three round keys lie at at, the rows of that at
// the lowest address rotated by turn.
func (v *vector) prove(data []byte, at, turn, nk int) (f vpaesFinding, ok bool) {
	if at < 0 || at+16*vpaesWindow > len(data) {
		return f, false
	}
	var w [4 * vpaesWindow]uint32
	for n := range vpaesWindow {
		slot := n
		if v.dec {
			slot = vpaesWindow - 1 - n
		}
		k := v.decode(data[at+16*slot:], v.turn(slot)+turn)
		copy(w[4*n:], k[:])
	}
	for n := nk; n < len(w); n += 2 {
		j := roundOf(w[n] ^ w[n-nk] ^ bits.RotateLeft32(sub(w[n-1]), 8))
		if j == 0 || (nk*j-n)%4 != 0 {
			continue
		}
		round := (nk*j - n) / 4
		if round < 1 || round+vpaesWindow > lastRound(nk) {
			continue
		}
		f = vpaesFinding{vector: v, nk: nk}
		copy(f.sched[nk*(j-1):], w[n-nk:n])
		f.sched.complete(nk, nk*(j-1))
		slot := v.slot(nk, round)
		if v.dec {
			slot -= vpaesWindow - 1 // the last of the three lies lowest
		}
		f.base = at - 16*slot
		if f.measure(data, slot) {
			return f, true
		}
	}
	return f, false
}

// vpaesFinding is a schedule that begins at base, or would.
type vpaesFinding struct {
	*vector
	nk, base int
	sched    schedule
	slots    int // how many round keys in a row are there
	parts    []probe.Range
}

// measure finds what of the schedule is there, and reports whether the round keys
// that were decoded, from slot on, are.
func (f *vpaesFinding) measure(data []byte, slot int) bool {
	whole := f.schedule(&f.sched, f.nk)
	held := func(s int) bool {
		at := f.base + 16*s
		return s >= 0 && 16*s < len(whole) && at >= 0 && at+16 <= len(data) && string(data[at:at+16]) == string(whole[16*s:16*s+16])
	}
	for held(slot - 1) {
		slot--
	}
	for held(slot + f.slots) {
		f.slots++
	}
	if f.slots < vpaesWindow {
		return false
	}
	// Eight bytes in a row are no chance, wherever they are.
	for i := 0; i < len(whole); {
		k := i
		for k < len(whole) && f.base+k >= 0 && f.base+k < len(data) && data[f.base+k] == whole[k] {
			k++
		}
		if k-i >= 8 {
			f.parts = append(f.parts, probe.Range{Start: f.base + i, End: f.base + k})
		}
		i = k + 1
	}
	return true
}

// match returns the finding as a match.
func (f *vpaesFinding) match() probe.Match {
	key := f.sched.key(nil, f.nk)
	m := probe.Match{
		Kind: Kind, Encoding: probe.SchedEnc, Confidence: probe.Likely,
		Range:  probe.Range{Start: f.parts[0].Start, End: f.parts[len(f.parts)-1].End},
		Redact: f.parts, Identity: key,
	}
	if f.dec {
		m.Encoding = probe.SchedDec
	}
	if f.slots > vpaesWindow {
		m.Confidence = probe.Confirmed
	}
	if !regular(key) {
		m.Values = [][]byte{key}
	}
	return m
}
