package tlssecret

import (
	"encoding/binary"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/lanes"
)

// job asks for the key blocks of one window with one pair of randoms.
type job struct {
	at     int
	seed   seed
	modes  bool // with the suites in CBC mode too
	digest uint64
}

// keyBlocks are the parts of the key blocks of both hashes in which keys lie, see [suites].
type keyBlocks struct {
	short        [3 * size256]byte // of SHA-256; without CBC the first digest only
	long, longer [size384]byte     // of SHA-384: the first and the third digest
}

// trial makes key blocks of several windows side by side.
type trial struct {
	d     *master
	f     *scan
	jobs  []job
	found []int
}

// together is how many jobs are done at once.
const together = len(lanes.Lanes512{})

// add enters the window at data[i], with each of the pairs of randoms that it is tried with.
func (t *trial) add(i, before, from int) {
	for k, s := range t.d.seeds(t.f, i, before, from) {
		j := job{at: i, seed: s, modes: k < modes}
		var octets [masterLen + seedLen + 1]byte
		n := copy(octets[:], t.f.data[i:i+masterLen])
		n += copy(octets[n:], s.server)
		copy(octets[n:], s.client)
		if j.modes {
			octets[len(octets)-1] = 1
		}
		j.digest = t.d.memo.Digest(octets[:])
		var words firstWords
		seen := t.d.memo.Get(j.digest, &words)
		if seen && !slices.ContainsFunc(words[:], func(w uint32) bool { return t.f.words.near(t.f, i, w) }) {
			continue
		}
		if t.jobs = append(t.jobs, j); len(t.jobs) == together {
			t.run()
		}
	}
}

// run does the jobs.
func (t *trial) run() {
	var blocks [together]keyBlocks
	t.expand(&blocks)
	for i := range t.jobs {
		j, b := &t.jobs[i], &blocks[i]
		var words [mostClosures]uint32
		proven, n := false, 0
		for _, c := range suites() {
			if c.mac != 0 && !j.modes {
				continue
			}
			key := b.key(c)
			w := binary.LittleEndian.Uint32(key)
			if n == 0 || words[n-1] != w {
				words[n] = w
				n++
			}
			proven = proven || t.d.known(key) || t.f.words.near(t.f, j.at, w) && beside(t.f.data, j.at, key)
			if c == (suite{size256, 0, shortKey}) || c == (suite{size256, size256, shortKey}) {
				// The server's key is as good, where it has been made already.
				proven = proven || t.d.known(b.short[c.need():][:c.key])
			}
		}
		if proven {
			t.found = append(t.found, j.at)
			continue
		}
		for ; n < len(words); n++ {
			words[n] = words[n-1]
		}
		t.d.memo.Put(j.digest, words)
	}
	t.jobs = t.jobs[:0]
}

// key returns the client's key of a suite.
func (b *keyBlocks) key(c suite) []byte {
	at := 2 * c.mac
	switch {
	case c.hash == size256:
		return b.short[at : at+c.key]
	case at == 0:
		return b.long[:c.key]
	default:
		return b.longer[:c.key]
	}
}

// expand makes the key blocks of the jobs: P_hash of RFC 5246, section 5.
func (t *trial) expand(blocks *[together]keyBlocks) {
	var secrets [together][]byte
	var seeds [together][]byte
	var rooms [together][len(expansion) + seedLen]byte
	modes := false
	for l := range secrets {
		j := &t.jobs[min(l, len(t.jobs)-1)]
		secrets[l] = t.f.data[j.at : j.at+masterLen]
		n := copy(rooms[l][:], expansion)
		n += copy(rooms[l][n:], j.seed.server)
		copy(rooms[l][n:], j.seed.client)
		seeds[l] = rooms[l][:]
		modes = modes || j.modes
	}
	for l := range t.jobs {
		blocks[l].expand256(secrets[l], seeds[l], t.jobs[l].modes)
	}
	var k lanes.Keys384
	var m lanes.Messages384
	k.Set(secrets)
	sum := func(first *[together][size384]byte, second *[together][]byte) [together][size384]byte {
		for l := range together {
			var a, b []byte
			if first != nil {
				a = first[l][:]
			}
			if second != nil {
				b = second[l]
			}
			m.Put(l, a, b)
		}
		return k.Sum(&m)
	}
	a := sum(nil, &seeds)
	out := sum(&a, &seeds)
	for l := range t.jobs {
		blocks[l].long = out[l]
	}
	if !modes {
		return
	}
	a = sum(&a, nil)
	a = sum(&a, nil)
	out = sum(&a, &seeds)
	for l := range t.jobs {
		blocks[l].longer = out[l]
	}
}

// expand256 makes those of SHA-256.
func (b *keyBlocks) expand256(secret, seed []byte, modes bool) {
	var k lanes.Key256
	k.Set(secret)
	m := lanes.NewMessage256(seed)
	a, _ := k.Pair(&m, &m)
	for i := 0; i < len(b.short); i += size256 {
		next, out := lanes.NewMessage256(a[:]), lanes.NewMessage256(a[:], seed)
		var digest [size256]byte
		a, digest = k.Pair(&next, &out)
		copy(b.short[i:], digest[:])
		if !modes {
			return
		}
	}
}
