package hpack

import "strings"

// names are those of the static table, from index 1 on: RFC 7541, appendix A.
var names = strings.Fields(`:authority :method :method :path :path :scheme :scheme
	:status :status :status :status :status :status :status
	accept-charset accept-encoding accept-language accept-ranges accept access-control-allow-origin age allow
	authorization cache-control content-disposition content-encoding content-language content-length
	content-location content-range content-type cookie date etag expect expires from host if-match
	if-modified-since if-none-match if-range if-unmodified-since last-modified link location max-forwards
	proxy-authenticate proxy-authorization range referer refresh retry-after server set-cookie
	strict-transport-security transfer-encoding user-agent vary via www-authenticate`)

const (
	// maxString bounds strings, in octets: what a frame may have by default (RFC 9113, section 4.2).
	maxString = 16 << 10
	// maxIndex is more than the entries of a dynamic table of the default size are.
	maxIndex = 61 + 4096/32
	// maxName is the longest name that is looked at, in octets.
	maxName = 64
)

// literal is a string literal: RFC 7541, section 5.2.
type literal struct {
	start, end int  // its octets
	huffman    bool // they are in Huffman's code
}

// field is a header field representation: RFC 7541, section 6.
type field struct {
	start, end int
	index      int     // of its name, 0 if that is spelled out
	name       literal // if it is
	value      literal // empty where the whole field is an index
}

// integer reads an integer of which the lowest bits of p[i] are the prefix: section 5.1.
func integer(p []byte, i, prefix int) (v, next int, ok bool) {
	if i < 0 || i >= len(p) {
		return 0, 0, false
	}
	most := 1<<prefix - 1
	if v = int(p[i]) & most; v < most {
		return v, i + 1, true
	}
	for shift := 0; shift <= 14; shift += 7 {
		if i++; i >= len(p) {
			return 0, 0, false
		}
		v += int(p[i]&0x7f) << shift
		if p[i] < 0x80 {
			return v, i + 1, true
		}
	}
	return 0, 0, false
}

// readLiteral reads the string literal at i.
func readLiteral(p []byte, i int) (s literal, ok bool) {
	n, at, ok := integer(p, i, 7)
	if !ok || n > maxString || at+n > len(p) {
		return literal{}, false
	}
	return literal{at, at + n, p[i] >= 0x80}, true
}

// readField reads the field at i.
func readField(p []byte, i int) (f field, ok bool) {
	if i < 0 || i >= len(p) {
		return field{}, false
	}
	f.start = i
	prefix := 4
	switch b := p[i]; {
	case b >= 0x80:
		if f.index, f.end, ok = integer(p, i, 7); !ok || f.index == 0 || f.index > maxIndex {
			return field{}, false
		}
		return f, true
	case b >= 0x40:
		prefix = 6
	case b >= 0x20: // the size of the table
		_, f.end, ok = integer(p, i, 5)
		return f, ok
	}
	var next int
	if f.index, next, ok = integer(p, i, prefix); !ok || f.index > maxIndex {
		return field{}, false
	}
	if f.index == 0 {
		if f.name, ok = readLiteral(p, next); !ok || f.name.end == f.name.start || f.name.end-f.name.start > maxName {
			return field{}, false
		}
		next = f.name.end
	}
	if f.value, ok = readLiteral(p, next); !ok {
		return field{}, false
	}
	f.end = f.value.end
	return f, true
}

// nameOf returns the name of f, empty when only the dynamic table knows it. Names have
// no capital letters (RFC 9113, section 8.2.1).
func (f field) nameOf(p []byte) (name string, ok bool) {
	switch {
	case f.index > len(names):
		return "", true
	case f.index > 0:
		return names[f.index-1], true
	}
	b := p[f.name.start:f.name.end]
	if f.name.huffman {
		t, ok := decode(b)
		if !ok {
			return "", false
		}
		b = t.chars
	}
	for k, c := range b {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == ':' && k == 0) {
			return "", false
		}
	}
	return string(b), true
}
