package sshshield

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// prekeyLen is the length of a pre-key in bytes (sshkey.c,
// SSHKEY_SHIELD_PREKEY_LEN).
const prekeyLen = 16 * 1024

const (
	// block is what the blob is padded to: the block of AES (FIPS 197).
	block = 16
	// minBlob is shorter than any blob: an Ed25519 key takes 119 bytes.
	minBlob = 64
	// maxBlob bounds the work for a holder. An RSA key of 16384 bits takes 7 KiB, a
	// certificate some more.
	maxBlob = 48 << 10
	// lowest is where no process has memory: Linux reserves the first 64 KiB
	// (vm.mmap_min_addr), other systems at least a page.
	lowest = 4096
)

// holder is where a shielded key lies.
type holder struct {
	at           probe.Range // of the four words
	blob, prekey probe.Block
}

// form is a size of words and their byte order.
type form struct {
	size int // of a word, in bytes
	big  bool
	mark int // index in the last word of the byte that is not zero
}

var forms = [...]form{
	{size: 8, mark: 1},
	{size: 4, mark: 1},
	{size: 8, big: true, mark: 6},
	{size: 4, big: true, mark: 2},
}

// word returns the word at data[i].
func (f form) word(data []byte, i int) uint64 {
	switch {
	case f.size == 8 && f.big:
		return binary.BigEndian.Uint64(data[i:])
	case f.size == 8:
		return binary.LittleEndian.Uint64(data[i:])
	case f.big:
		return uint64(binary.BigEndian.Uint32(data[i:]))
	}
	return uint64(binary.LittleEndian.Uint32(data[i:]))
}

// at returns the holder of which the last word has its only non-zero byte at
// data[i]. It fails where the words cannot be one.
func (f form) at(data []byte, i int) (holder, bool) {
	last := i - f.mark
	start, end := last-3*f.size, last+f.size
	if start < 0 || end > len(data) || f.word(data, last) != prekeyLen {
		return holder{}, false
	}
	blob, n, prekey := f.word(data, start), f.word(data, start+f.size), f.word(data, start+2*f.size)
	if n < minBlob || n > maxBlob || n%block != 0 || !f.fits(blob, n) || !f.fits(prekey, prekeyLen) {
		return holder{}, false
	}
	if blob < prekey+prekeyLen && prekey < blob+n {
		return holder{}, false // they overlap
	}
	return holder{
		at:   probe.Range{Start: start, End: end},
		blob: probe.Block{Addr: blob, Len: int(n)}, prekey: probe.Block{Addr: prekey, Len: prekeyLen},
	}, true
}

// fits reports whether n bytes from addr on can be memory of a process.
func (f form) fits(addr, n uint64) bool {
	top := uint64(1)<<(8*f.size-1)<<1 - 1
	return addr >= lowest && addr <= top-n
}
