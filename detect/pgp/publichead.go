package pgp

// PublicHead returns how many octets of b, which begins with a secret key packet in one piece, stand before its
// secret fields: those of the public key packet. Of a packet that ends before that they are all. It fails where
// b begins with anything else, or those octets are damaged.
func PublicHead(b []byte) (int, bool) {
	p, ok := parsePacket(b, 0)
	if !ok || len(p.pieces) != 1 || p.tag != tagSecretKey && p.tag != tagSecretSubkey {
		return 0, false
	}
	k := secretKey{body: p.body}
	r := reader{b: p.body}
	if k.readPublic(&r) {
		const usage, count = 1, 2 // octets before the first secret number
		return min(len(b), p.pieces[0].from+r.off+usage+count), true
	}
	// A field that reaches to the end of what was cut off, or of which not even the count is there.
	const count = 2
	public, _ := layout(k.algo)
	return len(b), p.cut && len(k.public) < len(public) && r.left() < count
}
