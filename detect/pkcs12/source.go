package pkcs12

import (
	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// source is octets that may lie in several pieces of the view.
type source struct {
	data   []byte
	pieces []probe.Range // of the view, in the order of data, as long together
}

// view returns where the octets r of s lie in the view.
func (s source) view(r probe.Range) []probe.Range { return s.appendView(nil, r) }

func (s source) appendView(out []probe.Range, r probe.Range) []probe.Range {
	at := 0 // index in s.data of the piece
	for _, p := range s.pieces {
		start, end := max(r.Start, at), min(r.End, at+p.Len())
		if start < end {
			out = append(out, probe.Range{Start: p.Start + start - at, End: p.Start + end - at})
		}
		if at += p.Len(); at >= r.End {
			break
		}
	}
	return out
}

const (
	constructedBit = 0x20
	// maxNesting bounds how deep pieces of octet strings lie in each other. No
	// encoder is known to nest them at all.
	maxNesting = 4
	// maxPieces bounds the pieces of one octet string: NSS and Java write pieces
	// of about a thousand octets, with some short ones between.
	maxPieces = 1 << 10
)

// octets returns the content of an octet string that c has just returned, with
// its pieces joined. It notes when anything of it is missing.
func (p *parser) octets(s source, c *der.Cursor, v der.Value) source {
	if !v.Whole() {
		p.partial = true
	}
	if v.Tag&constructedBit == 0 {
		return source{s.data[v.Start:v.End:v.End], s.view(v.Content())}
	}
	out := source{data: make([]byte, 0, min(v.End-v.Start, firstPieces))}
	p.join(&out, s, c.Inside(v), maxNesting)
	return out
}

// firstPieces is how much is set aside to join pieces, in octets, before it is
// known that they are what they seem.
const firstPieces = 4 << 10

// join appends the pieces of an octet string to out.
func (p *parser) join(out *source, s source, in der.Cursor, depth int) {
	for {
		v, ok := in.Next()
		if !ok {
			break
		}
		switch {
		case v.Tag == der.OctetString && len(out.pieces) < maxPieces:
			out.data = append(out.data, s.data[v.Start:v.End]...)
			out.pieces = s.appendView(out.pieces, v.Content())
		case v.Tag == der.OctetString|constructedBit && depth > 0:
			p.join(out, s, in.Inside(v), depth-1)
		default:
			p.partial = true
			return
		}
		if !v.Whole() {
			p.partial = true
		}
	}
	if !in.Done() {
		p.partial = true
	}
}
