package putty

import (
	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// maxHeader is how many characters the header may take: the public lines of an
	// RSA key of 16,384 bits, a comment of 1,024, and escapes.
	maxHeader = 8 << 10
	// maxForeign is how many characters of it may not be ASCII: those of the comment.
	maxForeign = 1 << 10
)

// readHeader reads what stands before the private lines, as far as it is there.
func (f *file) readHeader(v probe.View, t probe.Text) {
	private := f.start
	start := fileBefore(t, private)
	if start < 0 {
		if _, ok := field(t, fieldDerivation, max(0, private-maxHeader/8), private); ok {
			f.encryption = "unknown"
		}
		return
	}
	f.header, f.start = true, start
	prefix := base64text.Prefix(t, start)
	i := start + len(fieldFile)
	f.version = t.At(i)
	i += len("3:")
	encryption, ok := field(t, fieldEncryption, i, private)
	if !ok {
		return
	}
	f.algorithm = string(text(t, i, encryption, prefix))
	comment, ok := field(t, fieldComment, encryption, private)
	if !ok {
		return
	}
	f.encryption = string(text(t, encryption+len(fieldEncryption), comment, prefix))
	public, ok := field(t, fieldPublic, comment, private)
	if !ok {
		return
	}
	from, to := value(t, comment+len(fieldComment), public, prefix)
	f.comment = bytesOf(v, t, from, to)
	from, to = value(t, public+len(fieldPublic), private, prefix)
	for from < to && t.At(from) >= '0' && t.At(from) <= '9' {
		from++
	}
	from, _ = base64text.Gap(t, from, prefix)
	if derivation, ok := field(t, fieldDerivation, from, private); ok {
		to = derivation
	}
	lines := base64text.Forward(t, from, to, prefix)
	f.public = lines.Decode()
}

// fileBefore returns where the file begins to which the private lines at i belong,
// or -1.
func fileBefore(t probe.Text, i int) int {
	foreign := 0
	for k := i - 1; k >= max(0, i-maxHeader); k-- {
		switch t.At(k) {
		case 'P':
			if t.Has(k, fieldFile) {
				return k
			}
			if t.Has(k, fieldPrivate) || t.Has(k, fieldMAC) {
				return -1 // another file's
			}
		case probe.NotASCII:
			if foreign++; foreign > maxForeign {
				return -1
			}
		case 0:
			return -1
		}
	}
	return -1
}

// field returns where a field begins between the characters from and to.
func field(t probe.Text, name string, from, to int) (int, bool) {
	for k := from; k+len(name) <= to; k++ {
		if t.At(k) == name[0] && t.Has(k, name) {
			return k, true
		}
	}
	return 0, false
}

// value returns the value of a field, which begins after its colon at from, where
// the next field begins at to.
func value(t probe.Text, from, to int, prefix string) (start, end int) {
	if t.At(from) == ' ' {
		from++
	}
	for i := from; i < to; i++ {
		switch t.At(i) {
		case '\r', '\n', '\\', '%', '&', '<', '"', '\'', ' ':
			if next, _ := base64text.Gap(t, i, prefix); next >= to {
				return from, i
			}
		}
	}
	return from, to
}

// text returns a value of ASCII characters.
func text(t probe.Text, from, to int, prefix string) []byte {
	from, to = value(t, from, to, prefix)
	return t.Append(nil, from, to)
}

// bytesOf returns the bytes that a value had in the file, or nil where that cannot
// be told: in UTF-16 the code page of the file is lost.
func bytesOf(v probe.View, t probe.Text, from, to int) []byte {
	if !t.Wide() {
		r := t.Range(from, to)
		return v.Data[r.Start:r.End:r.End]
	}
	p := t.Append([]byte{}, from, to)
	for _, b := range p {
		if b == probe.NotASCII {
			return nil
		}
	}
	return p
}
