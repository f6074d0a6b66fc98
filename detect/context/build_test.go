package context

import (
	"encoding/base64"
	"math/rand/v2"
	"strings"
)

const (
	alnum    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	hexDigit = "0123456789abcdef"
	cryptSet = "./" + alnum
)

// maker makes secrets that were never in use, the same ones on every run.
type maker struct{ r *rand.Rand }

func newMaker(seed uint64) maker { return maker{rand.New(rand.NewPCG(seed, 4))} }

func (m maker) of(set string, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(set[m.r.IntN(len(set))])
	}
	return b.String()
}

// token returns n letters and digits.
func (m maker) token(n int) string { return m.of(alnum, n) }

// password returns a password as a generator makes it.
func (m maker) password() string { return m.of(alnum, 8) + m.of("!$^*", 1) + m.of(alnum, 4) + "x7" }

// human returns a password as people make it.
func (m maker) human() string {
	return []string{"Winter", "Falcon", "Orange", "Rocket"}[m.r.IntN(4)] + m.of("123456789", 3) + m.of("!$?", 1)
}

// words returns a password of two words and a number.
func (m maker) words() string {
	w := []string{"violet", "tiger", "planet", "silver"}
	return w[m.r.IntN(4)] + m.of("-_.", 1) + w[m.r.IntN(4)] + m.of("23456789", 4)
}

func (m maker) base64(n int) string {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(m.r.UintN(256))
	}
	return base64.StdEncoding.EncodeToString(p)
}
