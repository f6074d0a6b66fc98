package scrub

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"
)

// mnemonicOf makes the phrase of entropy as BIP 39 says it.
func mnemonicOf(t *testing.T, entropy []byte) []string {
	t.Helper()
	list, err := os.ReadFile("../detect/mnemonic/english.txt")
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(string(list))
	sum := sha256.Sum256(entropy)
	v := new(big.Int).SetBytes(append(bytes.Clone(entropy), sum[0]))
	v.Rsh(v, uint(8-len(entropy)/4))
	var out []string
	for range len(entropy) / 4 * 3 {
		out = append(out, words[new(big.Int).And(v, big.NewInt(2047)).Int64()])
		v.Rsh(v, 11)
	}
	slices.Reverse(out)
	return out
}

// TestCopiesOfMnemonics hides a wallet's phrase once and parts of it, its entropy and
// its encodings elsewhere.
func TestCopiesOfMnemonics(t *testing.T) {
	entropy := make([]byte, 32)
	rand.Read(entropy)
	ws := mnemonicOf(t, entropy)
	phrase := strings.Join(ws, " ")
	front := []byte("\x00\x01" + phrase + "\x00")
	wide := func(s string) string { return strings.Join(strings.Split(s, ""), "\x00") + "\x00" }
	for name, copied := range map[string]string{
		"again":            "{" + phrase + "}",
		"its first words":  "xyz " + strings.Join(ws[:9], " ") + "\x00",
		"its last words":   "\x00" + strings.Join(ws[15:], " ") + " the",
		"UTF-16":           wide(strings.Join(ws[3:20], " ")),
		"JSON":             `["` + strings.Join(ws, `","`) + `"]`,
		"lines":            strings.Join(ws, "\n"),
		"base64":           base64.StdEncoding.EncodeToString([]byte(phrase)),
		"entropy":          string(entropy),
		"entropy in hex":   hex.EncodeToString(entropy),
		"words in base64":  base64.StdEncoding.EncodeToString([]byte("word " + strings.Join(ws[:12], " "))),
		"percent-encoding": strings.Join(ws, "%20"),
	} {
		dump := core(segment{0x1000, slices.Concat(front, noise(4000), []byte(copied), noise(400))})
		r, out := scrubbed(t, job(t, file(t, dump)))
		if r.Findings.Len() == 0 {
			t.Fatalf("%s: nothing is found", name)
		}
		at := bytes.LastIndex(dump, []byte(copied))
		rest := string(out[at : at+len(copied)])
		for i := range len(ws) - 4 {
			for _, form := range []string{strings.Join(ws[i:i+4], " "), wide(strings.Join(ws[i:i+4], " ")), ws[i] + `","` + ws[i+1], ws[i] + "\n" + ws[i+1], ws[i] + "%20" + ws[i+1]} {
				if strings.Contains(rest, form) {
					t.Errorf("%s: words %d and on stay", name, i)
				}
			}
		}
		if strings.Contains(name, "64") || strings.Contains(name, "entropy") {
			for i := 0; i+12 <= len(copied)-8; i++ {
				if strings.Contains(rest, copied[i:i+12]) {
					t.Errorf("%s: characters %d and on stay", name, i)
					break
				}
			}
		}
	}
}
