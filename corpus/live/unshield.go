package live

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha512"
	"debug/elf"
	"encoding/binary"
	"io"
	"slices"

	"golang.org/x/crypto/ssh"
)

// OpenSSH shields idle keys: it encrypts them with AES-256 in counter mode under
// the first 32 bytes of the SHA-512 of a 16 KiB prekey, the next 16 being the
// counter block, and keeps both in memory (OpenSSH, sshkey.c,
// sshkey_shield_private).
const (
	prekeySize = 16 << 10
	// maxShielded is the largest shielded key looked at, in bytes: RSA of 16,384
	// bits has about 10,000.
	maxShielded = 16 << 10
)

// unshield decrypts the shielded keys in the core at path and returns the names
// of those that belong to keys: struct sshkey holds, one after another, the
// pointer to the shielded key, its length, the pointer to the prekey, its length.
func unshield(path string, keys []ssh.PublicKey) ([]string, error) {
	f, err := elf.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var names []string
	mark := binary.LittleEndian.AppendUint64(nil, prekeySize)
	for _, p := range f.Progs {
		if p.Type != elf.PT_LOAD || p.Filesz == 0 {
			continue
		}
		data, err := io.ReadAll(p.Open())
		if err != nil {
			return nil, err
		}
		for at := 24; at+8 <= len(data); at += 8 {
			if !bytes.Equal(data[at:at+8], mark) {
				continue
			}
			w := func(back int) uint64 { return binary.LittleEndian.Uint64(data[at-back:]) }
			blob, size, prekey := w(24), w(16), w(8)
			if size == 0 || size > maxShielded || size%aes.BlockSize != 0 {
				continue
			}
			plain := decrypt(f, blob, size, prekey)
			for _, k := range keys {
				// The plain text begins with the type and goes on with the numbers
				// of the key, the public ones among them.
				if name := k.Type(); len(plain) > 0 && bytes.HasPrefix(plain[4:], []byte(name)) && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	slices.Sort(names)
	return names, nil
}

// decrypt returns the plain text of a shielded key, or nil when its parts are not
// in the dump.
func decrypt(f *elf.File, blob, size, prekey uint64) []byte {
	pre, text := memory(f, prekey, prekeySize), memory(f, blob, size)
	if pre == nil || text == nil {
		return nil
	}
	h := sha512.Sum512(pre)
	c, err := aes.NewCipher(h[:32])
	if err != nil {
		return nil
	}
	cipher.NewCTR(c, h[32:48]).XORKeyStream(text, text)
	return text
}

// memory returns n bytes of the process at addr, or nil.
func memory(f *elf.File, addr, n uint64) []byte {
	for _, p := range f.Progs {
		if p.Type == elf.PT_LOAD && addr >= p.Vaddr && addr-p.Vaddr < p.Filesz && n <= p.Filesz-(addr-p.Vaddr) {
			out := make([]byte, n)
			if _, err := p.ReadAt(out, int64(addr-p.Vaddr)); err != nil {
				return nil
			}
			return out
		}
	}
	return nil
}
