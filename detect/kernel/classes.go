package kernel

// ClassBytes is how many bytes one [Class] tells of.
const ClassBytes = 64

// Class says of each of ClassBytes bytes, in the bit of its place, to which classes it belongs.
type Class struct {
	Words   uint64 // digits of base64, and what stands between them in names, addresses and keys: $%&*.:=
	Zeros   uint64
	Digits  uint64 // those of base64, of either alphabet of RFC 4648
	Letters uint64 // of ASCII
	Marks   uint64 // percent signs and backslashes, with which escapes begin
	Bars    uint64
}

// Classes says what each byte of p is. p holds ClassBytes for each element of dst.
func Classes(dst []Class, p []byte) {
	if len(dst) == 0 {
		return
	}
	p = p[:ClassBytes*len(dst)]
	if !classesSIMD(dst, p) {
		classes(dst, p)
	}
}

// The bits of classOf.
const (
	wordClass = 1 << iota
	zeroClass
	digitClass
	letterClass
	markClass
	barClass
)

// classOf holds the classes of each byte.
var classOf = func() (m [256]byte) {
	for c := range m {
		if c|0x20 >= 'a' && c|0x20 <= 'z' {
			m[c] |= letterClass
		}
	}
	for _, c := range []byte("+-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz") {
		m[c] |= digitClass | wordClass
	}
	for _, c := range []byte("$%&*.:=") {
		m[c] |= wordClass
	}
	m[0] |= zeroClass
	m['%'] |= markClass
	m['\\'] |= markClass
	m['|'] |= barClass
	return m
}()

func classes(dst []Class, p []byte) {
	for k := range dst {
		var c Class
		for i, b := range p[ClassBytes*k:][:ClassBytes] {
			m := uint64(classOf[b])
			c.Words |= m & 1 << i
			c.Zeros |= m >> 1 & 1 << i
			c.Digits |= m >> 2 & 1 << i
			c.Letters |= m >> 3 & 1 << i
			c.Marks |= m >> 4 & 1 << i
			c.Bars |= m >> 5 & 1 << i
		}
		dst[k] = c
	}
}

// IsWord reports whether c belongs to [Class.Words].
func IsWord(c byte) bool { return classOf[c]&wordClass != 0 }
