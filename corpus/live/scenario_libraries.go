package live

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"math/big"
	"strconv"

	"github.com/dumpscrub/dumpscrub/corpus/live/needle"
)

// library is a cryptographic library for C and the program that uses it.
type library struct {
	name  string
	about string
	pkg   string // Debian package with its headers
	flags []string
	keys  []string                            // of which it uses: rsaHost, ecHost, edHost
	text  func(crypto.Signer) ([]byte, error) // how it reads keys
}

func libraries() []library {
	all := []string{rsaHost, ecHost, edHost}
	return []library{
		{"libcrypto", "OpenSSL's libcrypto", "libssl-dev", []string{"-lcrypto"}, all, pkcs8},
		{"mbedtls", "mbedTLS", "libmbedtls-dev", []string{"-lmbedcrypto"}, []string{rsaHost, ecHost}, pkcs8},
		{"wolfssl", "wolfSSL", "libwolfssl-dev", []string{"-lwolfssl"}, []string{rsaHost, ecHost}, pkcs8},
		{"gnutls", "GnuTLS with nettle", "libgnutls28-dev", []string{"-lgnutls"}, all, pkcs8},
		{"gcrypt", "libgcrypt", "libgcrypt20-dev", []string{"-lgcrypt"}, all, sexp},
		{"sodium", "libsodium", "libsodium-dev", []string{"-lsodium"}, []string{edHost}, pkcs8},
		{"botan", "Botan", "libbotan-2-dev", []string{"-I/usr/include/botan-2", "-lbotan-2"}, all, pkcs8},
	}
}

// busyThreads use the keys while the dump is taken.
const busyThreads = 3

// scenario returns that of l.
func (l library) scenario() Scenario {
	return Scenario{l.name, "a program that signs with " + l.about, []string{"gcc"}, []string{l.pkg}, l.start}
}

// start builds the library's program and runs it with fresh keys.
func (l library) start(ctx context.Context, b *bench) (*subject, error) {
	if _, err := b.holder("holder.h"); err != nil {
		return nil, err
	}
	src, err := b.holder(l.name + ".c")
	if err != nil {
		return nil, err
	}
	args := append([]string{"-O2", "-pthread", "-o", b.path("holder"), src}, l.flags...)
	if _, err := b.run(ctx, "gcc", args...); err != nil {
		return nil, err
	}
	s := &subject{}
	files := map[string]string{rsaHost: "-", ecHost: "-", edHost: "-"}
	for _, kind := range l.keys {
		k, err := freshKey(kind)
		if err != nil {
			return nil, err
		}
		if err := s.know(kind, k); err != nil {
			return nil, err
		}
		text, err := l.text(k)
		if err != nil {
			return nil, err
		}
		if files[kind], err = b.write(kind, text); err != nil {
			return nil, err
		}
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	s.needles = append(s.needles, needle.Schedules("aes", "key", secret)...)
	aes, err := b.write("aes", secret)
	if err != nil {
		return nil, err
	}
	p, err := b.start(b.path("holder"), b.path("ready"), strconv.Itoa(busyThreads), files[rsaHost], files[ecHost], files[edHost], aes)
	if err != nil {
		return nil, err
	}
	if err := p.exists(ctx, b.path("ready")); err != nil {
		return nil, err
	}
	s.targets = []target{{name: "holder", pid: p.pid()}}
	s.load = p.wake
	return s, nil
}

// sexp returns k as libgcrypt's advanced S-expression (libgcrypt manual, "Used
// S-expressions"), numbers in hexadecimal with a leading zero byte.
func sexp(k crypto.Signer) ([]byte, error) {
	switch k := k.(type) {
	case *rsa.PrivateKey:
		// libgcrypt wants p < q, and u the inverse of p modulo q.
		p, q := k.Primes[0], k.Primes[1]
		if p.Cmp(q) > 0 {
			p, q = q, p
		}
		u := new(big.Int).ModInverse(p, q)
		return fmt.Appendf(nil, "(private-key (rsa (n #00%x#) (e #010001#) (d #00%x#) (p #00%x#) (q #00%x#) (u #00%x#)))",
			k.N.Bytes(), k.D.Bytes(), p.Bytes(), q.Bytes(), u.Bytes()), nil
	case *ecdsa.PrivateKey:
		d, err := k.Bytes()
		if err != nil {
			return nil, err
		}
		q, err := k.PublicKey.Bytes()
		return fmt.Appendf(nil, "(private-key (ecc (curve \"NIST P-256\") (q #%x#) (d #00%x#)))", q, d), err
	case ed25519.PrivateKey:
		return fmt.Appendf(nil, "(private-key (ecc (curve Ed25519) (flags eddsa) (q #40%x#) (d #%x#)))", k.Public(), k.Seed()), nil
	}
	return nil, errSkip{"no S-expression for this key"}
}
