package secret

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
)

// envelopeForms are keys in the files and objects of single programs and protocols.
func envelopeForms() (fs []Form) {
	add := func(name, kind, encoding, confidence string, make func(*Source) (marked, [][]byte)) {
		fs = append(fs, form(name, func(src *Source) Secret {
			m, values := make(src)
			s := m.secret("", kind, encoding, values...)
			s.Confidence = confidence
			return s.aligned()
		}))
	}
	text := func(name, kind, encoding string, make func(*Source) (marked, [][]byte)) {
		f := form(name, func(src *Source) Secret {
			m, values := make(src)
			s := m.text("", kind, encoding, values...)
			s.Confidence = likely
			return s
		})
		fs = append(fs, f, f.wide())
	}
	for _, c := range []struct{ enctype, size int }{{17, 16}, {18, 32}, {23, 16}} {
		add(fmt.Sprintf("kerberos-keytab-%d", c.enctype), KindKeytab, "raw", likely, func(s *Source) (marked, [][]byte) {
			key := s.Bytes(c.size)
			return keytab(c.enctype, key), [][]byte{key}
		})
		add(fmt.Sprintf("kerberos-ccache-%d", c.enctype), KindCCache, "raw", likely, func(s *Source) (marked, [][]byte) {
			key := s.Bytes(c.size)
			return s.ccache(c.enctype, key), [][]byte{key}
		})
		add(fmt.Sprintf("kerberos-keytab-%d-lost", c.enctype), KindKeytab, "raw", likely, func(s *Source) (marked, [][]byte) {
			key := s.Bytes(c.size)
			return keytab(c.enctype, key).lost(16), [][]byte{key}
		})
		add(fmt.Sprintf("kerberos-ccache-%d-lost", c.enctype), KindCCache, "raw", likely, func(s *Source) (marked, [][]byte) {
			key := s.Bytes(c.size)
			return s.ccache(c.enctype, key).lost(32), [][]byte{key}
		})
		// EncryptionKey: RFC 4120, section 5.2.9.
		add(fmt.Sprintf("kerberos-der-%d", c.enctype), KindKerberos, "der", likely, func(s *Source) (marked, [][]byte) {
			key := s.Bytes(c.size)
			return seq(of(tagContext0, small(int64(c.enctype))), of(tagContext1, hiddenOctets(key))).der(), [][]byte{key}
		})
		fs = append(fs, form(fmt.Sprintf("kerberos-keyblock-%d", c.enctype), func(s *Source) Secret { return s.keyblock(c.enctype, c.size) }))
	}
	add("bks-rsa", KindJava, "raw", likely, func(s *Source) (marked, [][]byte) { return s.bks(), nil })
	text("age-x25519", KindAge, "text", func(s *Source) (m marked, values [][]byte) {
		key := s.Bytes(32)
		m.str("# created: 2026-11-30T07:00:00Z\nAGE-SECRET-KEY-1")
		m.hide([]byte(bech32("AGE-SECRET-KEY-", key)))
		m.str("\n")
		return m, [][]byte{key}
	})
	text("wireguard-conf", KindWireGuard, "base64", func(s *Source) (m marked, values [][]byte) {
		k := s.x25519()
		m.str("[Interface]\nPrivateKey = ")
		m.hide([]byte(base64.StdEncoding.EncodeToString(k.Seed)[:43]))
		m.str("=\nAddress = 10.0.0.2/24\n\n[Peer]\nPublicKey = " + base64.StdEncoding.EncodeToString(s.x25519().Pub) + "\n")
		return m, [][]byte{k.Seed}
	})
	text("wireguard-uapi", KindWireGuard, "hex", func(s *Source) (m marked, values [][]byte) {
		k := s.x25519()
		m.str("set=1\nprivate_key=")
		m.hide(fmt.Appendf(nil, "%x", k.Seed))
		m.str(fmt.Sprintf("\nlisten_port=51820\npublic_key=%x\n", s.x25519().Pub))
		return m, [][]byte{k.Seed}
	})
	for _, name := range []string{"signify", "minisign"} {
		fs = append(fs, form(name, func(s *Source) Secret {
			k := s.ed25519()
			var m marked
			m.str("untrusted comment: " + name + " secret key\n")
			m.app(signingFile(s, name, k).b64std())
			m.str("\n")
			return m.text("", KindEd25519, "base64", k.Seed)
		}))
	}
	text("openvpn-static", KindOpenVPN, "hex", func(s *Source) (m marked, values [][]byte) {
		key := s.Bytes(256)
		m.str("-----BEGIN OpenVPN Static key V1-----\n")
		for i := 0; i < len(key); i += 16 {
			m.hide(fmt.Appendf(nil, "%x", key[i:i+16]))
			m.str("\n")
		}
		m.str("-----END OpenVPN Static key V1-----\n")
		return m, [][]byte{key}
	})
	// struct key2 of OpenVPN's crypto.h, of which the keys for the cipher are in use elsewhere.
	fs = append(fs, on(LittleEndian, []Form{form("openvpn-key2", func(s *Source) Secret {
		key := s.Bytes(256)
		var m marked
		m.u32le(0, 0, 0, 2)
		m.hide(key)
		m.put(make([]byte, 48)...)
		return m.secret("", KindOpenVPN, "raw", key).aligned().with(schedule(key[:32]), schedule(key[128:160]))
	})})...)
	return append(fs, on(LittleEndian, windowsObjectForms())...)
}

// windowsObjectForms are keys as objects of Windows hold them, of 64-bit processes.
func windowsObjectForms() (fs []Form) {
	add := func(name, kind, encoding string, make func(*Source) (marked, [][]byte)) {
		fs = append(fs, form(name, func(src *Source) Secret {
			m, values := make(src)
			s := m.secret("", kind, encoding, values...)
			s.Confidence = likely
			return s.aligned()
		}))
	}
	// An entry of LSASS's list of master keys, as pypykatz reads it: links, LUID, GUID, time, size, key.
	add("dpapi-master-key", KindDPAPI, "raw", func(s *Source) (m marked, values [][]byte) {
		m.word(0x0000_01a2_4c30_1f80)
		m.word(0x0000_7ffb_1a2c_6c40)
		m.u32le(uint32(1+s.IntN(1<<20)), 0)
		guid := s.Bytes(16)
		guid[7], guid[8] = guid[7]&0x0f|0x40, guid[8]&0x3f|0x80
		m.put(guid...)
		m.word(0x01dc_5a10_0000_0000 + uint64(s.IntN(1<<30)))
		m.u32le(64)
		key := s.Bytes(64)
		m.hide(key)
		m.u32le(0)
		return m, [][]byte{key}
	})
	// KIWI_BCRYPT_KEY81 of mimikatz: size, tag, type, five words, a pointer, four words, the secret behind its size.
	add("bcrypt-kssm", KindSymmetric, "cng", func(s *Source) (m marked, values [][]byte) {
		key := s.Bytes(16)
		m.u32le(0x28c)
		m.str("KSSM")
		m.u32le(0x00050002, 1, 0x10, 0x80, 0x80, 0)
		m.word(0x0000_01a2_4c31_0b40)
		m.u32le(0, 0, 0, 0, uint32(len(key)))
		m.hide(key)
		m.put(make([]byte, 0x28c-len(m.b))...)
		return m, [][]byte{key}
	})
	// SYMCRYPT_INT of symcrypt_internal.h: type, digits of 64 bytes, size, the value at the next multiple of 32.
	add("symcrypt-scalar", KindOther, limbsLE, func(s *Source) (m marked, values [][]byte) {
		d := s.Bytes(32)
		d[0] |= 1
		m.put(make([]byte, 32)...)
		m.u32le(0x67490000, 1, 96, 0, 0, 0, 0, 0)
		m.hideReversed(d)
		m.put(make([]byte, 32)...)
		return m, [][]byte{d}
	})
	return fs
}

// signingFile is a key without a pass phrase: struct enckey of OpenBSD's signify.c, or SeckeyStruct of minisign.h.
func signingFile(s *Source, name string, k okpKey) (m marked) {
	m.str("Ed")
	if name == "minisign" {
		m.put(0, 0, 'B', '2')
		m.put(make([]byte, 48)...)
	} else {
		sum := sha512.Sum512(append(append([]byte(nil), k.Seed...), k.Pub...))
		m.put('B', 'K', 0, 0, 0, 0)
		m.put(s.Bytes(16)...)
		m.put(sum[:8]...)
	}
	m.put(s.Bytes(8)...) // the number of the key
	m.hide(k.Seed)
	m.put(k.Pub...)
	if name == "minisign" {
		m.put(make([]byte, 32)...)
	}
	return m
}

// keytab is a file of one entry: MIT Kerberos, "Keytab file format", version 2.
func keytab(enctype int, key []byte) (m marked) {
	var e marked
	e.b = binary.BigEndian.AppendUint16(e.b, 2)
	for _, s := range []string{"EXAMPLE.ORG", "HTTP", "www.example.org"} {
		e.utf(s)
	}
	e.u32be(1, 1764486000)
	e.put(3)
	e.b = binary.BigEndian.AppendUint16(e.b, uint16(enctype))
	e.b = binary.BigEndian.AppendUint16(e.b, uint16(len(key)))
	e.hide(key)
	e.u32be(3)
	m.put(5, 2)
	m.u32be(uint32(len(e.b)))
	m.app(e)
	return m
}

// ccache is a cache of one ticket: MIT Kerberos, "Credential cache file format", version 4.
func (s *Source) ccache(enctype int, key []byte) (m marked) {
	data := func(p string) {
		m.u32be(uint32(len(p)))
		m.str(p)
	}
	principal := func(kind uint32, parts ...string) {
		m.u32be(kind, uint32(len(parts)))
		data("EXAMPLE.ORG")
		for _, p := range parts {
			data(p)
		}
	}
	m.put(5, 4, 0, 12, 0, 1, 0, 8)
	m.u32be(0xffffffff, 0) // how far the KDC's clock is off
	principal(1, "alice")
	principal(1, "alice")
	principal(2, "krbtgt", "EXAMPLE.ORG")
	m.b = binary.BigEndian.AppendUint16(m.b, uint16(enctype))
	m.u32be(uint32(len(key)))
	m.hide(key)
	m.u32be(1764486000, 1764486000, 1764522000, 1764572400)
	m.put(0)
	m.u32be(0x50e10000, 0, 0)
	data(string(s.Bytes(300)))
	data("")
	return m
}

// keyblock is krb5_keyblock of krb5.h: magic, type, length, and a pointer to the key, which lies elsewhere.
func (s *Source) keyblock(enctype, size int) Secret {
	key := s.Bytes(size)
	part := chunks(hidden(key)).secret("", KindKerberos, "raw", key).aligned()
	part.Form = fmt.Sprintf("kerberos-keyblock-%d-key", enctype)
	holder := inPublic(make([]byte, 32)).with(part)
	holder.Form = fmt.Sprintf("kerberos-keyblock-%d", enctype)
	holder.Align = chunkAlign
	holder.Link = func(p []byte, word Word, at []uint64) {
		const magic = 0x970e_a703 // -1760647421
		// Its words of 32 bits are as the machine has them: written as words of 64 they take two places.
		probe := make([]byte, 16)
		word(probe, 0, magic)
		big, wide := probe[0] == 0x97 || probe[4] == 0x97, true
		word(probe, 1, ^uint64(0))
		if probe[8] == 0 {
			wide = false
		}
		order := binary.AppendByteOrder(binary.LittleEndian)
		if big {
			order = binary.BigEndian
		}
		head := order.AppendUint32(order.AppendUint32(order.AppendUint32(nil, magic), uint32(enctype)), uint32(size))
		copy(p, head)
		if wide {
			word(p, 2, at[0]+chunkAlign)
		} else {
			word(p, 3, at[0]+chunkAlign)
		}
	}
	return holder
}

// bks is BouncyCastle's key store with one key under a password: BcKeyStoreSpi, version 2. The key is
// not encrypted here, only random, as who has no password sees it.
func (s *Source) bks() (m marked) {
	m.u32be(2, 20)
	m.put(s.Bytes(20)...)
	m.u32be(uint32(1024 + s.IntN(1024)))
	m.put(4)
	m.utf("server")
	m.b = binary.BigEndian.AppendUint64(m.b, 1717000000000)
	m.u32be(1)
	m.javaCert(s.rsaOf(1024).certificate(int64(1+s.IntN(1<<30)), "build.example.org", s.rsaOf(1024).spki()))
	sealed := s.Bytes(20 + 4 + 4 + 640)
	m.u32be(uint32(len(sealed)))
	m.hide(sealed)
	m.put(0)
	m.put(s.Bytes(20)...)
	return m
}

// bech32 returns what stands behind the separator, in upper case: BIP 173.
func bech32(prefix string, data []byte) string {
	const alphabet = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
	var groups []byte
	acc, bits := 0, 0
	for _, b := range data {
		acc, bits = acc<<8|int(b), bits+8
		for ; bits >= 5; bits -= 5 {
			groups = append(groups, byte(acc>>(bits-5)&31))
		}
		acc &= 1<<bits - 1
	}
	if bits > 0 {
		groups = append(groups, byte(acc<<(5-bits)&31))
	}
	all := []byte{}
	low := strings.ToLower(prefix)
	for i := range len(low) {
		all = append(all, low[i]>>5)
	}
	all = append(all, 0)
	for i := range len(low) {
		all = append(all, low[i]&31)
	}
	all = append(append(all, groups...), 0, 0, 0, 0, 0, 0)
	sum := uint32(1)
	for _, v := range all {
		b := sum >> 25
		sum = (sum&0x1ffffff)<<5 ^ uint32(v)
		for i, g := range []uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if b>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	sum ^= 1
	for i := range 6 {
		groups = append(groups, byte(sum>>(5*(5-i))&31))
	}
	var out strings.Builder
	for _, g := range groups {
		out.WriteByte(alphabet[g])
	}
	return out.String()
}
