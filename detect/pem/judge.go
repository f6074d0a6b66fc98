package pem

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// minRun is how many digits one line of a body must have. The shortest private
	// key, PKCS #8 of Ed25519, shows its first private byte after 21 (RFC 8410,
	// section 7); the words of a sentence in place of a key are shorter.
	minRun = 24
	// minDistinct is how many different digits must be among the first of a body.
	// Twenty-four random ones have about twenty; placeholders have one to five.
	minDistinct = 8
	// minBare is how many digits a body needs that neither its head nor a line break
	// vouches for: strings of a program lie side by side without any separator, and
	// identifiers consist of digits.
	minBare = 64
	// bareShare is the least share, one in so many, of figures, plus signs and slashes
	// in such a body. Random digits have 12 in 64, identifiers hardly any.
	bareShare = 16
)

// plausible reports whether the body is one, and not a word of documentation or
// the next string of a program.
func (c *candidate) plausible() bool {
	if c.body.Longest() < minRun {
		return false
	}
	if c.open && knownHead(c.body.Decode()) {
		return true
	}
	mix := measure(c.body.Digits)
	if !mix.upper || !mix.lower || mix.distinct < minDistinct {
		return false
	}
	if c.apart || c.headers.any {
		return true
	}
	return len(c.body.Digits) >= minBare && mix.other*bareShare >= len(c.body.Digits)
}

// mixture is which digits a body consists of.
type mixture struct {
	upper, lower bool
	other        int // figures, plus signs and slashes
	distinct     int
}

func measure(digits []byte) mixture {
	var m mixture
	var seen [128]bool
	for _, d := range digits {
		switch {
		case d >= 'A' && d <= 'Z':
			m.upper = true
		case d >= 'a' && d <= 'z':
			m.lower = true
		default:
			m.other++
		}
		if !seen[d&0x7f] {
			seen[d&0x7f] = true
			m.distinct++
		}
	}
	return m
}

// knownHead reports whether p begins like a private key: a DER SEQUENCE, an OpenSSH
// blob, an OpenPGP secret key packet, a key of SSH Communications Security, or JSON.
func knownHead(p []byte) bool {
	if len(p) < 4 {
		return false
	}
	switch {
	case p[0] == 0x30 && p[1] == 0x82:
		return p[2] != 0
	case p[0] == 0x30 && p[1] == 0x81:
		return p[2] >= 0x80
	case p[0] == 0x30:
		// A version, or the algorithm that the key is encrypted with, comes first.
		return p[1] >= 0x20 && p[1] < 0x80 && (p[2] == 0x02 || p[2] == 0x30)
	case bytes.HasPrefix(p, []byte(opensshMagic)):
		return true
	case bytes.HasPrefix(p, []byte(ssh2Magic)):
		return true
	case p[0] == '{' && (p[1] == '"' || p[1] == '\n'):
		return true
	}
	return secretPacket(p[0])
}

const (
	opensshMagic = "openssh-key-v1\x00" // OpenSSH, PROTOCOL.key, section 1
	ssh2Magic    = "\x3f\x6f\xf9\xeb"   // PuTTY, import.c: SSHCOM_MAGIC_NUMBER
)

// secretPacket reports whether b is the first byte of an OpenPGP secret key or
// secret subkey packet, of tag 5 or 7, in either format (RFC 9580, section 4.2).
func secretPacket(b byte) bool {
	if b&0xc0 == 0xc0 {
		return b&0x3f == 5 || b&0x3f == 7
	}
	return b&0x80 != 0 && (b>>2&15 == 5 || b>>2&15 == 7)
}

// emit reports the candidate.
func (c *candidate) emit(t probe.Text, emit func(probe.Match)) {
	decoded := c.body.Decode()
	defer clear(decoded)
	if !c.open {
		if tail := c.body.DecodeTail(); !bytes.Equal(tail, decoded) {
			clear(decoded)
			decoded = tail
			defer clear(tail)
		}
	}
	if len(decoded) == 0 {
		return
	}
	key, hunt := c.key(decoded)
	m := key.Match(t.Encoding(probe.PEM), 0)
	m.Unhunted = !hunt
	m.Range = t.Range(c.start, c.end)
	m.Text = true
	m.Redact = c.body.Ranges(t)
	if c.sum.N > 0 {
		m.Redact = append(m.Redact, t.Range(c.sum.Start, c.sum.End))
		if key.Kind == privkey.PGP && c.open && secretPacket(decoded[0]) && c.sumHolds(t, decoded) {
			m.Confidence = probe.Confirmed
		}
	}
	emit(m)
}

// sumHolds reports whether the check sum of the armour is that of the body.
func (c *candidate) sumHolds(t probe.Text, decoded []byte) bool {
	sum := base64text.Forward(t, c.sum.Start, c.sum.End, "")
	want := sum.Decode()
	if len(want) != 3 {
		return false
	}
	got := crc24(decoded)
	return want[0] == byte(got>>16) && want[1] == byte(got>>8) && want[2] == byte(got)
}

// crc24 returns the check sum of OpenPGP armour (RFC 9580, section 6.1.1).
func crc24(p []byte) uint32 {
	const (
		seed = 0xb704ce
		poly = 0x864cfb
	)
	crc := uint32(seed)
	for _, b := range p {
		crc ^= uint32(b) << 16
		for range 8 {
			crc <<= 1
			if crc&(1<<24) != 0 {
				crc ^= poly
			}
		}
	}
	return crc & (1<<24 - 1)
}
