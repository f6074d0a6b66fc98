package sweep

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
)

const (
	// textBlock is the size, in characters, of the blocks in which text that encodes something is judged:
	// a line of PEM.
	textBlock = 64
	// mostZeros is how many zeros the octets of a block of keys have: of 48 random ones more than that once in
	// half a million.
	mostZeros = 4
)

// hiddenRuns returns the runs of p, text that encodes something, in whole blocks, that could encode random
// octets. What stands in front of a key and behind it (lengths, names of algorithms and users) is public, and
// stands in front of other keys and in certificates too.
func hiddenRuns(p []byte) [][]byte {
	var runs [][]byte
	start := 0
	for at := 0; at < len(p); {
		end := at + textBlock
		if len(p)-end < textBlock {
			end = len(p)
		}
		if !encodesRandom(p[at:end]) {
			runs = append(runs, p[start:at])
			start = end
		}
		at = end
	}
	return append(runs, p[start:])
}

// encodesRandom reports whether p in base64, wherever the groups of four begin, or in hexadecimal could be
// random octets.
func encodesRandom(p []byte) bool {
	var buf [2 * textBlock]byte
	defer clear(buf[:])
	if len(p) > len(buf) {
		return true
	}
	if n, err := hex.Decode(buf[:], p[:len(p)&^1]); err == nil {
		return couldBeRandom(buf[:n])
	}
	p = bytes.TrimRight(p, "=")
	for skip := 0; skip < 4 && skip < len(p); skip++ {
		q := p[skip:]
		if len(q)%4 == 1 {
			q = q[:len(q)-1]
		}
		n, err := base64.RawStdEncoding.Decode(buf[:], q)
		if err != nil {
			if n, err = base64.RawURLEncoding.Decode(buf[:], q); err != nil {
				return true // something else
			}
		}
		if !couldBeRandom(buf[:n]) {
			return false
		}
	}
	return true
}

func couldBeRandom(p []byte) bool {
	row, zeros := 0, 0
	for _, b := range p {
		if b == 0 {
			zeros++
		}
		if b < ' ' || b >= 0x7f {
			row = 0
		} else if row++; row == textRow {
			return false
		}
	}
	return zeros <= mostZeros && (len(p) == 0 || row < len(p)) // what is text throughout is shorter than that
}
