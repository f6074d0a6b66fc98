package livetext

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/bits"
	"strings"
)

// Kind is a sort of secret.
type Kind struct {
	Name string
	Make func() Sample
}

// Sample is a secret and the text around it. Random is the part of Secret that
// cannot be guessed.
type Sample struct{ Before, Secret, After, Random string }

// Text returns the whole.
func (s Sample) Text() string { return s.Before + s.Secret + s.After }

// bare is a token that its own shape gives away, without a word that says so.
func bare(name, prefix, alphabet string, n int) Kind {
	return Kind{name, func() Sample {
		r := random(alphabet, n)
		return Sample{Secret: prefix + r, Random: r}
	}}
}

// in is a value that only what stands around it gives away.
func in(name, before, after string, value func() string) Kind {
	return Kind{name, func() Sample {
		v := value()
		return Sample{before, v, after, v}
	}}
}

func some(alphabet string, n int) func() string { return func() string { return random(alphabet, n) } }

// Kinds returns the kinds that are planted.
func Kinds() []Kind { return append(shaped(), placed()...) }

// shaped returns the kinds with a shape of their own.
func shaped() []Kind {
	return []Kind{
		bare("aws-access-key-id", "AKIA", base32, 16),
		bare("google-api-key", "AIza", word, 35),
		bare("google-access-token", "ya29.", word, 160),
		bare("google-client-secret", "GOCSPX-", word, 28),
		{"azure-storage-key", azureStorage},
		{"entra-client-secret", entra},
		{"github-token", withSum("ghp_", alnum, 30, func(s string) string { return crc(s[len("ghp_"):], alnum, 6) })},
		{"github-fine-grained", func() Sample {
			r := random(alnum, 22) + "_" + random(alnum, 59)
			return Sample{Secret: "github_pat_" + r, Random: r}
		}},
		bare("gitlab-token", "glpat-", word, 20),
		{"npm-token", withSum("npm_", alnum, 30, func(s string) string { return crc(s[len("npm_"):], alnum, 6) })},
		{"pypi-token", pypi},
		{"slack-bot-token", func() Sample {
			r := random(digits[1:], 12) + "-" + random(digits[1:], 13) + "-" + random(alnum, 24)
			return Sample{Secret: "xoxb-" + r, Random: r}
		}},
		{"slack-webhook", func() Sample {
			r := random(alnum, 24)
			return Sample{Secret: "https://hooks.slack.com/services/T" + random(digits+upper, 10) + "/B" + random(digits+upper, 10) + "/" + r, Random: r}
		}},
		bare("stripe-secret-key", "sk_live_", alnum, 24),
		bare("twilio-api-key", "SK", hexa, 32),
		{"sendgrid-key", func() Sample {
			r := random(word, 22) + "." + random(word, 43)
			return Sample{Secret: "SG." + r, Random: r}
		}},
		{"telegram-bot", func() Sample {
			r := random(word, 33)
			return Sample{Secret: random(digits[1:], 10) + ":AA" + r, Random: r}
		}},
		{"openai-project-key", func() Sample {
			r := random(word, 74) + "T3BlbkFJ" + random(word, 74)
			return Sample{Secret: "sk-proj-" + r, Random: r}
		}},
		{"anthropic-key", func() Sample {
			r := random(word, 93)
			return Sample{Secret: "sk-ant-api03-" + r + "AA", Random: r}
		}},
		bare("hugging-face-token", "hf_", lower+upper, 34),
		bare("databricks-token", "dapi", hexa, 32),
		bare("digitalocean-token", "dop_v1_", hexa, 64),
		bare("vault-service-token", "hvs.", word, 96),
		{"terraform-token", func() Sample {
			r := random(alnum, 14) + ".atlasv1." + random(alnum, 67)
			return Sample{Secret: r, Random: r}
		}},
		{"atlassian-token", withSum("ATATT3xFfGF0", word, 172, func(s string) string { return "=" + strings.ToUpper(crc(s+"=", hexa, 8)) })},
		{"jwt", func() Sample {
			h, sig := jws(`{"alg":"HS256","typ":"JWT"}`, fmt.Sprintf(`{"sub":"%s","iat":1763771000,"exp":1763774600}`, random(digits, 8)), 32)
			return Sample{Secret: h + sig, Random: sig}
		}},
	}
}

// withSum makes tokens that end in a check sum of what stands before it.
func withSum(prefix, alphabet string, n int, sum func(string) string) func() Sample {
	return func() Sample {
		r := random(alphabet, n)
		return Sample{Secret: prefix + r + sum(prefix+r), Random: r}
	}
}

// azureStorage is a storage key of 64 bytes with signature and check sum, alone.
func azureStorage() Sample {
	text := random(b64, 76) + "+ASt" + "AAAAAA=="
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		panic(err) // 88 characters of the alphabet
	}
	binary.LittleEndian.PutUint32(key[60:], marvin(key[:60], binary.BigEndian.Uint64([]byte("Default0"))))
	text = base64.StdEncoding.EncodeToString(key)
	return Sample{Secret: text, Random: text[:76]}
}

// marvin is Marvin-32, its halves folded, of a whole number of words.
func marvin(data []byte, seed uint64) uint32 {
	a, b := uint32(seed), uint32(seed>>32)
	mix := func() {
		b ^= a
		a = bits.RotateLeft32(a, 20) + b
		b = bits.RotateLeft32(b, 9) ^ a
		a = bits.RotateLeft32(a, 27) + b
		b = bits.RotateLeft32(b, 19)
	}
	for ; len(data) >= 4; data = data[4:] {
		a += binary.LittleEndian.Uint32(data)
		mix()
	}
	a += 0x80
	mix()
	mix()
	return a ^ b
}

// entra is a client secret of Entra without a check sum, as most are.
func entra() Sample {
	r := random(word+"~.", 33) + random(alnum, 1)
	return Sample{Secret: random(alnum, 3) + random(digits[1:8], 1) + "Q~" + r, Random: r}
}

// pypi is a macaroon of pypi.org: version 2, location, identifier, signature.
func pypi() Sample {
	const location = "pypi.org"
	id := fmt.Sprintf("%x-%x-%x-%x-%x", octets(4), octets(2), octets(2), octets(2), octets(6))
	m := append([]byte{2, 1, byte(len(location))}, location...)
	m = append(append(append(m, 2, byte(len(id))), id...), 0)
	m = append(append(m, 2, 4), "[3,]"...)
	m = append(append(m, 0, 0, 6, 32), octets(32)...)
	text := base64.RawURLEncoding.EncodeToString(m)
	return Sample{Secret: "pypi-" + text, Random: text[len(text)-40:]}
}
