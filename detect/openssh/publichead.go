package openssh

// PublicHead returns how many octets of the blob b stand before its first private field: names, and the public
// key, twice. Of a blob that ends before that they are all. It fails where b is no plain blob, or those octets are
// damaged.
func PublicHead(b []byte) (int, bool) {
	if len(b) < len(magic) || string(b[:len(magic)]) != magic {
		return 0, false
	}
	r := reader{b: b, off: len(magic)}
	for _, most := range []int{maxName, maxName, maxOptions} {
		if _, o := r.str(0, most); o != whole {
			return r.ended(o)
		}
	}
	n, ok := r.u32()
	if !ok {
		return len(b), true
	}
	for range min(n, maxKeys) {
		if _, o := r.str(lenSize, maxPublic); o != whole {
			return r.ended(o)
		}
	}
	const ahead = 3 * lenSize // the length of the section and its two check integers
	if len(b)-r.off <= ahead {
		return len(b), true
	}
	r.off += ahead
	return r.publicHead()
}

// publicHead is PublicHead for the serialised private key at r.
func (r *reader) publicHead() (int, bool) {
	name, o := r.str(len("ssh-rsa"), longestType)
	if o != whole {
		return r.ended(o)
	}
	for _, st := range typeOf(string(r.bytes(name))).steps() {
		switch {
		case st.private:
			return min(len(r.b), r.off+lenSize), true
		case st.octet:
			r.off = min(len(r.b), r.off+1)
			continue
		}
		if _, o := r.str(st.lo, st.hi); o != whole {
			return r.ended(o)
		}
	}
	return 0, false
}

// ended fails unless the data end within the string that is not whole.
func (r *reader) ended(o outcome) (int, bool) {
	return len(r.b), o == cut || len(r.b)-r.off < lenSize
}
