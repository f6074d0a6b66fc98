// Package dumptest makes small dumps and finds real ones, for tests.
package dumptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
)

// Head is the size in bytes of the headers that [Core] puts before the memory.
const Head = 64 + 56

// Core returns a little-endian ELF core of x86-64 whose only segment is memory at address 0x400000.
// It is written after the System V ABI and shares nothing with the reader.
func Core(memory []byte) []byte {
	le := binary.LittleEndian
	b := []byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	b = le.AppendUint16(b, 4)  // e_type: ET_CORE
	b = le.AppendUint16(b, 62) // e_machine: EM_X86_64
	b = le.AppendUint32(b, 1)  // e_version
	for _, v := range []uint64{0, 64, 0} {
		b = le.AppendUint64(b, v) // e_entry, e_phoff, e_shoff
	}
	b = le.AppendUint32(b, 0) // e_flags
	for _, v := range []uint16{64, 56, 1, 0, 0, 0} {
		b = le.AppendUint16(b, v) // e_ehsize, e_phentsize, e_phnum, no sections
	}
	b = le.AppendUint32(b, 1) // p_type: PT_LOAD
	b = le.AppendUint32(b, 6) // p_flags: readable, writable
	n := uint64(len(memory))
	for _, v := range []uint64{Head, 0x400000, 0, n, n, 4096} {
		b = le.AppendUint64(b, v) // p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_align
	}
	return append(b, memory...)
}

// KeyPEM returns a fresh P-256 key in PKCS #8 and PEM.
func KeyPEM() []byte {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// Folder returns the folder of real dumps, DUMPSCRUB_SAMPLES or shared/dumps beside the repository, or
// "" where there is none.
func Folder() string {
	if dir := os.Getenv("DUMPSCRUB_SAMPLES"); dir != "" {
		return dir
	}
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
			continue
		}
		dumps := filepath.Join(dir, "..", "shared", "dumps")
		if _, err := os.Stat(dumps); err == nil {
			return dumps
		}
	}
	return ""
}

// MustFolder is [Folder] for tests that there is nothing to do for without real dumps.
func MustFolder(t testing.TB) string {
	t.Helper()
	dir := Folder()
	if dir == "" {
		t.Skip("no sample dumps here: set DUMPSCRUB_SAMPLES to their folder")
	}
	return dir
}
