package wrapped

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// entries is the detector of keys in what is left of keytabs and credential caches.
type entries struct{}

// NewKerberosEntry returns the detector of single entries of keytabs and credential caches of which the head of
// the file is not there: in buffers that were freed, and where a file was read piece by piece.
func NewKerberosEntry() probe.Detector { return entries{} }

// An entry is known by the type and size of its key and by what stands around them: the last component of a
// principal with its length, and times in seconds since 1970.
const (
	maxTailName = 255                          // octets of a component
	tailTimes   = 16                           // behind the key in a cache: of the ticket's issue, begin, end and last renewal
	tailStamp   = 4 + 4 + 1                    // before the key's type in a keytab: type of the name, time, version
	firstTime   = 800_000_000                  // 1995, when version 5 was new
	lastTime    = 4_102_444_800                // the year 2100
	mostLife    = 11 * 366 * 24 * 3600         // no ticket lives longer, in seconds
	typeBefore  = maxTailName + 4 + tailStamp  // reach before the anchor
	typeAfter   = 6 + maxKeySize + 2*tailTimes // and behind it
	mostType    = 12                           // of names: RFC 4120, section 6.2, and RFC 6112
)

// Spec implements [probe.Detector]. The anchors are a key's type and size as caches and keytabs have them.
func (entries) Spec() probe.Spec {
	s := probe.Spec{
		ID:     "kerberos-entry",
		About:  "keys in pieces of Kerberos keytabs and credential caches",
		Kinds:  []string{KerberosKeytab, KerberosCache},
		Before: typeBefore, After: typeAfter,
	}
	for _, enctype := range []byte{16, 17, 18, 19, 20, 23, 25, 26} {
		size := byte(keySize(int(enctype)))
		s.Anchors = append(s.Anchors, string([]byte{0, enctype, 0, 0, 0, size}), string([]byte{0, enctype, 0, size}))
	}
	return s
}

// Detect implements [probe.Detector].
func (entries) Detect(v probe.View, emit func(probe.Match)) {
	p := v.Data[v.At:]
	kind, head := KerberosKeytab, 4
	if p[3] == 0 {
		kind, head = KerberosCache, 6
	}
	size := keySize(int(p[1]))
	key := p[head:min(len(p), head+size)]
	if len(key) < minPrivate || !random(key) {
		return
	}
	c := probe.Likely
	if kind == KerberosCache {
		if !counted(v.Data[:v.At], 4) {
			return
		}
		// Where memory ends behind the key its times cannot speak for it.
		switch rest := p[head+len(key):]; {
		case len(rest) < tailTimes:
		case !times(rest):
			return
		default:
			c = probe.Confirmed
		}
	} else {
		at := v.At - tailStamp
		if at < 0 || !counted(v.Data[:at], 2) || binary.BigEndian.Uint32(v.Data[at:]) > mostType || !date(v.Data[at+4:]) {
			return
		}
		if len(key) == size {
			c = probe.Confirmed
		}
	}
	g := probe.Range{Start: v.At + head, End: v.At + head + len(key)}
	var s secrets
	s.add(key, g)
	if m, ok := s.match(kind, probe.Raw, c, probe.Range{Start: v.At, End: g.End}); ok {
		emit(m)
	}
}

// counted reports whether p ends with text behind its length, which has so many octets.
func counted(p []byte, width int) bool {
	for n := 1; n <= maxTailName && n+width <= len(p); n++ {
		if c := p[len(p)-n]; c < ' ' || c >= 0x7f {
			return false
		}
		at := len(p) - n - width
		if int(p[at+width-1]) == n && p[at] == 0 && (width == 2 || p[at+1]|p[at+2] == 0) {
			return true
		}
	}
	return false
}

// date reports whether p begins with a time at which there was Kerberos.
func date(p []byte) bool {
	t := binary.BigEndian.Uint32(p)
	return t >= firstTime && t < lastTime
}

// times reports whether p begins with the times of a ticket, of which begin and renewal may be left out.
func times(p []byte) bool {
	issue, begin := int64(binary.BigEndian.Uint32(p)), int64(binary.BigEndian.Uint32(p[4:]))
	end, renew := int64(binary.BigEndian.Uint32(p[8:])), int64(binary.BigEndian.Uint32(p[12:]))
	if begin == 0 {
		begin = issue
	}
	return date(p) && begin >= issue && end >= begin && end-issue < mostLife && (renew == 0 || renew >= begin && renew-issue < mostLife)
}
