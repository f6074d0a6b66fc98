package livetext

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"io"
	"slices"
	"strings"
)

// Least is how many characters in a row of a secret count as a copy.
const Least = 12

// key is how many bytes of a needle it is looked up by.
const key = 12

// needle is Least characters of a plant's random part in one encoding.
type needle struct {
	plant    int
	encoding string
	rest     []byte // what follows the key
}

// hit is a needle in a file.
type hit struct {
	off      int64
	len      int
	plant    int
	encoding string
}

// index finds pieces of plants.
type index struct {
	filter  []uint64 // of the hashes of the first eight bytes
	needles map[[key]byte][]needle
	longest int
}

const filterBits = 22

func hash(v uint64) uint64 { return v * 0x9e3779b97f4a7c15 >> (64 - filterBits) }

func newIndex(ps []Plant) *index {
	x := &index{filter: make([]uint64, 1<<filterBits/64), needles: map[[key]byte][]needle{}}
	for i, p := range ps {
		for at := 0; at+Least <= len(p.Random); at++ {
			x.addAll(i, []byte(p.Random[at:at+Least]))
		}
	}
	return x
}

// addAll adds a piece of Least characters in every encoding.
func (x *index) addAll(plant int, p []byte) {
	wide := widen(p)
	big := append([]byte{0}, wide[:len(wide)-1]...)
	back := slices.Clone(p)
	slices.Reverse(back)
	x.add(plant, ASCII, p)
	x.add(plant, UTF16, wide)
	x.add(plant, "utf16be", big)
	x.add(plant, "reversed", back)
	for _, h := range [][]byte{p, wide} {
		s := hex.EncodeToString(h)
		x.add(plant, "hex", []byte(s))
		if u := strings.ToUpper(s); u != s {
			x.add(plant, "hex", []byte(u))
		}
	}
	var escaped []byte
	for _, b := range p {
		escaped = append(append(escaped, '%'), strings.ToUpper(hex.EncodeToString([]byte{b}))...)
	}
	x.add(plant, "percent", escaped)
	for _, q := range []struct {
		name string
		p    []byte
	}{{Base64, p}, {"base64 of utf16", wide}} {
		for lead := range 3 {
			for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
				s := e.EncodeToString(append(make([]byte, lead), q.p...))
				// The characters at both ends hold bits of what is not ours.
				first := (lead*8 + 5) / 6
				last := (lead + len(q.p)) * 8 / 6
				x.add(plant, q.name, []byte(s[first:last]))
			}
		}
	}
}

func (x *index) add(plant int, encoding string, p []byte) {
	k := [key]byte(p)
	n := needle{plant, encoding, p[key:]}
	for _, o := range x.needles[k] {
		if o.plant == plant && bytes.Equal(o.rest, n.rest) {
			return
		}
	}
	x.needles[k] = append(x.needles[k], n)
	x.longest = max(x.longest, len(p))
	h := hash(binary.LittleEndian.Uint64(p))
	x.filter[h/64] |= 1 << (h % 64)
}

// search returns all hits in r, ascending.
func (x *index) search(r io.Reader) ([]hit, error) {
	var hits []hit
	buf := make([]byte, 1<<20)
	n, base := 0, int64(0)
	for {
		m, err := io.ReadFull(r, buf[n:])
		n += m
		last := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !last {
			return nil, err
		}
		end := n - x.longest
		if last {
			end = n - key + 1
		}
		for i := 0; i < end; i++ {
			h := hash(binary.LittleEndian.Uint64(buf[i:]))
			if x.filter[h/64]>>(h%64)&1 == 0 {
				continue
			}
			for _, d := range x.needles[[key]byte(buf[i:i+key])] {
				if bytes.HasPrefix(buf[i+key:n], d.rest) {
					hits = append(hits, hit{base + int64(i), key + len(d.rest), d.plant, d.encoding})
				}
			}
		}
		if last {
			return hits, nil
		}
		end = max(end, 0)
		n = copy(buf, buf[end:n])
		base += int64(end)
	}
}
