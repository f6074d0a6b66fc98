package der

// Append appends a value with tag and the concatenated contents to dst, with the
// shortest length (X.690, section 10.1).
func Append(dst []byte, tag byte, contents ...[]byte) []byte {
	n := 0
	for _, c := range contents {
		n += len(c)
	}
	dst = append(dst, tag)
	switch {
	case n < 0x80:
		dst = append(dst, byte(n))
	case n < 1<<8:
		dst = append(dst, 0x81, byte(n))
	case n < 1<<16:
		dst = append(dst, 0x82, byte(n>>8), byte(n))
	default:
		dst = append(dst, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	for _, c := range contents {
		dst = append(dst, c...)
	}
	return dst
}

// AppendUnsigned appends an INTEGER whose value is the big-endian number b.
func AppendUnsigned(dst, b []byte) []byte {
	b = Trim(b)
	if len(b) == 0 || b[0] >= 0x80 {
		return Append(dst, Integer, []byte{0}, b)
	}
	return Append(dst, Integer, b)
}

// Trim returns the big-endian number b without its leading zeros.
func Trim(b []byte) []byte {
	for len(b) > 0 && b[0] == 0 {
		b = b[1:]
	}
	return b
}
