package sshshield

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha512"
	"encoding/binary"
	"math/big"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// memory is a process with blocks at addresses.
type memory map[uint64][]byte

func (m memory) read(addr uint64, p []byte) bool {
	for start, b := range m {
		if addr >= start && addr-start <= uint64(len(b)) && uint64(len(b))-(addr-start) >= uint64(len(p)) {
			copy(p, b[addr-start:])
			return true
		}
	}
	return false
}

// wire writes SSH wire format, independently of the parser.
type wire struct{ bytes.Buffer }

func (w *wire) str(p []byte) *wire {
	w.Write(binary.BigEndian.AppendUint32(nil, uint32(len(p))))
	w.Write(p)
	return w
}

func (w *wire) mpint(n *big.Int) *wire {
	p := n.Bytes()
	if len(p) > 0 && p[0] >= 0x80 {
		p = append([]byte{0}, p...)
	}
	return w.str(p)
}

func random(n int) []byte {
	p := make([]byte, n)
	rand.Read(p)
	return p
}

// example is a serialised key and the private values that it must give.
type example struct {
	name, kind string
	serial     []byte
	values     [][]byte
	spki       []byte
}

func examples(t testing.TB) []example {
	var es []example
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	var w wire
	w.str([]byte("ssh-rsa")).mpint(k.N).mpint(big.NewInt(int64(k.E))).mpint(k.D).mpint(k.Precomputed.Qinv)
	w.mpint(k.Primes[0]).mpint(k.Primes[1])
	es = append(es, example{
		"rsa", privkey.RSA, w.Bytes(), [][]byte{k.D.Bytes(), k.Primes[0].Bytes(), k.Primes[1].Bytes()},
		privkey.SPKIForRSA(k.N.Bytes(), []byte{1, 0, 1}),
	})
	e, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, _ := e.PublicKey.Bytes()
	d, _ := e.Bytes()
	scalar := new(big.Int).SetBytes(d)
	var we wire
	we.str([]byte("ecdsa-sha2-nistp256")).str([]byte("nistp256")).str(point).mpint(scalar)
	es = append(es, example{"ecdsa", privkey.EC, we.Bytes(), [][]byte{scalar.Bytes()}, privkey.SPKIForEC(privkey.P256, point)})
	pk, sk, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var wd wire
	wd.str([]byte("ssh-ed25519")).str(pk).str(sk)
	es = append(es, example{
		"ed25519", privkey.Ed25519, wd.Bytes(), [][]byte{bytes.TrimLeft(sk.Seed(), "\x00")}, privkey.SPKIForEd25519(pk),
	})
	handle := append([]byte{1}, random(63)...)
	var ws wire
	ws.str([]byte("sk-ssh-ed25519@openssh.com")).str(pk).str([]byte("ssh:"))
	ws.WriteByte(1)
	ws.str(handle).str(nil)
	es = append(es, example{"security key", privkey.Other, ws.Bytes(), [][]byte{handle}, privkey.SPKIForEd25519(pk)})
	return es
}

// shield encrypts a serialised key as sshkey_shield_private does.
func shield(serial, prekey []byte) []byte {
	p := bytes.Clone(serial)
	for i := byte(1); len(p)%16 != 0; i++ {
		p = append(p, i)
	}
	digest := sha512.Sum512(prekey)
	c, _ := aes.NewCipher(digest[:32])
	cipher.NewCTR(c, digest[32:48]).XORKeyStream(p, p)
	return p
}

// words writes the four words of a holder.
func words(f form, ws ...uint64) []byte {
	var p []byte
	for _, w := range ws {
		b := binary.BigEndian.AppendUint64(nil, w)[8-f.size:]
		if !f.big {
			for i := len(b) - 1; i >= 0; i-- {
				p = append(p, b[i])
			}
			continue
		}
		p = append(p, b...)
	}
	return p
}

// Addresses that fit into 32 bits, aligned as an allocator aligns and not.
const blobAddr, prekeyAddr = 0x56551010, 0xf7a00013

func place(f form, ex example) (memory, []byte) {
	prekey := random(prekeyLen)
	blob := shield(ex.serial, prekey)
	m := memory{blobAddr: append(blob, random(40)...), prekeyAddr - 3: append(random(3), prekey...)}
	return m, words(f, blobAddr, uint64(len(blob)), prekeyAddr, prekeyLen)
}

func find(t testing.TB, m memory, data []byte, emit func(search.Found)) {
	t.Helper()
	s, err := search.New([]probe.Detector{New(probe.Facts{Memory: m.read})})
	if err != nil {
		t.Fatal(err)
	}
	s.Search(search.Window{Data: data, Hi: len(data)}, emit)
}

func TestFind(t *testing.T) {
	for _, ex := range examples(t) {
		for _, f := range forms {
			m, holder := place(f, ex)
			for off := range 9 {
				data := append(append(probetest.Noise(3, 64+off), holder...), probetest.Noise(4, 64)...)
				n := 0
				find(t, m, data, func(x search.Found) {
					n++
					compare(t, ex, x)
					if x.Start != 64+off || x.End != 64+off+len(holder) || len(x.Redact) != 0 {
						t.Errorf("%s: the range is not the holder, or its pointers go", ex.name)
					}
				})
				if n != 1 {
					t.Errorf("%s, %d bytes, big %v, offset %d: %d matches, want 1", ex.name, f.size, f.big, off, n)
				}
			}
		}
	}
}

// compare compares a match with the key.
func compare(t *testing.T, ex example, x search.Found) {
	t.Helper()
	if x.Kind != ex.kind || x.Confidence != probe.Confirmed || x.Encoding != probe.Shielded {
		t.Errorf("%s: found %s/%s/%s", ex.name, x.Kind, x.Confidence, x.Encoding)
	}
	if !bytes.Equal(x.SPKI, ex.spki) || !bytes.Equal(x.Identity, ex.spki) {
		t.Errorf("%s: another public key", ex.name)
	}
	for _, want := range ex.values {
		ok := false
		for _, v := range x.Values {
			ok = ok || bytes.Equal(v, want)
		}
		if !ok {
			t.Errorf("%s: a private value is missing", ex.name)
		}
	}
	if len(x.Remote) != 2 || x.Remote[0] != (probe.Block{Addr: prekeyAddr, Len: prekeyLen}) ||
		x.Remote[1].Addr != blobAddr || x.Remote[1].Len != (len(ex.serial)+15)/16*16 {
		t.Errorf("%s: the remote blocks are others", ex.name)
	}
}

func TestRedacted(t *testing.T) {
	ex, f := examples(t)[0], forms[0]
	fill := func(p []byte) {
		for i := range p {
			p[i] = probe.Fill
		}
	}
	for name, spoil := range map[string]func(m memory){
		"prekey":         func(m memory) { fill(m[prekeyAddr-3]) },
		"blob":           func(m memory) { fill(m[blobAddr]) },
		"prekey's tail":  func(m memory) { fill(m[prekeyAddr-3][prekeyLen-32:]) },
		"blob's tail":    func(m memory) { b := m[blobAddr]; fill(b[len(b)-80:]) },
		"no prekey":      func(m memory) { delete(m, prekeyAddr-3) },
		"no blob":        func(m memory) { delete(m, blobAddr) },
		"prekey is cut":  func(m memory) { m[prekeyAddr-3] = m[prekeyAddr-3][:prekeyLen] },
		"another prekey": func(m memory) { rand.Read(m[prekeyAddr-3]) },
	} {
		m, holder := place(f, ex)
		spoil(m)
		find(t, m, holder, func(search.Found) { t.Errorf("%s: found", name) })
	}
}

func TestReject(t *testing.T) {
	f := forms[0]
	m := memory{blobAddr: random(4096), prekeyAddr - 3: random(prekeyLen + 3)}
	for name, p := range map[string][]byte{
		"random blob":  words(f, blobAddr, 256, prekeyAddr, prekeyLen),
		"odd length":   words(f, blobAddr, 255, prekeyAddr, prekeyLen),
		"short":        words(f, blobAddr, 16, prekeyAddr, prekeyLen),
		"long":         words(f, blobAddr, 1<<20, prekeyAddr, prekeyLen),
		"no pointer":   words(f, 0, 256, prekeyAddr, prekeyLen),
		"end of space": words(f, blobAddr, 256, ^uint64(0)-16, prekeyLen),
		"overlap":      words(f, prekeyAddr+64, 256, prekeyAddr, prekeyLen),
		"other length": words(f, blobAddr, 256, prekeyAddr, prekeyLen+1),
		"cut":          words(f, blobAddr, 256, prekeyAddr, prekeyLen)[:31],
		"noise":        probetest.Noise(9, 1<<20),
		"random":       random(1 << 20),
	} {
		find(t, m, p, func(search.Found) { t.Errorf("%s: found", name) })
	}
	if New(probe.Facts{}) != nil {
		t.Error("a prover without memory")
	}
}

// TestUnknownType: the blob of a key type of the future is as secret.
func TestUnknownType(t *testing.T) {
	var w wire
	w.str([]byte("ssh-slhdsa128@openssh.com")).str(random(32)).str(random(64))
	m, holder := place(forms[0], example{serial: w.Bytes()})
	n := 0
	find(t, m, holder, func(x search.Found) {
		n++
		if x.Kind != privkey.Other || x.Confidence != probe.Likely || len(x.Remote) != 2 || len(x.Identity) == 0 {
			t.Errorf("found %s/%s", x.Kind, x.Confidence)
		}
	})
	if n != 1 {
		t.Errorf("%d matches, want 1", n)
	}
}

// FuzzFilter: matches do not depend on where the data is cut, and every range
// and block is what the words in the data say.
func FuzzFilter(f *testing.F) {
	ex := examples(f)[2]
	m, holder := place(forms[0], ex)
	f.Add(holder, 5)
	f.Add(words(forms[3], blobAddr, 128, prekeyAddr, prekeyLen), 20)
	s, err := search.New([]probe.Detector{New(probe.Facts{Memory: m.read})})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte, cut int) {
		data = append(data, holder...)
		cut = max(0, min(cut, len(data)))
		var all, parts []int
		s.Search(search.Window{Data: data, Hi: len(data)}, func(x search.Found) { all = append(all, x.Start) })
		s.Search(search.Window{Data: data, Hi: cut}, func(x search.Found) { parts = append(parts, x.Start) })
		s.Search(search.Window{Data: data, Lo: cut, Hi: len(data)}, func(x search.Found) { parts = append(parts, x.Start) })
		if len(all) == 0 || all[len(all)-1] != len(data)-len(holder) {
			t.Fatal("the holder at the end is lost")
		}
		if len(all) != len(parts) {
			t.Fatalf("%d matches in one window, %d in two", len(all), len(parts))
		}
		for i := range all {
			if all[i] != parts[i] {
				t.Fatal("the matches depend on the windows")
			}
		}
	})
}

func BenchmarkFilter(b *testing.B) {
	s, err := search.New([]probe.Detector{New(probe.Facts{Memory: memory{}.read})})
	if err != nil {
		b.Fatal(err)
	}
	data := probetest.Noise(1, 4<<20)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		s.Search(search.Window{Data: data, Hi: len(data)}, func(search.Found) {})
	}
}
