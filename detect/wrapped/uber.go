package wrapped

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// uberLeast and uberMost bound the iterations that stores are written with
	// (BcKeyStoreSpi.BouncyCastleStore.engineStore); more could be read.
	uberLeast, uberMost = 1024, 2047
	uberHeader          = 8 + bksSalt + 4
	uberBlock           = 16 // Twofish in CBC mode
	// uberShortest is less than a store with one short key takes: its entry is sealed, which adds salt,
	// iterations and padding, and a SHA-1 follows.
	uberShortest = 4 * uberBlock
)

// uber is the detector of UBER key stores.
type uber struct{}

// NewUBER returns the detector of BouncyCastle's UBER key stores, of which all but version, salt and
// iterations is encrypted.
func NewUBER() probe.Detector { return uber{} }

// Spec implements [probe.Detector]. The anchors are those of BKS; version 0, of the last
// century, is left out.
func (uber) Spec() probe.Spec {
	spec := stores{}.Spec()
	spec.ID, spec.About = "uber-keystore", "BouncyCastle key stores (UBER), by salt, iterations and encrypted content"
	spec.Before = 4
	return spec
}

// Detect implements [probe.Detector]. Content has no length; in a Java array it is the array's.
// Elsewhere it ends with the last block that looks random.
func (uber) Detect(v probe.View, emit func(probe.Match)) {
	if v.At+uberHeader+uberShortest > len(v.Data) {
		return
	}
	header := v.Data[v.At:][:uberHeader]
	n := binary.BigEndian.Uint32(header[8+bksSalt:])
	if n < uberLeast || n > uberMost || !random(header[8:8+bksSalt]) {
		return
	}
	start := v.At + uberHeader
	limit := min(len(v.Data), start+maxStore-uberHeader)
	if v.At >= 4 {
		for _, order := range [2]binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			size := order.Uint32(v.Data[v.At-4:])
			if size >= uberHeader+uberShortest && size <= maxStore && size%uberBlock == 0 {
				limit = min(limit, v.At+int(size))
			}
		}
	}
	end := start
	for uberGoesOn(v.Data[end:limit]) {
		end += uberBlock
	}
	if end-start < uberShortest {
		return
	}
	if len(v.Data)-end < uberBlock && limit == len(v.Data) {
		end = limit // a block that the end of the data cuts
	}
	var s secrets
	content := probe.Range{Start: start, End: end}
	s.add(v.Data[start:end], content)
	if m, ok := s.match(JavaKeystore, probe.Raw, probe.Likely, probe.Range{Start: v.At, End: end}); ok {
		emit(m)
	}
}

// uberGoesOn reports whether p begins with a block of encrypted content: one that looks random, or
// nearly so before one that does. A store of a thousand blocks has one of these in twenty.
func uberGoesOn(p []byte) bool {
	if len(p) < uberBlock {
		return false
	}
	if uberRandom(p[:uberBlock]) {
		return true
	}
	different, zeros, _ := uberCount(p[:uberBlock])
	return len(p) >= 2*uberBlock && different >= 9 && zeros <= 4 && uberRandom(p[uberBlock:2*uberBlock])
}

// uberRandom reports whether a block looks encrypted. Of random ones one in twenty thousand does not.
func uberRandom(p []byte) bool {
	different, zeros, high := uberCount(p)
	return different >= 11 && zeros <= 2 && high > 0
}

// uberCount returns how many different bytes, zeros, and bytes from 0x80 on p holds.
func uberCount(p []byte) (different, zeros, high int) {
	var seen [256]bool
	for _, b := range p {
		if !seen[b] {
			seen[b] = true
			different++
		}
		if b == 0 {
			zeros++
		}
		high += int(b >> 7)
	}
	return different, zeros, high
}
