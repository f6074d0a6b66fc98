package secret

import (
	"encoding/binary"
	"math/big"
	"slices"
)

func (m *marked) u32le(xs ...uint32) {
	for _, x := range xs {
		m.b = binary.LittleEndian.AppendUint32(m.b, x)
	}
}

// fixed returns x in n bytes, big-endian.
func fixed(x *big.Int, n int) []byte { return x.FillBytes(make([]byte, n)) }

// cng is BCRYPT_RSAPRIVATE_BLOB (RSA2) or BCRYPT_RSAFULLPRIVATE_BLOB (RSA3):
// BCRYPT_RSAKEY_BLOB in bcrypt.h, numbers big-endian.
func (k *rsaKey) cng(full bool) marked {
	var m marked
	m.str(map[bool]string{false: "RSA2", true: "RSA3"}[full])
	n, half := k.Bits/8, k.Bits/16
	m.u32le(uint32(k.Bits), 3, uint32(n), uint32(half), uint32(half))
	m.put(1, 0, 1)
	m.put(fixed(k.N, n)...)
	m.hide(fixed(k.P, half))
	m.hide(fixed(k.Q, half))
	if full {
		for _, x := range []*big.Int{k.Dp, k.Dq, k.Inv} {
			m.hide(fixed(x, half))
		}
		m.hide(fixed(k.D, n))
	}
	return m
}

func (k *rsaKey) cngPublic() marked {
	var m marked
	m.str("RSA1")
	m.u32le(uint32(k.Bits), 3, uint32(k.Bits/8), 0, 0)
	m.put(1, 0, 1)
	m.put(k.N.Bytes()...)
	return m
}

// cng is BCRYPT_ECCPRIVATE_BLOB: BCRYPT_ECCKEY_BLOB in bcrypt.h. use is 'S' for
// ECDSA and 'K' for ECDH.
func (k ecKey) cng(use byte) marked {
	var m marked
	m.put('E', 'C', use, k.magic)
	m.u32le(uint32(k.size))
	m.put(k.X...)
	m.put(k.Y...)
	m.hide(k.D)
	return m
}

func (k ecKey) cngPublic(use byte) marked {
	var m marked
	m.put('E', 'C', use, k.magic-1)
	m.u32le(uint32(k.size))
	m.put(k.X...)
	m.put(k.Y...)
	return m
}

// kdbm is BCRYPT_KEY_DATA_BLOB: bcrypt.h.
func kdbm(key []byte) marked {
	var m marked
	m.str("KDBM")
	m.u32le(1, uint32(len(key)))
	m.hide(key)
	return m
}

// CALG_RSA_KEYX and CALG_RSA_SIGN: wincrypt.h.
const (
	calgKeyX = 0xa400
	calgSign = 0x2400
)

// capi is PRIVATEKEYBLOB with RSAPUBKEY: wincrypt.h, numbers little-endian.
func (k *rsaKey) capi(alg uint32) marked {
	var m marked
	m.put(7, 2, 0, 0)
	m.u32le(alg)
	m.str("RSA2")
	m.u32le(uint32(k.Bits), exponent)
	n, half := k.Bits/8, k.Bits/16
	m.put(reversed(fixed(k.N, n))...)
	for _, x := range []*big.Int{k.P, k.Q, k.Dp, k.Dq, k.Inv} {
		m.hideReversed(fixed(x, half))
	}
	m.hideReversed(fixed(k.D, n))
	return m
}

// hideReversed appends p backwards; its leading zeros come last.
func (m *marked) hideReversed(p []byte) {
	m.mark(len(m.b), len(m.b)+len(trim(p)))
	m.b = append(m.b, reversed(p)...)
}

func (k *rsaKey) capiPublic(alg uint32) marked {
	var m marked
	m.put(6, 2, 0, 0)
	m.u32le(alg)
	m.str("RSA1")
	m.u32le(uint32(k.Bits), exponent)
	m.put(reversed(fixed(k.N, k.Bits/8))...)
	return m
}

func reversed(p []byte) []byte {
	q := slices.Clone(p)
	slices.Reverse(q)
	return q
}
