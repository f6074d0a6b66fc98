package putty

import (
	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// file is what is there of a key file.
type file struct {
	start, end int             // the characters [start, end)
	body       base64text.Body // the private blob
	headless   bool            // the beginning of the body is lost
	mac        base64text.Line // its hexadecimal digits, N of them

	header     bool // the first line is there
	version    byte // '1' to '3'
	algorithm  string
	encryption string // "" when unknown
	comment    []byte // nil when it cannot be told which bytes it had
	public     []byte // the public blob
}

const (
	// maxCount is how many figures the number of lines may have.
	maxCount = 5
	// maxMAC is how many digits an HMAC-SHA-256 has; HMAC-SHA-1 has 40.
	maxMAC = 64
)

// fromLines reads the file of which the field "Private-Lines" is at at.
func fromLines(t probe.Text, at int) file {
	f := file{start: at}
	prefix := base64text.Prefix(t, at)
	i := at + len(fieldPrivate)
	for t.At(i) == ' ' {
		i++
	}
	count, figures := 0, 0
	for ; figures < maxCount && t.At(i) >= '0' && t.At(i) <= '9'; figures++ {
		count = 10*count + int(t.At(i)-'0')
		i++
	}
	if figures == 0 {
		return f
	}
	i, _ = base64text.Gap(t, i, prefix)
	limit, closed := macAfter(t, i)
	f.body = base64text.Forward(t, i, limit, prefix)
	if !closed {
		f.body.Keep(min(f.body.Wrapped(), max(count, 1)))
	}
	f.end = f.body.End
	f.readMAC(t, prefix)
	return f
}

// macAfter returns the beginning of the field after the private lines at i, or the
// end of the text when there is none. The name of the field begins with letters
// that could be digits of the body, but no digit is a hyphen.
func macAfter(t probe.Text, i int) (limit int, ok bool) {
	for k := i; k < t.Len(); k++ {
		switch t.At(k) {
		case '-':
			if at := k - len("Private"); at >= i && (t.Has(at, fieldMAC) || t.Has(at, fieldHash)) {
				return at, true
			}
			return t.Len(), false
		case 0, probe.NotASCII:
			return t.Len(), false
		}
	}
	return t.Len(), false
}

// fromMAC reads the file of which the field "Private-MAC" is at at, unless the
// field "Private-Lines" is there to find it from.
func fromMAC(t probe.Text, at int) file {
	prefix := base64text.Prefix(t, at)
	body, first := base64text.Backward(t, at, 0, prefix)
	f := file{start: first, end: at, body: body, headless: true}
	if len(body.Lines) == 0 {
		return f
	}
	// The number of lines looks like digits of the body.
	for k := first; k > first-maxCount-2; k-- {
		if t.Has(k-len(fieldPrivate), fieldPrivate) {
			f.body.Keep(0)
			return f
		}
	}
	f.start = body.Lines[0].Start
	f.readMAC(t, prefix)
	return f
}

// readMAC reads the MAC after the body, as far as it is there.
func (f *file) readMAC(t probe.Text, prefix string) {
	i, _ := base64text.Gap(t, f.body.End, prefix)
	switch {
	case t.Has(i, fieldMAC):
		i += len(fieldMAC)
	case t.Has(i, fieldHash):
		i += len(fieldHash)
	default:
		return
	}
	for t.At(i) == ' ' {
		i++
	}
	f.mac = base64text.Line{Start: i, End: i}
	for f.mac.N < maxMAC && base64text.HexDigit(t.At(f.mac.End)) >= 0 {
		f.mac.End++
		f.mac.N++
	}
	f.end = f.mac.End
}
