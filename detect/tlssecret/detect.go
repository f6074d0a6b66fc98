package tlssecret

import (
	"bytes"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/lanes"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/tried"
)

// Kind is what this package finds: a secret of a TLS connection.
const Kind = "tls-secret"

const (
	// near is how far from a window, in bytes, its raw key is looked for.
	near = 4 << 10
	// rawLen is how much of a raw key is compared, which is all of an AES-128 key.
	rawLen = shortKey
	// around is how far from a proven slot others are looked for: OpenSSL 3.0 has
	// twelve slots in a row.
	around = 1 << 10
	// minRow is how many slots in a row need no proof. A connection has nine to
	// twelve; other arrays of digests are rarely this wide and this empty.
	minRow = 6
	// maxGap is how many lines may break a row: what glibc writes into a free chunk spoils
	// one or two.
	maxGap = 2
	// reach is how far from a position its verdict may look: a raw key near the
	// farthest slot.
	reach = around + near + line
)

// closure is one way from a secret to a key.
type closure struct {
	p    protocol
	size int    // of the secret
	key  int    // length of the key
	info []byte // that gives the key
}

// prover holds the facts. It is immutable but for what it remembers.
type prover struct {
	secret   func([]byte) bool
	closures []closure
	short    []lanes.Message256 // the labels of the closures of secrets of size256, in their order,
	long     lanes.Messages384  // and of size384
	memo     *tried.Memo[firstWords]
}

// New returns the prover of traffic secrets, or nil when f has no set of known
// values. It implements [probe.Filter].
func New(f probe.Facts) probe.Detector {
	if f.Secret == nil {
		return nil
	}
	d := &prover{secret: f.Secret, memo: tried.NewMemo[firstWords](memoBits)}
	for i, p := range protocols() {
		for _, c := range []closure{{size: size256, key: shortKey}, {size: size256, key: longKey}, {size: size384, key: longKey}} {
			c.p, c.info = p, info(p.key, c.key)
			d.closures = append(d.closures, c)
			if c.size == size256 {
				d.short = append(d.short, lanes.NewMessage256(c.info))
			} else {
				d.long.Put(i, c.info)
			}
		}
	}
	return d
}

// Spec implements [probe.Detector].
func (d *prover) Spec() probe.Spec {
	return probe.Spec{
		ID:     "tls-traffic-secret",
		About:  "secrets of TLS 1.3, DTLS 1.3 and QUIC connections from which a key in the dump was derived",
		Kinds:  []string{Kind},
		Before: reach, After: reach,
	}
}

// Detect emits the secret that begins at v.At, and those in the slots around it.
func (d *prover) Detect(v probe.View, emit func(probe.Match)) {
	var s schedule
	defer s.wipe()
	for _, n := range [...]int{size256, size384} {
		if c := d.prove(&s, v.Data, v.At, n); c != nil {
			emit(c.match(&s, v.Data, v.At))
			d.slots(&s, v.Data, v.At, n, emit)
			c.relatives(v.Data, v.At, n, emit)
			d.twins(&s, v.Data, v.At, n, emit)
			return
		}
	}
	for _, n := range [...]int{size256, size384} {
		if row(v.Data, v.At, n) {
			emit(likely(v.Data, v.At, n))
			return
		}
	}
}

// prove returns the closure that proves the window of n bytes at data[at] and
// leaves it in s, or nil.
func (d *prover) prove(s *schedule, data []byte, at, n int) *closure {
	if at < 0 || at+n > len(data) || !dense(data[at:at+n]) {
		return nil
	}
	s.set(data[at : at+n])
	for i := range d.closures {
		c := &d.closures[i]
		if c.size != n {
			continue
		}
		if key := s.expand(c.info, c.key); d.known(key) || beside(data, at, key) {
			return c
		}
	}
	return nil
}

// expand derives the keys of all closures of secrets of the window's size, in their order, as [schedule] does.
func (d *prover) expand(window []byte, keys *[mostClosures][longKey]byte) {
	if len(window) == size256 {
		var k lanes.Key256
		k.Set(window)
		for i := 0; i < len(d.short); i += 2 {
			keys[i], keys[i+1] = k.Pair(&d.short[i], &d.short[i+1])
		}
		return
	}
	var k lanes.Keys384
	k.SetOne(window)
	for i, key := range k.Sum(&d.long) {
		copy(keys[i][:], key[:])
	}
}

// known reports whether the first pass found the key.
func (d *prover) known(key []byte) bool {
	// A value may have been noted as a number, without its leading zeros.
	return d.secret(key) || key[0] == 0 && d.secret(der.Trim(key))
}

// beside reports whether the beginning of the key lies raw near data[at].
func beside(data []byte, at int, key []byte) bool {
	end := min(len(data), at+near+rawLen)
	start := max(at-near, 0)
	for start < end {
		k := bytes.Index(data[start:end], key[:rawLen])
		if k < 0 {
			return false
		}
		if (start+k-at)%word == 0 {
			return true
		}
		start += k + 1
	}
	return false
}

// match returns the proven secret at data[at], which s holds.
func (c *closure) match(s *schedule, data []byte, at int) probe.Match {
	r := probe.Range{Start: at, End: at + c.size}
	m := probe.Match{
		Kind: Kind, Encoding: probe.Raw, Confidence: probe.Confirmed,
		Range: r, Redact: []probe.Range{r}, Identity: bytes.Clone(data[at : at+c.size]),
	}
	m.Values = [][]byte{m.Identity}
	for _, o := range []struct {
		label string
		n     int
	}{{c.p.key, c.key}, {c.p.iv, ivLen}, {c.p.done, c.size}, {c.p.next, c.size}, {c.p.mask, c.key}} {
		if o.label != "" {
			m.Values = append(m.Values, slices.Clone(s.expand(info(o.label, o.n), o.n)))
		}
	}
	return m
}

// slots emits what stands in the slots around the proven one at data[at], unless
// it can be proven itself.
func (d *prover) slots(s *schedule, data []byte, at, n int, emit func(probe.Match)) {
	if !slot(data, at, n) {
		return
	}
	for i := at - around; i <= at+around; i += line {
		if i == at || !slot(data, i, n) || d.prove(s, data, i, n) != nil {
			continue
		}
		emit(likely(data, i, n))
	}
}

// twins emits what stands twice near the proven secret at data[at], which does so too, unless it can be
// proven itself: Go's HKDF leaves what it returns and the last block that it computed, and beside each other such objects
// are of the same connection.
func (d *prover) twins(s *schedule, data []byte, at, n int, emit func(probe.Match)) {
	if !twin(data, at, n) {
		return
	}
	for i := at - around/n*n; i <= at+around; i += n {
		if i != at && twin(data, i, n) && d.prove(s, data, i, n) == nil {
			emit(likely(data, i, n))
			emit(likely(data, i+n, n))
		}
	}
}

// twin reports whether a dense window of n bytes stands twice at data[i].
func twin(data []byte, i, n int) bool {
	return i >= 0 && i+2*n <= len(data) && bytes.Equal(data[i:i+n], data[i+n:i+2*n]) && dense(data[i:i+n])
}

// likely returns the secret of n bytes in the slot at data[i].
func likely(data []byte, i, n int) probe.Match {
	r := probe.Range{Start: i, End: i + n}
	p := bytes.Clone(data[i : i+n])
	return probe.Match{
		Kind: Kind, Encoding: probe.Raw, Confidence: probe.Likely,
		Range: r, Redact: []probe.Range{r}, Identity: p, Values: [][]byte{p},
	}
}

// slot reports whether a dense window of n bytes at data[i] and zeros fill an
// array of 64 bytes.
func slot(data []byte, i, n int) bool {
	return i >= 0 && i+line <= len(data) && empty(data[i+n:i+line]) && dense(data[i:i+n])
}

// row reports whether data[at] is one of a row of slots long enough to be
// a connection's. The row may be broken once.
func row(data []byte, at, n int) bool {
	if !slot(data, at, n) {
		return false
	}
	count, beyond := 1, 0
	for _, step := range [...]int{-line, line} {
		k := run(data, at+step, n, step)
		count += k
		end := at + step*(k+1)
		for range maxGap {
			end += step
			if k := run(data, end, n, step); k > 0 {
				beyond = max(beyond, k)
				break
			}
		}
	}
	return count+beyond >= minRow
}

// run returns how many slots stand at data[i] and every step from there, minRow at most.
func run(data []byte, i, n, step int) int {
	k := 0
	for k < minRow && slot(data, i, n) {
		k++
		i += step
	}
	return k
}
