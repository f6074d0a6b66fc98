package kernel

// Quads is a set of patterns of four bytes each. A pattern belongs to a bucket, and what is found is
// what each byte of which is, by its upper and by its lower half, that of some pattern of one bucket.
type Quads struct {
	halves []quadHalves         // of eight buckets each
	both   [][QuadLen][256]byte // what they say together
}

// quadHalves are the buckets that are open to a byte, as bits: by its place among four, its lower half
// and, behind those, its upper half.
type quadHalves struct{ low, high [QuadLen][16]byte }

const (
	// QuadLen is how many bytes a pattern has, and Buckets how many buckets cost no more than one.
	QuadLen, Buckets = 4, 8
	// QuadBytes is how many bytes a word of dst stands for, and QuadAhead how many
	// [FindQuads] reads behind those.
	QuadBytes, QuadAhead = 64, QuadLen - 1
)

// NewQuads returns a set without a pattern that has n times Buckets, n being one or more.
func NewQuads(n int) *Quads {
	return &Quads{make([]quadHalves, n), make([][QuadLen][256]byte, n)}
}

// Allow lets byte i of the patterns of a bucket be c.
func (q *Quads) Allow(bucket, i int, c byte) {
	h, both := &q.halves[bucket/Buckets], &q.both[bucket/Buckets][i]
	h.low[i][c&15] |= 1 << (bucket % Buckets)
	h.high[i][c>>4] |= 1 << (bucket % Buckets)
	for other := range 16 {
		for _, k := range [...]int{int(c)>>4<<4 | other, other<<4 | int(c)&15} {
			both[k] = h.low[i][k&15] & h.high[i][k>>4]
		}
	}
}

// Has reports whether the four bytes of v, in little-endian order, are found.
func (q *Quads) Has(v uint32) bool {
	for k := range q.both {
		b := &q.both[k]
		if b[0][v&255]&b[1][v>>8&255]&b[2][v>>16&255]&b[3][v>>24] != 0 {
			return true
		}
	}
	return false
}

// FindQuads marks the bytes at which four bytes of q begin. p holds QuadBytes for each
// word of dst, and QuadAhead.
func FindQuads(dst []uint64, p []byte, q *Quads) {
	if len(dst) == 0 {
		return
	}
	p = p[:QuadBytes*len(dst)+QuadAhead]
	if !quadsSIMD(dst, p, q) {
		quads(dst, p, q)
	}
}

func quads(dst []uint64, p []byte, q *Quads) {
	for k := range dst {
		dst[k] = 0
		b := p[QuadBytes*k:][:QuadBytes+QuadAhead]
		for n := range q.both {
			t := &q.both[n]
			var m uint64
			for i := range QuadBytes {
				if w := b[i:][:QuadLen]; t[0][w[0]]&t[1][w[1]]&t[2][w[2]]&t[3][w[3]] != 0 {
					m |= 1 << i
				}
			}
			dst[k] |= m
		}
	}
}
