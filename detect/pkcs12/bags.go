package pkcs12

import (
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/der"
)

// safe reads SafeContents (RFC 7292, section 4.2).
func (p *parser) safe(s source, depth int) {
	list, ok := p.list(s)
	if !ok {
		return
	}
	p.bagList(s, list, depth)
}

func (p *parser) bagList(s source, list der.Cursor, depth int) {
	for ; p.bags < maxBags; p.bags++ {
		bag, ok := list.Expect(der.Sequence)
		if !ok {
			break
		}
		p.bag(s, list.Inside(bag), depth)
	}
	p.end(&list)
}

// bag reads one SafeBag: its type, its value, and attributes, which stay.
func (p *parser) bag(s source, in der.Cursor, depth int) {
	oid, ok := in.Expect(der.OID)
	if !ok || !oid.Whole() {
		p.partial = true
		return
	}
	name := string(in.Bytes(oid))
	wrap, ok := in.Expect(der.ContextCons(0))
	if !ok || len(name) != len(oidBag)+1 || !strings.HasPrefix(name, oidBag) {
		p.partial = true
		return
	}
	if !wrap.Whole() {
		p.partial = true
	}
	value := in.Inside(wrap)
	_, _ = in.Expect(der.Set)
	p.end(&in)
	switch name[len(oidBag)] {
	case bagKey:
		p.keyBag(s, wrap, value)
	case bagShrouded:
		p.shrouded(s, value)
	case bagSecret:
		p.secretBag(s, value)
	case bagSafe:
		if seq, ok := value.Expect(der.Sequence); ok && depth > 0 {
			p.bagList(s, value.Inside(seq), depth-1)
		}
	}
}

// keyBag reads a PrivateKeyInfo. One in BER is not understood further: its
// privateKey goes as a whole.
func (p *parser) keyBag(s source, wrap der.Value, in der.Cursor) {
	if p.plain(source{s.data[wrap.Start:wrap.End:wrap.End], s.view(wrap.Content())}) {
		return
	}
	seq, _ := in.Expect(der.Sequence)
	if !seq.Indefinite {
		return
	}
	fields := in.Inside(seq)
	_, ok1 := fields.Expect(der.Integer)
	_, ok2 := fields.Expect(der.Sequence)
	v, ok3 := fields.Next()
	if !ok1 || !ok2 || !ok3 || v.Tag&^constructedBit != der.OctetString {
		p.partial = true
		return
	}
	p.takeAll(p.octets(s, &fields, v))
}

// shrouded reads an EncryptedPrivateKeyInfo (RFC 5958, section 3), of which any
// algorithm will do here.
func (p *parser) shrouded(s source, in der.Cursor) {
	seq, _ := in.Expect(der.Sequence)
	fields := in.Inside(seq)
	_, ok := fields.Expect(der.Sequence)
	v, ok2 := fields.Next()
	if !ok || !ok2 || v.Tag&^constructedBit != der.OctetString {
		p.partial = true
		return
	}
	sub := p.octets(s, &fields, v)
	before := len(p.private)
	p.takeAll(sub)
	if len(p.private) > before {
		p.values = append(p.values, sub.data)
	}
}

// secretBag reads a SecretBag (RFC 7292, section 4.2.5). Java puts the encrypted
// form of a secret key into its OCTET STRING, whose envelope can stay.
func (p *parser) secretBag(s source, in der.Cursor) {
	seq, _ := in.Expect(der.Sequence)
	fields := in.Inside(seq)
	_, ok := fields.Expect(der.OID)
	wrap, ok2 := fields.Expect(der.ContextCons(0))
	if !ok || !ok2 {
		p.partial = true
		return
	}
	in = fields.Inside(wrap)
	v, ok := in.Next()
	if !ok {
		p.partial = true
		return
	}
	if v.Tag&^constructedBit != der.OctetString {
		p.take(s, v.Content())
		return
	}
	sub := p.octets(s, &in, v)
	if !p.plain(sub) {
		p.takeAll(sub)
	}
}
