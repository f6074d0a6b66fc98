package tlssecret

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/lanes"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// A traffic secret is derived from a parent, the handshake secret or the master secret, and the hash of the messages
// until then (RFC 8446, section 7.1). Where those two lie near a proven one, they make it again, which proves the
// parent; and of the parent comes everything else, the exporter secret too, which leaves no key to prove it by.
const (
	// elders and juniors bound the places before and behind a traffic secret at which its parent and the hash
	// are looked for. Runtimes allocate the parent first, then the hash, and OpenSSL's row has them in that order.
	elders, juniors = 32, 8
	// traffics is how many labels of traffic secrets there are.
	traffics = 4
)

// trafficLabels are those of the handshake secret, then those of the master secret, all equally long.
func trafficLabels() []string {
	return []string{"c hs traffic", "s hs traffic", "c ap traffic", "s ap traffic"}
}

// family is what a traffic secret may be related to.
type family struct {
	c      *closure // that proves the secret
	prefix string   // of labels
	data   []byte
	secret []byte // the proven one
	places []int  // of windows as long as it, ascending
	s      schedule
}

// relatives emits the parent of the traffic secret of n bytes at data[at] that c proves, and its grandparent.
func (c *closure) relatives(data []byte, at, n int, emit func(probe.Match)) {
	f := &family{c: c, prefix: "tls13 ", data: data, secret: data[at : at+n], places: places(data, at, n)}
	if strings.HasPrefix(c.p.key, "dtls13") {
		f.prefix = "dtls13"
	}
	defer f.s.wipe()
	parent, hash, label := f.parent()
	if label < 0 {
		return
	}
	p := f.window(parent)
	values := [][]byte{p}
	if label < 2 {
		salt := f.salt(p)
		values = append(f.traffic(values, p, trafficLabels()[:2], hash), salt, f.master(salt))
		emit(f.match(parent, values))
		return
	}
	values = append(f.traffic(values, p, trafficLabels()[2:], hash), f.derive(p, "exp master", hash))
	emit(f.match(parent, append(values, f.present(p, "res master")...)))
	for _, i := range f.places {
		g := f.window(i)
		if salt := f.salt(g); bytes.Equal(f.master(salt), p) {
			emit(f.match(i, slices.Concat([][]byte{g, salt}, f.present(g, "c hs traffic"), f.present(g, "s hs traffic"))))
			return
		}
	}
}

// places returns where an object of n bytes may lie near data[at], where one does.
func places(data []byte, at, n int) []int {
	var out []int
	add := func(i int) bool {
		if i != at && (i-at)%n != 0 && (i-at)%line != 0 && !measured(data, i, n) {
			return false
		}
		if !dense(data[i : i+n]) {
			return false
		}
		out = append(out, i)
		return true
	}
	for i, k := at-word, 0; i >= max(0, at-near) && k < elders; i -= word {
		if add(i) {
			k++
		}
	}
	slices.Reverse(out)
	for i, k := at+n, 0; i+n <= min(len(data), at+around) && k < juniors; i += word {
		if add(i) {
			k++
		}
	}
	return out
}

// measured reports whether the length of n bytes stands before data[i], as a runtime with array headers puts it there.
func measured(data []byte, i, n int) bool {
	if i < word {
		return false
	}
	w := binary.LittleEndian.Uint32(data[i-word:])
	return w == uint32(n) || w == uint32(n)<<24 || w == 0 && i >= 2*word && binary.LittleEndian.Uint32(data[i-2*word:]) == uint32(n)
}

func (f *family) window(i int) []byte { return f.data[i : i+len(f.secret)] }

// parent returns where the parent lies, the hash, and the index of the label, which is negative when there is none.
func (f *family) parent() (at int, hash []byte, label int) {
	messages := f.messages()
	for i, at := range f.places {
		var m [traffics][size384]byte
		var short lanes.Key256
		var long lanes.Keys384
		if len(f.secret) == size256 {
			short.Set(f.window(at))
		} else {
			long.SetOne(f.window(at))
		}
		for k := i + 1; k < len(f.places); k++ {
			if len(f.secret) == size256 {
				for l := 0; l < traffics; l += 2 {
					a, b := short.Pair(&messages[k].short[l], &messages[k].short[l+1])
					copy(m[l][:], a[:])
					copy(m[l+1][:], b[:])
				}
			} else {
				m = long.Sum(&messages[k].long)
			}
			for l := range m {
				if bytes.Equal(m[l][:len(f.secret)], f.secret) {
					return at, f.window(f.places[k]), l
				}
			}
		}
	}
	return 0, nil, -1
}

// message is what is hashed to derive the traffic secrets from a parent, with one hash.
type message struct {
	short [traffics]lanes.Message256
	long  lanes.Messages384
}

func (f *family) messages() []message {
	out := make([]message, len(f.places))
	for i, at := range f.places {
		for l, label := range trafficLabels() {
			text := f.info(label, f.window(at))
			if len(f.secret) == size256 {
				out[i].short[l] = lanes.NewMessage256(text)
			} else {
				out[i].long.Put(l, text)
			}
		}
	}
	return out
}

// info is what HKDF-Expand hashes: an HkdfLabel with the hash as its context, and the counter.
func (f *family) info(label string, hash []byte) []byte {
	b := binary.BigEndian.AppendUint16(make([]byte, 0, maxInfo), uint16(len(f.secret)))
	b = append(b, byte(len(f.prefix)+len(label)))
	b = append(append(b, f.prefix...), label...)
	b = append(append(b, byte(len(hash))), hash...)
	return append(b, 1)
}

// derive is Derive-Secret.
func (f *family) derive(secret []byte, label string, hash []byte) []byte {
	f.s.set(secret)
	return bytes.Clone(f.s.expand(f.info(label, hash), len(secret)))
}

// traffic appends the traffic secrets of a parent under labels, and their keys.
func (f *family) traffic(values [][]byte, parent []byte, labels []string, hash []byte) [][]byte {
	for _, l := range labels {
		secret := f.derive(parent, l, hash)
		f.s.set(secret)
		values = append(values, secret, bytes.Clone(f.s.expand(f.c.info, f.c.key)))
	}
	return values
}

// salt returns what takes the handshake secret to the master secret.
func (f *family) salt(handshake []byte) []byte {
	empty := sha256.Sum256(nil)
	hash := empty[:]
	if len(handshake) == size384 {
		long := sha512.Sum384(nil)
		hash = long[:]
	}
	return f.derive(handshake, "derived", hash)
}

// master returns the master secret that follows from a salt: HKDF-Extract of zeros, which is their HMAC.
func (f *family) master(salt []byte) []byte {
	f.s.set(salt)
	return bytes.Clone(f.s.expand(make([]byte, len(salt)), len(salt)))
}

// present returns what a secret gives under a label with the hashes that could be there, when it lies near by.
func (f *family) present(secret []byte, label string) (out [][]byte) {
	for _, i := range f.places {
		if x := f.derive(secret, label, f.window(i)); bytes.Contains(f.data, x) {
			out = append(out, x)
		}
	}
	return out
}

// match returns the secret that was proven at data[at], with what comes of it.
func (f *family) match(at int, values [][]byte) probe.Match {
	r := probe.Range{Start: at, End: at + len(f.secret)}
	id := bytes.Clone(f.window(at))
	values[0] = id
	return probe.Match{
		Kind: Kind, Encoding: probe.Raw, Confidence: probe.Confirmed,
		Range: r, Redact: []probe.Range{r}, Identity: id, Values: values,
	}
}
