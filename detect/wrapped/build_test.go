package wrapped

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// secret returns n random bytes that a test for chance would not refuse.
func secret(n int) []byte {
	p := make([]byte, n)
	for {
		rand.Read(p)
		if random(p) && p[0] != 0 {
			return p
		}
	}
}

// wgKeys returns a private key, clamped as wg does, and its public key.
func wgKeys() (key, pub []byte) {
	key = secret(32)
	key[0] &= 248
	key[31] = key[31]&127 | 64
	return key, privkey.X25519Public(key)
}

func b64(p []byte) string { return base64.StdEncoding.EncodeToString(p) }

// bech32 encodes p by BIP 173, in upper case, independently of the detector: the
// check sum is found with the polynomial as a remainder.
func bech32(hrp string, p []byte) string {
	const alphabet = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
	var groups []int
	acc, n := 0, 0
	for _, b := range p {
		for acc, n = acc<<8|int(b), n+8; n >= 5; n -= 5 {
			groups = append(groups, acc>>(n-5)&31)
		}
		acc &= 31
	}
	if n > 0 {
		groups = append(groups, acc<<(5-n)&31)
	}
	var all []int
	low := strings.ToLower(hrp)
	for i := range len(low) {
		all = append(all, int(low[i])>>5)
	}
	all = append(all, 0)
	for i := range len(low) {
		all = append(all, int(low[i])&31)
	}
	all = append(append(all, groups...), 0, 0, 0, 0, 0, 0)
	gens := []int{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3}
	chk := 1
	for _, v := range all {
		b := chk >> 25
		chk = (chk&0x1ffffff)<<5 ^ v
		for i, g := range gens {
			if b>>i&1 != 0 {
				chk ^= g
			}
		}
	}
	chk ^= 1
	for i := range 6 {
		groups = append(groups, chk>>(5*(5-i))&31)
	}
	s := hrp + "1"
	for _, g := range groups {
		s += alphabet[g : g+1]
	}
	return s
}

// writer writes counted fields.
type writer struct {
	bytes.Buffer
	order binary.AppendByteOrder
}

func (w *writer) u16(v int) *writer { w.Write(w.order.AppendUint16(nil, uint16(v))); return w }
func (w *writer) u32(v int) *writer { w.Write(w.order.AppendUint32(nil, uint32(v))); return w }
func (w *writer) u64(v uint64) *writer {
	w.Write(w.order.AppendUint64(nil, v))
	return w
}
func (w *writer) raw(p []byte) *writer   { w.Write(p); return w }
func (w *writer) sized(p []byte) *writer { return w.u32(len(p)).raw(p) }
func (w *writer) short(s string) *writer { return w.u16(len(s)).raw([]byte(s)) }

func keytabEntry(etype int, key []byte) []byte {
	w := writer{order: binary.BigEndian}
	w.u16(2).short("EXAMPLE.ORG").short("host").short("www.example.org")
	w.u32(1).u32(0x65000000).raw([]byte{3}).u16(etype).u16(len(key)).raw(key).u32(3)
	return w.Bytes()
}

// keytab is a file with two keys and a hole between them.
func keytab(k1, k2 []byte) []byte {
	w := writer{order: binary.BigEndian}
	w.raw([]byte{5, 2}).sized(keytabEntry(18, k1))
	w.u32(-24).raw(make([]byte, 24))
	w.sized(keytabEntry(17, k2))
	return w.Bytes()
}

func (w *writer) principal(names ...string) *writer {
	w.u32(1).u32(len(names) - 1)
	for _, n := range names {
		w.sized([]byte(n))
	}
	return w
}

// ccache is a file with a configuration entry and a ticket.
func ccache(key []byte, header bool) []byte {
	w := writer{order: binary.BigEndian}
	w.raw([]byte{5, 4})
	if header {
		w.u16(12).u16(1).u16(8).u32(-1).u32(0)
	} else {
		w.u16(0)
	}
	w.principal("EXAMPLE.ORG", "alice")
	rest := func(ticket []byte) {
		w.raw(make([]byte, 16)).raw([]byte{0}).u32(0x50e10000).u32(0).u32(0).sized(ticket).sized(nil)
	}
	w.principal("EXAMPLE.ORG", "alice").principal("X-CACHECONF:", "krb5_ccache_conf_data", "pa_type")
	w.u16(0).u32(0)
	rest([]byte("2"))
	w.principal("EXAMPLE.ORG", "alice").principal("EXAMPLE.ORG", "krbtgt", "EXAMPLE.ORG")
	w.u16(18).sized(key)
	rest(secret(300))
	return w.Bytes()
}

func encryptionKey(etype int, key []byte) []byte {
	n := byte(len(key))
	return append([]byte{0x30, n + 9, 0xa0, 3, 2, 1, byte(etype), 0xa1, n + 2, 4, n}, key...)
}

func dpapi(data []byte) []byte {
	w := writer{order: binary.LittleEndian}
	w.raw([]byte(provider)).u32(1).raw(secret(16)).u32(0).sized([]byte("p\x00w\x00\x00\x00"))
	w.u32(0x6610).u32(256).sized(secret(32)).sized(nil).u32(0x800e).u32(512).sized(secret(32)).sized(data).sized(secret(64))
	return w.Bytes()
}

func masterKeyFile(k1, k2 []byte) []byte {
	w := writer{order: binary.LittleEndian}
	w.u32(2).u32(0).u32(0)
	for _, c := range "9af6b52e-6b3c-4a8e-9d2f-0c6f5d1f7a3b" {
		w.u16(int(c))
	}
	w.u32(0).u32(0).u32(5)
	w.u64(uint64(32 + len(k1))).u64(uint64(32 + len(k2))).u64(0).u64(0)
	for _, k := range [][]byte{k1, k2} {
		w.u32(2).raw(secret(16)).u32(8000).u32(0x800e).u32(0x6610).raw(k)
	}
	return w.Bytes()
}

func masterKeyEntry(size int, key []byte) []byte {
	w := writer{order: binary.LittleEndian}
	if size == 8 {
		w.u64(0x000001f0a1b2c3d8).u64(0x00007ffc11223340)
	} else {
		w.u32(0x00a1b2c4).u32(0x71223340)
	}
	guid := secret(16)
	guid[7], guid[8] = 0x4a, 0x9d
	w.u32(0x3e7).u32(0).raw(guid).u64(0x01d9aabbccddeeff).u32(len(key)).raw(key)
	return w.Bytes()
}

func bcryptKey(at int, key []byte, expanded bool) []byte {
	w := writer{order: binary.LittleEndian}
	w.u32(at + 4 + len(key) + 256).raw([]byte("KSSM")).u32(0x00010005)
	for w.Len() < at {
		w.u32(1)
	}
	w.sized(key).raw(make([]byte, 12))
	n := 244
	if expanded {
		w.raw(key)
		n -= len(key)
	}
	w.raw(make([]byte, n))
	return w.Bytes()
}

func hexOf(p []byte) string { return hex.EncodeToString(p) }
