package secret

import "math/big"

// DER tags: X.690, section 8.
const (
	tagInteger  = 0x02
	tagBits     = 0x03
	tagOctets   = 0x04
	tagNull     = 0x05
	tagOID      = 0x06
	tagUTF8     = 0x0c
	tagSequence = 0x30
	tagSet      = 0x31
	tagContext0 = 0xa0
	tagContext1 = 0xa1
)

// node is a DER element: either a body or children.
type node struct {
	tag  byte
	body []byte
	priv []Range // of the body
	kids []node
}

func seq(kids ...node) node             { return node{tag: tagSequence, kids: kids} }
func of(tag byte, kids ...node) node    { return node{tag: tag, kids: kids} }
func leaf(tag byte, body []byte) node   { return node{tag: tag, body: body} }
func octets(body []byte) node           { return leaf(tagOctets, body) }
func bitString(body []byte) node        { return leaf(tagBits, append([]byte{0}, body...)) }
func small(x int64) node                { return num(big.NewInt(x)) }
func null() node                        { return node{tag: tagNull} }
func implicit(i byte, body []byte) node { return leaf(0x80|i, body) }

func hiddenOctets(body []byte) node { return octets(body).hidden() }
func hiddenNum(x *big.Int) node     { return num(x).hidden() }

// hidden returns n with its body private; leading zeros in it tell nothing.
func (n node) hidden() node {
	n.priv = []Range{{len(n.body) - len(trim(n.body)), len(n.body)}}
	return n
}

// num is an INTEGER that is not negative.
func num(x *big.Int) node {
	b := x.Bytes()
	if len(b) == 0 || b[0] >= 0x80 {
		b = append([]byte{0}, b...)
	}
	return leaf(tagInteger, b)
}

// oid is an object identifier.
type oid []int

func (o oid) node() node {
	b := []byte{byte(40*o[0] + o[1])}
	for _, arc := range o[2:] {
		var digits []byte
		for first := byte(0); arc > 0 || first == 0; arc >>= 7 {
			digits = append([]byte{byte(arc&0x7f) | first}, digits...)
			first = 0x80
		}
		b = append(b, digits...)
	}
	return leaf(tagOID, b)
}

// size returns the length of n's content.
func (n node) size() int {
	if n.kids == nil {
		return len(n.body)
	}
	total := 0
	for _, k := range n.kids {
		c := k.size()
		total += 1 + len(lengthOf(c)) + c
	}
	return total
}

func lengthOf(n int) []byte {
	switch {
	case n < 0x80:
		return []byte{byte(n)}
	case n < 0x100:
		return []byte{0x81, byte(n)}
	case n < 0x10000:
		return []byte{0x82, byte(n >> 8), byte(n)}
	}
	return []byte{0x83, byte(n >> 16), byte(n >> 8), byte(n)}
}

// der returns n encoded, with its private bytes.
func (n node) der() marked {
	var m marked
	n.write(&m)
	return m
}

func (n node) write(m *marked) {
	m.put(n.tag)
	m.put(lengthOf(n.size())...)
	for _, k := range n.kids {
		k.write(m)
	}
	if n.kids == nil {
		m.app(marked{n.body, n.priv})
	}
}
