package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// canary is a secret of a test and every form in which a piece of it could come
// out.
type canary struct {
	name  string
	forms map[string][]byte
}

// newCanary takes pieces of 12 bytes out of the middle of a secret.
func newCanary(name string, secret []byte) canary {
	c := canary{name, map[string][]byte{}}
	at := len(secret)/2 - 6
	p := secret[at : at+12]
	c.forms["plain"] = p
	c.forms["hex"] = []byte(hex.EncodeToString(p))
	c.forms["HEX"] = []byte(strings.ToUpper(hex.EncodeToString(p)))
	for phase := range 3 { // base64 of whatever comes before it
		c.forms["base64"+string('0'+rune(phase))] = []byte(base64.RawStdEncoding.EncodeToString(p[phase:])[:8])
		c.forms["base64url"+string('0'+rune(phase))] = []byte(base64.RawURLEncoding.EncodeToString(p[phase:])[:8])
	}
	r := slices.Clone(p)
	slices.Reverse(r)
	c.forms["reversed"] = r
	var wide, list []byte
	for _, b := range p {
		wide = append(wide, b, 0)
		list = append(list, strings.TrimSpace(" "+itoa(int(b)))...)
		list = append(list, ' ')
	}
	c.forms["UTF-16"], c.forms["numbers"] = wide, list
	return c
}

func itoa(n int) string {
	if n < 10 {
		return string('0' + rune(n))
	}
	return itoa(n/10) + itoa(n%10)
}

func (c canary) in(data []byte) string {
	for name, f := range c.forms {
		if bytes.Contains(data, f) {
			return name
		}
	}
	return ""
}

// Whatever a command prints or writes, on whatever path, holds no byte of a secret
// of the dump or of a key file; only the dumps themselves do.
func TestNothingLeaks(t *testing.T) {
	bin := buildTool(t)
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, "in", name) }
	if err := os.Mkdir(filepath.Join(dir, "in"), 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(name string, data []byte) {
		if err := os.WriteFile(in(name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text := freshKeyPEM(t)
	block, _ := pem.Decode(text)
	tag := make([]byte, 32)
	if _, err := rand.Read(tag); err != nil {
		t.Fatal(err)
	}
	sign, other := freshSignKey(t), freshSignKey(t)
	signDER, _ := pem.Decode(sign.private)
	canaries := []canary{
		newCanary("the scalar", block.Bytes[36:68]), newCanary("the text", text[60:120]),
		newCanary("the tag key", tag), newCanary("the signing key", signDER.Bytes[len(signDER.Bytes)-32:]),
	}
	if canaries[0].in(text) == "" || canaries[1].in(text) == "" {
		t.Fatal("the search finds nothing where there is something")
	}
	memory := slices.Concat(make([]byte, 4000), text, make([]byte, 300), block.Bytes, make([]byte, 5000))
	plain := coreOf(memory)
	write("core", plain)
	write("cut", plain[:len(plain)-5100])
	write("head", plain[:90])
	write("bare", text)
	write("key-is-header", append(slices.Clone(plain[:64]), text...))
	write("wrong", bytes.Replace(plain, []byte{56, 0, 1, 0}, []byte{56, 0, 0xff, 0x7f}, 1))
	write("gzip", append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3}, text...))
	write("zstd", append([]byte{0x28, 0xb5, 0x2f, 0xfd}, text...))
	write("minidump", append([]byte("MDMP\x93\xa7\x00\x00\xff\xff\xff\xff"), text...))
	write("tag", tag)
	write("sign", sign.private)
	write("verify", other.public)
	write("receipt", append([]byte(`{"_type":"`), append(text[:100], `"}`...)...))
	// Files of the user's own that are no good, and hold what must not be repeated.
	b64 := base64.StdEncoding.EncodeToString(block.Bytes[36:68])
	twice := strings.Repeat("'"+b64+"' = 1\n", 2) // an error of syntax, in all its length
	write("known", []byte("base64:"+b64+"\n"))
	write("known-short", []byte("base64:"+b64+"\nabc\n"))
	write("known-hex", []byte("hex:"+hex.EncodeToString(block.Bytes[36:68])+"g\n"))
	write("known-base64", append([]byte("base64:"), text[60:120]...))
	write("known-file", append([]byte("file:"), text[60:119]...))
	write("rules-value", []byte("[[rules]]\n"+twice))
	write("rules-key", []byte("[[rules]]\nid = \"a\"\nregex = 'a{20}'\n\""+b64+"\" = 1\n"))
	write("allow", []byte(`{"version":1,"entries":[{"kind":"ec-private-key"}]}`))
	write("allow-member", []byte(`{"version":1,"`+b64+`":[]}`))
	write("allow-value", []byte(`{"version":1,"entries":[{"hmac":"`+b64+`","key":"a"}]}`))
	write("policy", []byte(twice))
	run := 0
	for _, name := range []string{"core", "cut", "head", "bare", "key-is-header", "wrong", "gzip", "zstd", "minidump", "sign", "tag", "missing"} {
		for _, args := range [][]string{
			{"scrub", in(name), "-o", "OUT/out", "--report", "OUT/report", "--timings"},
			{"scrub", in(name), "-o", "OUT/out", "--format", "raw", "--tag-key", in("tag"), "--sign-key", in("sign")},
			{"scrub", in(name), "-o", "OUT/out", "--format", "minidump"},
			{"scrub", in(name), "-o", "OUT/none/out"},
			{"scrub", in(name), "-o", "OUT/out", "--sign-key", in("tag")},
			{"scrub", in(name), "-o", "OUT/out", "--sign-key", in("bare")},
			{"scrub", in(name), "-o", "OUT/out", "--hunt", in("bare")},
			{"scan", in(name), "--report", "-", "--depth", "deep"},
			{"scan", in(name), "--format", "raw", "--policy", "strict", "--report", "OUT/report"},
			{"scan", filepath.Dir(in(name)), "--report", "OUT/report"},
			{"gate", in(name), "--receipt", in("receipt")},
			{"gate", in(name), "--verify-key", in("sign")},
			{"gate", in(name), "--verify-key", in("verify"), "--receipt", in("bare")},
			{"gate", in(name), "--copy-to", "OUT/released"},
			{"inspect", in(name)},
			{"inspect", in(name), "--json", "--format", "elf-core"},
			{string(text)}, {"scan", in(name), "--policy", in("bare")},
			{"scrub", in(name), "-o", "OUT/out", "--sarif", "OUT/sarif", "--html", "OUT/html", "--report", "OUT/report"},
			{"scrub", in(name), "-o", "OUT/out", "--known", in("known"), "--html", "OUT/html", "--sarif", "-"},
			{"scan", in(name), "--html", "-", "--depth", "deep"},
			{"scan", in(name), "--sarif", "-", "--known", in("known"), "--policy", "strict"},
			{"scan", in(name), "--sarif", "OUT/none/sarif", "--html", "OUT/none/html"},
			{"scan", in(name), "--known", in("known-short")},
			{"scan", in(name), "--known", in("known-hex")},
			{"scan", in(name), "--known", in("known-base64")},
			{"scan", in(name), "--known", in("known-file")},
			{"scan", in(name), "--rules", in("bare")},
			{"scan", in(name), "--rules", in("rules-value")},
			{"scan", in(name), "--rules", in("rules-key")},
			{"detectors", "--rules", in("bare")},
			{"scan", in(name), "--allow", in("bare")},
			{"scan", in(name), "--allow", in("allow-member")},
			{"scan", in(name), "--allow", in("allow-value"), "--allow-key", in("tag"), "--report", "-"},
			{"scan", in(name), "--allow", in("allow"), "--allow-key", in("sign"), "--html", "-"},
			{"scrub", in(name), "-o", "OUT/out", "--allow", in("allow"), "--report", "OUT/report", "--sarif", "OUT/sarif"},
			{"allow", "--list", in("bare"), "--kind", "jwt"},
			{"allow", in(name), "--secret", "1", "--list", "OUT/list", "--key", "OUT/key", "--new-key"},
			{"allow", in(name), "--secret", "1", "--list", "OUT/list", "--key", in("tag")},
			{"scan", in(name), "--policy", in("policy")},
		} {
			out := filepath.Join(dir, "out")
			if err := os.MkdirAll(out, 0o700); err != nil {
				t.Fatal(err)
			}
			given := slices.Contains(args, string(text)) // then it is no secret
			for i, a := range args {
				args[i] = strings.Replace(a, "OUT", out, 1)
			}
			cmd := exec.CommandContext(t.Context(), bin, args...)
			cmd.Env = append(os.Environ(), "TMPDIR="+out)
			said, _ := cmd.CombinedOutput()
			run++
			if !given {
				look(t, canaries, args, "its messages", said)
			}
			err := filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				data, err := os.ReadFile(path)
				// Key files that were scrubbed as dumps under "raw" are covered
				// by detectors or not; here it is about what is beside a copy.
				if filepath.Base(path) != "out" && filepath.Base(path) != "released" {
					look(t, canaries, args, filepath.Base(path), data)
				} else if (name == "core" || name == "cut") && !slices.Contains(args, in("allow")) {
					look(t, canaries[:2], args, "the copy", data)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.RemoveAll(out); err != nil {
				t.Fatal(err)
			}
		}
		if testing.Short() {
			break
		}
	}
	t.Logf("%d command lines", run)
}

func look(t *testing.T, cs []canary, args []string, where string, data []byte) {
	t.Helper()
	for _, c := range cs {
		if form := c.in(data); form != "" {
			t.Errorf("%q: %s holds %s as %s", args[:min(3, len(args))], where, c.name, form)
		}
	}
}
