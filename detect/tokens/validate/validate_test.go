package validate_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/tokens/validate"
)

const (
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	lower  = "abcdefghijklmnopqrstuvwxyz"
	digits = "0123456789"
	alnum  = digits + upper + lower
)

var rng = rand.New(rand.NewPCG(1, 7)) // deterministic test data

func random(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[rng.IntN(len(alphabet))]
	}
	return string(b)
}

// inBase writes v to a base by way of math/big, filled up with zeros.
func inBase(v uint32, base, width int) string {
	s := new(big.Int).SetUint64(uint64(v)).Text(base)
	return strings.Repeat("0", width-len(s)) + s
}

// swapCase turns the digits of math/big (lower case first) into GitHub's.
func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 32
		case r >= 'A' && r <= 'Z':
			return r + 32
		}
		return r
	}, s)
}

func crc(s string) uint32 { return crc32.ChecksumIEEE([]byte(s)) }

// makers build valid tokens, each by a way that is not the validator's own where
// there is one. All are made at run time.
func makers() map[string]func() string {
	m := map[string]func() string{
		"github": func() string {
			body := random(alnum, 30)
			return "gho_" + body + swapCase(inBase(crc(body), 62, 6))
		},
		"github-fine-grained": func() string {
			body := "github_pat_" + random(alnum, 22) + "_" + random(alnum, 53)
			return body + swapCase(inBase(crc(body), 62, 6))
		},
		"gitlab-routable": func() string {
			body := "glpat-" + random(alnum+"_-", 27) + ".01.0" + random(digits, 1)
			return body + inBase(crc(body), 36, 7)
		},
		"atlassian": func() string {
			body := "ATATT3xFfGF0" + random(alnum+"_-", 171) + "="
			return body + fmt.Sprintf("%08X", crc(body))
		},
		"grafana": func() string {
			body := "glsa_" + random(alnum, 32)
			return body + "_" + hex.EncodeToString(binary.LittleEndian.AppendUint32(nil, crc(body)))
		},
		"macaroon": func() string {
			p := []byte("\x02\x01\x08pypi.org\x02\x24" + random(digits+"abcdef", 36) + "\x00\x02\x2c" + random(alnum, 44) + "\x00\x00\x06\x20" + random(alnum, 32))
			return "pypi-" + base64.RawURLEncoding.EncodeToString(p)
		},
		"sentry": func() string {
			p := `{"iat":` + random("123456789", 10) + `,"url":"https://sentry.invalid","region_url":"","org":"test"}`
			return "sntrys_" + base64.StdEncoding.EncodeToString([]byte(p)) + "_" + random(alnum+"+/", 43)
		},
		"jwt": func() string {
			enc := base64.RawURLEncoding
			return enc.EncodeToString([]byte(`{"alg":"HS256","kid":"`+random(alnum, 4)+`"}`)) + "." +
				enc.EncodeToString([]byte(`{"sub":"test"}`)) + "." + random(alnum+"_-", 43)
		},
		"json-base64": func() string {
			return "glc_" + base64.StdEncoding.EncodeToString([]byte(`{"o":"`+random(digits, 6)+`","n":"test","k":"`+random(alnum, 24)+`"}`))
		},
		"basic": func() string {
			return base64.StdEncoding.EncodeToString([]byte(random(lower, 6) + ":" + random(alnum, 14)))
		},
		"base58check": func() string {
			p := append([]byte{0x80}, []byte(random(alnum, 32))...)
			p = append(p, 1)
			one := sha256.Sum256(p)
			two := sha256.Sum256(one[:])
			return toBase58(append(p, two[:4]...))
		},
		"azure-devops": func() string {
			p := []byte(random(alnum, 32))
			rest := slices.Concat(p[:2], p[3:7], p[9:22], p[23:])
			sum := crc(string(rest)) ^ 0xe0b9692d
			for i, at := range []int{22, 8, 7, 2} {
				p[at] = byte(sum >> (8 * i))
			}
			return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(p))[:52]
		},
	}
	m["npm"] = func() string { return "npm_" + m["github"]()[4:] }
	return m
}

func toBase58(p []byte) string {
	const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	v, mod := new(big.Int).SetBytes(p), new(big.Int)
	var out []byte
	for v.Sign() > 0 {
		v.DivMod(v, big.NewInt(58), mod)
		out = append(out, alphabet[mod.Int64()])
	}
	slices.Reverse(out)
	return string(out)
}

func TestMade(t *testing.T) {
	for name, token := range makers() {
		f := validate.Lookup(name)
		if f == nil {
			t.Errorf("no validator %q", name)
			continue
		}
		for range 200 {
			if tok := token(); f([]byte(tok)) != validate.Valid {
				t.Errorf("%s: a made token is %v", name, f([]byte(tok)))
				break
			}
		}
	}
}

// A check sum does not survive the change of one character.
func TestMutated(t *testing.T) {
	sums := []string{"github", "github-fine-grained", "npm", "gitlab-routable", "atlassian", "grafana", "azure-devops", "base58check"}
	for name, token := range makers() {
		if !slices.Contains(sums, name) {
			continue
		}
		f := validate.Lookup(name)
		for range 200 {
			tok := []byte(token())
			// The last character of a DevOps token has one bit only.
			i := len(tok)/2 + rng.IntN(len(tok)/2-1)
			if tok[i] == '=' || tok[i] == '_' || tok[i] == '.' {
				continue
			}
			was := bytes.Clone(tok[i : i+1])
			// Atlassian's check sum is hexadecimal, which has no case.
			for bytes.EqualFold(tok[i:i+1], was) {
				tok[i] = "23456bcd"[rng.IntN(8)]
			}
			if f(tok) == validate.Valid {
				t.Errorf("%s: valid with character %d of %d changed", name, i, len(tok))
			}
		}
	}
}

// Published vectors: SymCrypt's test of Marvin, and Microsoft's own samples of
// keys, whose random part is one repeated character.
func TestMarvin(t *testing.T) {
	fold := func(v uint64) uint32 { return uint32(v) ^ uint32(v>>32) }
	for _, c := range []struct {
		data string
		seed uint64
		want uint64
	}{
		{"abc", 0xd53cd9cecd0893b7, 0x22c74339492769bf},
		{"abcdefghijklmnopqrstuvwxyz", 0xddddeeeeffff000, 0xa128eb7e7260aca2},
	} {
		if got := validate.Marvin32([]byte(c.data), c.seed); got != fold(c.want) {
			t.Errorf("Marvin of %q is %08x, want %08x", c.data, got, fold(c.want))
		}
	}
}

func TestMicrosoftSamples(t *testing.T) {
	a := strings.Repeat("a", 76)
	for _, c := range []struct {
		f     validate.Func
		token string
	}{
		{validate.AzureKey, a + "+ASt5mnCaw=="},
		{validate.AzureKey, a + "ACDbOpqrYA=="},
		{validate.AzureKey, a + "+ABa13FZVQ=="},
		{validate.AzureKey, a + "APIMHbKhsQ=="},
		{validate.CASK, strings.Repeat("A", 52) + "JQQJ99AGAAAAAAAAAAAAAAAAABCDTZJ9JA=="},
		{validate.CASK, strings.Repeat("A", 52) + "JQQJ99AGAAAAAAAAAAAAAAAAABCDTZJ9"},
		{validate.Entra, "zzz8Q~" + strings.Repeat("z", 31) + "blP"},
	} {
		if got := c.f([]byte(c.token)); got != validate.Valid {
			t.Errorf("sample %s is %v", c.token[len(c.token)-14:], got)
		}
		i := len(c.token) - 4
		bad := []byte(c.token)
		if bad[i]++; c.f(bad) == validate.Valid {
			t.Errorf("sample %s is valid with a character changed", c.token[len(c.token)-14:])
		}
	}
}

// The check sum of an annotated key is also written as base-62 digits, which are
// then read as base64.
func TestCASKDigits(t *testing.T) {
	for range 300 {
		body := random(alnum, 52) + "JQQJ99BCAAAAAAAAAAAAAAAAAZST"
		p, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			t.Fatal(err)
		}
		sum := binary.LittleEndian.AppendUint32(nil, validate.Marvin32(p, 0x44656661756c7430))
		if sum[0] == 0 {
			continue // leading zeros are written as zeros, which math/big does not do
		}
		digits := swapCase(new(big.Int).SetBytes(sum).Text(62))
		digits += strings.Repeat("0", 6-len(digits))
		for _, token := range []string{body + digits[:4], body + digits + "=="} {
			if v := validate.CASK([]byte(token)); v != validate.Valid {
				t.Fatalf("a key with digits %s is %v", digits, v)
			}
		}
	}
}

func TestAzureServices(t *testing.T) {
	for _, s := range validate.AzureServices() {
		for _, seed := range s.Seeds {
			n := (s.Len*8+5)/6 - 10
			enc := base64.RawStdEncoding
			p, err := enc.DecodeString((random(alnum, n) + s.Signature + "AAAAAA")[:enc.EncodedLen(s.Len)])
			if err != nil {
				t.Fatal(err)
			}
			binary.LittleEndian.PutUint32(p[s.Len-4:], validate.Marvin32(p[:s.Len-4], seed))
			text := base64.StdEncoding.EncodeToString(p)
			if text[n:n+4] != s.Signature {
				t.Fatalf("%s: the signature does not show", s.Kind)
			}
			if v := validate.AzureKey([]byte(text)); v != validate.Valid {
				t.Errorf("%s: %v", s.Kind, v)
			}
			if v := validate.AzureKey([]byte(strings.TrimRight(text, "="))); v != validate.Valid {
				t.Errorf("%s without padding: %v", s.Kind, v)
			}
			bad := []byte(text)
			bad[5] ^= 1 << 5 // the other case of a letter, or a character of no alphabet
			if validate.AzureKey(bad) == validate.Valid {
				t.Errorf("%s: valid with a character changed", s.Kind)
			}
		}
	}
}

// AWS account numbers end at twelve digits.
func TestAWS(t *testing.T) {
	id := func(account uint64) []byte {
		var p [10]byte
		copy(p[:], random(alnum, 10))
		binary.BigEndian.PutUint64(p[:], account<<23|1<<63)
		return []byte("AKIA" + base32.StdEncoding.EncodeToString(p[:]))
	}
	if v := validate.AWSKeyID(id(123456789012)); v != validate.Undetermined {
		t.Errorf("an id of a possible account is %v", v)
	}
	if v := validate.AWSKeyID(id(1e12)); v != validate.Invalid {
		t.Errorf("an id of an impossible account is %v", v)
	}
	if v := validate.AWSKeyID([]byte("AKIAIOSFODNN7EXAMPLE")); v != validate.Undetermined { // AWS's documented sample
		t.Errorf("an old id is %v", v)
	}
}

// BIP 173's own vectors.
func TestBech32(t *testing.T) {
	for _, s := range []string{"A12UEL5L", "a12uel5l", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w"} {
		if v := validate.Bech32([]byte(s)); v != validate.Valid {
			t.Errorf("%q is %v", s, v)
		}
		if v := validate.Bech32([]byte(s[:len(s)-1] + "q")); v == validate.Valid {
			t.Errorf("%q with its last character changed is valid", s)
		}
	}
	if validate.Bech32([]byte("A12uEL5L")) == validate.Valid {
		t.Error("mixed case is valid")
	}
}

func TestNames(t *testing.T) {
	names := validate.Names()
	for _, n := range names {
		if validate.Lookup(n) == nil {
			t.Errorf("%q is not found", n)
		}
	}
	if validate.Lookup("nothing") != nil {
		t.Error("a name that is none is found")
	}
	for v, s := range map[validate.Verdict]string{validate.Valid: "valid", validate.Invalid: "invalid", validate.Undetermined: "undetermined"} {
		if v.String() != s {
			t.Errorf("%s is called %s", s, v)
		}
	}
}

// No input makes a validator fail, and none of them changes its input.
func FuzzAll(f *testing.F) {
	for name, token := range makers() {
		i, _ := slices.BinarySearch(validate.Names(), name)
		f.Add([]byte(token()), i)
	}
	f.Add([]byte("pypi-AgEI"), 15)
	f.Fuzz(func(t *testing.T, token []byte, which int) {
		names := validate.Names()
		if which < 0 || which >= len(names) {
			t.Skip(strconv.Itoa(which))
		}
		was := bytes.Clone(token)
		validate.Lookup(names[which])(token)
		if !bytes.Equal(was, token) {
			t.Error("the token was changed")
		}
	})
}
