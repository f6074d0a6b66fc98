package container

import "encoding/binary"

// Kind is a compressed container format.
type Kind uint8

// The kinds that are read and written.
const (
	Gzip Kind = iota + 1
	Zstd
	Bzip2
	LZ4
)

// String returns the name that reports and flags use.
func (k Kind) String() string {
	switch k {
	case Gzip:
		return "gzip"
	case Zstd:
		return "zstd"
	case Bzip2:
		return "bzip2"
	case LZ4:
		return "lz4"
	}
	return "unknown"
}

// Magic numbers. zstd and lz4 share the sixteen of their skippable frames, so
// that only the frame behind those tells which it is.
const (
	magicGzip      = "\x1f\x8b\x08" // RFC 1952, section 2.3.1; method 8 is the only one
	magicZstd      = "\x28\xb5\x2f\xfd"
	magicLZ4       = "\x04\x22\x4d\x18"
	magicBzip2     = "BZh" // then the block size, '1' to '9'
	bzip2Block     = "1AY&SY"
	bzip2End       = "\x17rE8P\x90"
	magicSkippable = 0x184d2a50 // RFC 8878, section 3.1.2: u32 little-endian, low four bits free
	skippableMask  = 0xfffffff0
	skippableSize  = 8 // magic and u32 length
)

// Sniff tells which container begins with head. Skippable frames are passed over
// as far as head reaches; when it ends inside one the answer is zstd, whose
// writers are the ones that put such frames first.
func Sniff(head []byte) (Kind, bool) {
	skipped := false
	for len(head) >= skippableSize && binary.LittleEndian.Uint32(head)&skippableMask == magicSkippable {
		skipped = true
		n := uint64(binary.LittleEndian.Uint32(head[4:]))
		head = head[skippableSize:]
		if n >= uint64(len(head)) {
			return Zstd, true
		}
		head = head[n:]
	}
	switch {
	case prefix(head, magicZstd):
		return Zstd, true
	case prefix(head, magicLZ4):
		return LZ4, true
	case skipped:
		return 0, false
	case prefix(head, magicGzip):
		return Gzip, true
	case len(head) >= 10 && prefix(head, magicBzip2) && head[3] >= '1' && head[3] <= '9' &&
		(prefix(head[4:], bzip2Block) || prefix(head[4:], bzip2End)):
		return Bzip2, true
	}
	return 0, false
}

func prefix(p []byte, magic string) bool {
	return len(p) >= len(magic) && string(p[:len(magic)]) == magic
}
