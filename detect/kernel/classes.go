package kernel

// ClassBytes is how many bytes one word of [Classes] tells of.
const ClassBytes = 64

// Classes say of each byte to which classes of characters it belongs, in the bit of its place: ClassBytes a word.
type Classes struct {
	Words   []uint64 // digits of base64, and what stands between them in names, addresses and keys: $%&*.:=
	Zeros   []uint64
	Digits  []uint64 // those of base64, of either alphabet of RFC 4648
	Letters []uint64 // of ASCII
	Marks   []uint64 // percent signs and backslashes, with which escapes begin
	Bars    []uint64
}

// ClassCount is how many classes there are.
const ClassCount = 6

// ClassesIn returns classes of n words each, which lie in room one behind the other.
func ClassesIn(room []uint64, n int) Classes {
	of := func(k int) []uint64 { return room[k*n : (k+1)*n : (k+1)*n] }
	return Classes{of(0), of(1), of(2), of(3), of(4), of(5)}
}

// Classify fills the classes of n words each in room with what p holds: of each the first words, ClassBytes
// of p a word.
func Classify(room []uint64, n int, p []byte) {
	words := len(p) / ClassBytes
	if words == 0 {
		return
	}
	if words > n {
		panic("internal error: more bytes than there is room for")
	}
	room = room[:(ClassCount-1)*n+words]
	if !classesSIMD(room, n, p[:words*ClassBytes]) {
		classes(room, n, p[:words*ClassBytes])
	}
}

// The bits of classOf, in the order of [Classes].
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

func classes(room []uint64, n int, p []byte) {
	for k := range len(p) / ClassBytes {
		var sums [ClassCount]uint64
		for i, b := range p[ClassBytes*k:][:ClassBytes] {
			m := uint64(classOf[b])
			for class := range sums {
				sums[class] |= m >> class & 1 << i
			}
		}
		for class, sum := range sums {
			room[class*n+k] = sum
		}
	}
}

// IsWord reports whether c belongs to [Classes.Words].
func IsWord(c byte) bool { return classOf[c]&wordClass != 0 }
