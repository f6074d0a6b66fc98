package wrapped

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// masterFiles is the detector of master key files.
type masterFiles struct{}

// NewDPAPIMasterKeyFile returns the detector of DPAPI master key files in memory.
func NewDPAPIMasterKeyFile() probe.Detector { return masterFiles{} }

// A master key file is a header and up to four sections. The header holds the
// version, 2, the GUID in text at offset 12, and from offset 96 on the lengths of
// the sections, eight bytes each. A section is version, salt, rounds, two ALG_IDs
// and the encrypted key.
const (
	fileHeader    = 128
	fileGUID      = 12
	fileLengths   = 96
	sectionAlgs   = 24 // offset of the ALG_IDs
	sectionHeader = 32
	maxSection    = 1 << 10 // a section of a master key has 176 bytes at the most
	maxRounds     = 1 << 24 // of PBKDF2; Windows 10 takes 8000
)

// Spec implements [probe.Detector]. The anchors are the ALG_IDs that Windows
// writes: HMAC or SHA-1 with 3DES, SHA-512 with AES-256.
func (masterFiles) Spec() probe.Spec {
	return probe.Spec{
		ID:    "dpapi-master-key-file",
		About: "DPAPI master key files",
		Kinds: []string{DPAPIMasterKey},
		Anchors: []string{
			"\x09\x80\x00\x00\x03\x66\x00\x00", "\x04\x80\x00\x00\x03\x66\x00\x00", "\x0e\x80\x00\x00\x10\x66\x00\x00",
		},
		Before: fileHeader + sectionAlgs,
		After:  2 * maxSection,
	}
}

// Detect implements [probe.Detector].
func (masterFiles) Detect(v probe.View, emit func(probe.Match)) {
	start := v.At - sectionAlgs - fileHeader
	if start < 0 {
		return
	}
	p := v.Data[start:]
	if binary.LittleEndian.Uint32(p) > 4 || p[fileGUID+1] != 0 || hexDigit(p[fileGUID]) < 0 || p[fileGUID+16] != '-' {
		return
	}
	var s secrets
	end := fileHeader
	for i := range 2 { // the master key and its local backup
		n := binary.LittleEndian.Uint64(p[fileLengths+8*i:])
		if n < sectionHeader+minPrivate || n > maxSection || end+sectionHeader+minPrivate > len(p) {
			break
		}
		rounds := binary.LittleEndian.Uint32(p[end+20:])
		if rounds == 0 || rounds > maxRounds {
			break
		}
		key := probe.Range{Start: end + sectionHeader, End: min(len(p), end+int(n))}
		s.add(p[key.Start:key.End], probe.Range{Start: start + key.Start, End: start + key.End})
		end = key.End
	}
	if m, ok := s.match(DPAPIMasterKey, probe.Raw, probe.Likely, probe.Range{Start: start, End: start + end}); ok {
		emit(m)
	}
}

// masterCaches is the detector of LSASS's cache of master keys.
type masterCaches struct{}

// NewDPAPIMasterKeyCache returns the detector of the master keys that LSASS keeps.
func NewDPAPIMasterKeyCache() probe.Detector { return masterCaches{} }

// An entry of the cache is Flink and Blink, a LUID, the key's GUID, a FILETIME, the
// key's size, which is 64, and the key.
const (
	cacheKey  = 64
	cacheTail = 8 + 16 + 6 // LUID, GUID and the part of the FILETIME before the anchor
)

// Spec implements [probe.Detector]. The anchors are the upper sixteen bits of the
// FILETIME and the size: 0x01c8 is the end of 2007, 0x01e8 the year 2036.
func (masterCaches) Spec() probe.Spec {
	s := probe.Spec{
		ID:     "dpapi-master-key-cache",
		About:  "DPAPI master keys in the memory of LSASS",
		Kinds:  []string{DPAPIMasterKey},
		Before: 2*8 + cacheTail,
		After:  6 + cacheKey,
	}
	for b := 0xc8; b <= 0xe8; b++ {
		s.Anchors = append(s.Anchors, string([]byte{byte(b), 1, cacheKey, 0, 0, 0}))
	}
	return s
}

// Detect implements [probe.Detector].
func (masterCaches) Detect(v probe.View, emit func(probe.Match)) {
	luid := v.At - cacheTail
	if luid < 0 {
		return
	}
	id, high := binary.LittleEndian.Uint32(v.Data[luid:]), binary.LittleEndian.Uint32(v.Data[luid+4:])
	guid := v.Data[luid+8 : luid+24]
	// GUIDs of master keys are random ones (RFC 9562, section 5.4).
	if id == 0 || high != 0 || guid[7]>>4 != 4 || guid[8]>>6 != 2 {
		return
	}
	start := linkedBefore(v.Data, luid)
	if start < 0 {
		return
	}
	g := probe.Range{Start: v.At + 6, End: min(len(v.Data), v.At+6+cacheKey)}
	key := v.Data[g.Start:g.End]
	if len(key) < minPrivate || !random(key) {
		return
	}
	var s secrets
	s.add(key, g)
	if m, ok := s.match(DPAPIMasterKey, probe.Raw, probe.Likely, probe.Range{Start: start, End: g.End}); ok {
		emit(m)
	}
}

// linkedBefore returns where the two pointers of a list entry begin that end at i,
// -1 when there are none: both of 64 or of 32 bits, of the user's half of the
// address space, aligned, above the first 64 KiB, which Windows never maps.
func linkedBefore(b []byte, i int) int {
	const lowest = 1 << 16
	if i >= 16 {
		f, k := binary.LittleEndian.Uint64(b[i-16:]), binary.LittleEndian.Uint64(b[i-8:])
		if f >= lowest && k >= lowest && f>>47 == 0 && k>>47 == 0 && (f|k)&7 == 0 {
			return i - 16
		}
	}
	if i >= 8 {
		f, k := binary.LittleEndian.Uint32(b[i-8:]), binary.LittleEndian.Uint32(b[i-4:])
		if f >= lowest && k >= lowest && (f|k)&3 == 0 {
			return i - 8
		}
	}
	return -1
}
