package elfcore

import (
	"bytes"
	"cmp"
	"math"
	"slices"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

const (
	// noteSize is the size of n_namesz, n_descsz and n_type, four bytes each in
	// both classes (gABI chapter 5, "Note Section").
	noteSize = 12

	// maxOwner bounds the owner name. The longest in use are such as
	// "NetBSD-CORE@1234567890"; a longer one is no note, and must not make a large
	// piece of the file into structure.
	maxOwner = 64

	// maxNotes bounds the time a file of tiny notes takes. A layout holds fewer
	// than half as many, two claims to a note.
	maxNotes = 1 << 20

	// windowSize is how much is read at once while notes are walked: descriptors
	// are skipped, and most are smaller than this.
	windowSize = 4 << 10
)

// note is one note as it lies in the file.
type note struct {
	typ   uint32
	owner string
	head  layout.Span // the lengths, the type and the padded owner
	desc  layout.Span // as far as the file holds it
}

// claimNotes claims the notes in segs and returns the walker, which knows the
// threads they tell of, in the order in which they lie in the file.
//
// A segment that begins in what another one's notes covered is left out, so that
// overlapping segments cannot make the work grow with their number.
func (f *file) claimNotes(b *layout.Builder, segs []segment) (*walker, error) {
	slices.SortStableFunc(segs, func(x, y segment) int { return cmp.Compare(x.off, y.off) })
	w := walker{file: f}
	var done int64
	for _, s := range segs {
		if !w.enter(s) || w.pos < done {
			continue
		}
		if err := w.align(s); err != nil {
			return nil, err
		}
		for {
			n, ok, err := w.next()
			if err != nil {
				return nil, err
			}
			if !ok {
				break
			}
			b.Claim(layout.Structure, uint64(n.head.Off), uint64(n.head.Len), 0, "note header")
			name, kind := classify(n.owner, n.typ)
			if kind != layout.Unclaimed {
				b.Claim(kind, uint64(n.desc.Off), uint64(n.desc.Len), 0, name)
			}
			if err := w.state(b, n); err != nil {
				return nil, err
			}
		}
		done = w.pos
	}
	return &w, nil
}

// state takes note of what n tells of threads and their registers.
func (w *walker) state(b *layout.Builder, n note) error {
	if err := w.thread(n); err != nil {
		return err
	}
	if err := w.threadPointer(n); err != nil {
		return err
	}
	if err := w.auxiliary(n); err != nil {
		return err
	}
	if err := w.files(n); err != nil {
		return err
	}
	return w.claimVectors(b, n)
}

// walker steps through the notes of a segment.
type walker struct {
	*file
	pos   int64 // of the next note
	end   int64 // of the segment, or of the file where that is shorter
	limit int64 // of the segment
	pad   int64 // what names and descriptors are padded to: 4 or 8
	steps int

	window []byte // bytes of the file from at on
	at     int64

	threads   []layout.Thread
	lwp       string // owner of the notes of the BSD thread met last
	mainStack uint64 // see [layout.Layout.MainStack]
	mapped    []mapped
}

// enter begins a segment; it reports false when the file holds nothing of it.
func (w *walker) enter(s segment) bool {
	in := w.present(s.off, s.filesize)
	w.pos, w.end, w.pad = in.Off, in.End(), 4
	w.limit = in.Off + int64(min(s.filesize, math.MaxInt64-uint64(in.Off)))
	return in.Len > 0
}

// align finds out what the notes of s are padded to. Cores pad to 4 whatever
// p_align says; but where it says 8, some writers do pad to 8, as the gABI has it
// for that class. Which of the two leads further through the segment is right.
func (w *walker) align(s segment) error {
	if s.align != 8 {
		return nil
	}
	start := w.pos
	var reached [2]int64
	for i, pad := range [2]int64{4, 8} {
		w.pos, w.pad = start, pad
		for ok := true; ok; {
			var err error
			if _, ok, err = w.next(); err != nil {
				return err
			}
		}
		reached[i] = w.pos
	}
	w.pos = start
	if reached[0] > reached[1] {
		w.pad = 4
	}
	return nil
}

// next reads the note at w.pos and steps over it. It reports false at the end of
// the segment, at the zeros that fill up the note segments of /proc/vmcore, and
// at what cannot be a note; w.pos then stays.
func (w *walker) next() (note, bool, error) {
	start := w.pos
	if w.end-start < noteSize {
		return note{}, false, nil
	}
	if w.steps++; w.steps > maxNotes {
		return note{}, false, &layout.Error{Format: format, Off: start, Field: "note count", What: "more notes than any real dump has"}
	}
	rec, err := w.peek(start, noteSize)
	if err != nil {
		return note{}, false, err
	}
	namesz, descsz := w.order.Uint32(rec), w.order.Uint32(rec[4:])
	n := note{typ: w.order.Uint32(rec[8:])}
	if namesz > maxOwner || noteSize+int64(namesz) > w.end-start || namesz|descsz|n.typ == 0 {
		return note{}, false, nil
	}
	if rec, err = w.peek(start+noteSize, int64(namesz)); err != nil {
		return note{}, false, err
	}
	owner, ok := ownerName(rec)
	desc := start + w.padded(noteSize+int64(namesz))
	if !ok || desc+int64(descsz) > w.limit {
		return note{}, false, nil
	}
	n.owner = owner
	n.head = span(start, min(desc, w.end))
	n.desc = span(n.head.End(), min(desc+int64(descsz), w.end))
	w.pos = min(desc+w.padded(int64(descsz)), w.end)
	return n, true, nil
}

// padded returns n, a length from the start of a note, rounded up.
func (w *walker) padded(n int64) int64 { return (n + w.pad - 1) &^ (w.pad - 1) }

// peek returns the n bytes at off, at most [windowSize], which must lie in the
// file. They are good until the next peek.
func (w *walker) peek(off, n int64) ([]byte, error) {
	if off < w.at || off+n > w.at+int64(len(w.window)) {
		w.at = off
		w.window = w.window[:0]
		if cap(w.window) == 0 {
			w.window = make([]byte, 0, windowSize)
		}
		c := w.cursor(off)
		fresh := w.window[:min(windowSize, c.Left())]
		c.Bytes(fresh)
		if err := c.Err(); err != nil {
			return nil, err
		}
		w.window = fresh
	}
	return w.window[off-w.at:][:n], nil
}

// ownerName returns the text of an owner name, which ends at a NUL or, as a few
// writers have it, without one. It reports false for what is not printable ASCII.
func ownerName(b []byte) (string, bool) {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	for _, c := range b {
		if c < ' ' || c > '~' {
			return "", false
		}
	}
	return string(b), true
}

func span(off, end int64) layout.Span { return layout.Span{Off: off, Len: end - off} }
