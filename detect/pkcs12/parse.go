package pkcs12

import (
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/keyder"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// The content octets of the object identifiers of content types (RFC 5652) and
// bag types (RFC 7292, section 4.2) up to their last octet.
const (
	oidContent = "\x2a\x86\x48\x86\xf7\x0d\x01\x07"
	oidBag     = "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01"

	contentData      = 1
	contentSigned    = 2
	contentEnveloped = 3
	contentEncrypted = 6

	bagKey      = 1
	bagShrouded = 2
	bagSecret   = 5
	bagSafe     = 6
)

const (
	// maxContents bounds the content infos of a safe: keys and certificates make
	// two, NSS adds some.
	maxContents = 64
	// maxBags bounds the bags of a store. A trust store of all public roots has
	// about 150.
	maxBags = 1024
	// maxSafes bounds the nesting of safe contents in bags.
	maxSafes = 4
)

// parser collects what is private in one PFX.
type parser struct {
	view    []byte
	private []probe.Range
	secret  []byte   // the first private octets, which identify the store
	values  [][]byte // of the keys in it
	bags    int
	partial bool // something is missing or is not as it should be
}

// take notes private octets r of s, unless they are redacted.
func (p *parser) take(s source, r probe.Range) {
	for _, at := range s.view(r) {
		if privkey.Redacted(p.view[at.Start:at.End]) {
			continue
		}
		p.private = append(p.private, at)
		if p.secret == nil {
			p.secret = s.data[r.Start:r.End]
		}
	}
}

// takeAll notes all of s. When some of it is redacted, a run before this one
// left the rest on purpose.
func (p *parser) takeAll(s source) {
	if !privkey.Redacted(s.data) {
		p.take(s, probe.Range{Start: 0, End: len(s.data)})
	}
}

// pfx reads the PFX (RFC 7292, section 4) that begins at view[at].
func (p *parser) pfx(at int) (probe.Range, bool) {
	s := source{p.view, []probe.Range{{Start: 0, End: len(p.view)}}}
	c := der.BER(p.view, at)
	seq, ok := c.Expect(der.Sequence)
	if !ok {
		return probe.Range{}, false
	}
	in := c.Inside(seq)
	if v, ok := in.Expect(der.Integer); !ok || v.Len != 1 {
		return probe.Range{}, false
	}
	info, ok := in.Expect(der.Sequence)
	if !ok || !p.authSafe(s, in.Inside(info)) {
		return probe.Range{}, false
	}
	if in.Peek() == der.Sequence {
		mac, _ := in.Next()
		p.mac(s, in.Inside(mac))
	}
	if !seq.Whole() || !in.Done() {
		p.partial = true
	}
	return probe.Range{Start: seq.Header, End: seq.End}, true
}

// contentType reads the identifier of a ContentInfo (RFC 5652, section 3) and
// enters its content.
func contentType(in *der.Cursor) (byte, der.Cursor, bool) {
	oid, ok := in.Expect(der.OID)
	if !ok || !oid.Whole() {
		return 0, der.Cursor{}, false
	}
	name := string(in.Bytes(oid))
	if len(name) != len(oidContent)+1 || !strings.HasPrefix(name, oidContent) {
		return 0, der.Cursor{}, false
	}
	content, ok := in.Expect(der.ContextCons(0))
	if !ok {
		return 0, der.Cursor{}, false
	}
	return name[len(oidContent)], in.Inside(content), true
}

// authSafe reads the ContentInfo of the authenticated safe: data, or signed data
// around it. It is false when this is no PFX.
func (p *parser) authSafe(s source, in der.Cursor) bool {
	kind, content, ok := contentType(&in)
	if ok && kind == contentSigned {
		// RFC 5652, section 5.1: version, digest algorithms, the content info.
		signed, ok0 := content.Expect(der.Sequence)
		if !ok0 {
			return false
		}
		fields := content.Inside(signed)
		_, ok1 := fields.Expect(der.Integer)
		_, ok2 := fields.Expect(der.Set)
		info, ok3 := fields.Expect(der.Sequence)
		if !ok1 || !ok2 || !ok3 {
			return false
		}
		inner := fields.Inside(info)
		kind, content, ok = contentType(&inner)
	}
	if !ok || kind != contentData {
		return false
	}
	v, ok := content.Next()
	if !ok || v.Tag&^constructedBit != der.OctetString {
		return false
	}
	safe := p.octets(s, &content, v)
	list, ok := p.list(safe)
	if !ok {
		return false
	}
	for range maxContents {
		info, ok := list.Expect(der.Sequence)
		if !ok {
			break
		}
		p.content(safe, list.Inside(info))
	}
	p.end(&list)
	return true
}

// list enters the SEQUENCE that s consists of.
func (p *parser) list(s source) (der.Cursor, bool) {
	c := der.BER(s.data, 0)
	seq, ok := c.Expect(der.Sequence)
	if !ok {
		p.partial = true
		return der.Cursor{}, false
	}
	if !seq.Whole() || c.Pos() != len(s.data) {
		p.partial = true
	}
	return c.Inside(seq), true
}

// end notes when a container has more in it than was read.
func (p *parser) end(c *der.Cursor) {
	if !c.Done() {
		p.partial = true
	}
}

// content reads one ContentInfo of the authenticated safe.
func (p *parser) content(s source, in der.Cursor) {
	kind, content, ok := contentType(&in)
	if !ok {
		p.partial = true
		return
	}
	switch kind {
	case contentData:
		v, ok := content.Next()
		if !ok || v.Tag&^constructedBit != der.OctetString {
			p.partial = true
			return
		}
		p.safe(p.octets(s, &content, v), maxSafes)
	case contentEncrypted, contentEnveloped:
		p.encryptedData(s, content)
	default:
		p.partial = true
	}
}

// encryptedData reads EncryptedData (RFC 5652, section 8) or EnvelopedData
// (section 6.1), which differ by what stands between the version and the
// EncryptedContentInfo.
func (p *parser) encryptedData(s source, in der.Cursor) {
	data, _ := in.Expect(der.Sequence)
	fields := in.Inside(data)
	_, _ = fields.Expect(der.Integer)
	_, _ = fields.Expect(der.ContextCons(0))
	_, _ = fields.Expect(der.Set)
	info, ok := fields.Expect(der.Sequence)
	if !ok {
		p.partial = true
		return
	}
	f := fields.Inside(info)
	_, ok1 := f.Expect(der.OID)
	_, ok2 := f.Expect(der.Sequence)
	v, ok3 := f.Next()
	if !ok1 || !ok2 || !ok3 || v.Tag&^constructedBit != der.Context(0) {
		p.partial = true
		return
	}
	sub := p.octets(s, &f, v)
	p.takeAll(sub)
}

// mac reads MacData (RFC 7292, section 4). The salts and counts of PBMAC1 (RFC
// 9579) stay: without the digest they verify no guess.
func (p *parser) mac(s source, in der.Cursor) {
	digest, ok := in.Expect(der.Sequence)
	if !ok {
		p.partial = true
		return
	}
	d := in.Inside(digest)
	_, _ = d.Expect(der.Sequence)
	if v, ok := d.Expect(der.OctetString); ok {
		p.take(s, v.Content())
	}
	if v, ok := in.Expect(der.OctetString); ok {
		p.take(s, v.Content())
	}
	_, _ = in.Expect(der.Integer)
	p.end(&in)
}

// keep notes the private parts of a key that was parsed at the beginning of s.
func (p *parser) keep(s source, k privkey.Key) {
	for _, r := range k.Private {
		p.take(s, r)
	}
	p.values = append(p.values, k.Values...)
}

// plain reads a key in the clear, or one in a form that package keyder knows.
func (p *parser) plain(s source) bool {
	k, ok := keyder.Parse(s.data)
	if ok {
		p.keep(s, k)
	}
	return ok
}
