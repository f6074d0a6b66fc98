package kernel

// Quads is a set of patterns of four bytes each. A pattern belongs to one of eight buckets, and what
// is found is what each byte of which is, by its upper and by its lower half, that of some pattern of
// one bucket.
type Quads struct {
	low, high [QuadLen][16]byte
	both      [QuadLen][256]byte // what low and high say together
}

const (
	// QuadLen is how many bytes a pattern has, and Buckets how many buckets there are.
	QuadLen, Buckets = 4, 8
	// QuadBytes is how many bytes a word of dst stands for, and QuadAhead how many
	// [FindQuads] reads behind those.
	QuadBytes, QuadAhead = 64, QuadLen - 1
)

// Allow lets byte i of the patterns of a bucket be c.
func (q *Quads) Allow(bucket, i int, c byte) {
	q.low[i][c&15] |= 1 << bucket
	q.high[i][c>>4] |= 1 << bucket
	for other := range 16 {
		for _, k := range [...]int{int(c)>>4<<4 | other, other<<4 | int(c)&15} {
			q.both[i][k] = q.low[i][k&15] & q.high[i][k>>4]
		}
	}
}

// Has reports whether the four bytes of v, in little-endian order, are found.
func (q *Quads) Has(v uint32) bool {
	return q.both[0][v&255]&q.both[1][v>>8&255]&q.both[2][v>>16&255]&q.both[3][v>>24] != 0
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
		b := p[QuadBytes*k:][:QuadBytes+QuadAhead]
		var m uint64
		for i := range QuadBytes {
			if w := b[i:][:QuadLen]; q.both[0][w[0]]&q.both[1][w[1]]&q.both[2][w[2]]&q.both[3][w[3]] != 0 {
				m |= 1 << i
			}
		}
		dst[k] = m
	}
}
