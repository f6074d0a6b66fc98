package needle

// Opaque returns the needles of a byte string without structure: a password, a
// secret. With text it is also searched as UTF-16LE, whole only when it is short.
func Opaque(key, part string, p []byte, text bool) []Needle {
	ns := octets(key, part, "octets", Derived, p)
	if text {
		ns[0].Encoding = "text"
		ns = append(ns, wide(ns[0]))
	}
	return ns
}
