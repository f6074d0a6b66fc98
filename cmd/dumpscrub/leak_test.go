package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	escapes "html"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/dumptest"
)

// canaryLen is how much of a secret counts as a leak, in bytes, and formKey how much
// of each of its forms is looked up at once.
const (
	canaryLen = 12
	formKey   = 8
)

// canaries are secrets of a test in every form in which a piece of them could come out.
type canaries map[[formKey]byte][]canaryForm

type canaryForm struct {
	secret, name string
	text         []byte
}

// encodings are the forms of a piece of a secret, whole.
var encodings = map[string]func([]byte) []byte{
	"plain":     func(p []byte) []byte { return p },
	"reversed":  func(p []byte) []byte { r := slices.Clone(p); slices.Reverse(r); return r },
	"hex":       func(p []byte) []byte { return fmt.Appendf(nil, "%x", p) },
	"HEX":       func(p []byte) []byte { return fmt.Appendf(nil, "%X", p) },
	"hex words": func(p []byte) []byte { return fmt.Appendf(nil, "%x", binary.LittleEndian.Uint64(p)) }, // of a traceback
	"UTF-16LE":  func(p []byte) []byte { return each(p, "%c\x00") },
	"UTF-16BE":  func(p []byte) []byte { return each(p, "\x00%c") },
	"UTF-8":     func(p []byte) []byte { return each(p, "%s", func(b byte) any { return string(rune(b)) }) }, // of Latin-1
	"%v":        func(p []byte) []byte { return each(p, "%d ") },
	"commas":    func(p []byte) []byte { return each(p, "%d,") },
	"lists":     func(p []byte) []byte { return each(p, "%d, ") },
	"%#v":       func(p []byte) []byte { return each(p, "0x%x, ") },
	"% x":       func(p []byte) []byte { return each(p, "%02x ") },
	"colons":    func(p []byte) []byte { return each(p, "%02x:") },
	"COLONS":    func(p []byte) []byte { return each(p, "%02X:") },
	"percent":   func(p []byte) []byte { return each(p, "%%%02x") },
	"PERCENT":   func(p []byte) []byte { return each(p, "%%%02X") },
	"\\u":       func(p []byte) []byte { return each(p, "\\u%04x") },
	"\\U":       func(p []byte) []byte { return each(p, "\\u%04X") },
	"\\x":       func(p []byte) []byte { return each(p, "\\x%02x") },
	"octal":     func(p []byte) []byte { return each(p, "\\%03o") },
	"entities":  func(p []byte) []byte { return each(p, "&#%d;") },
	"entitiesx": func(p []byte) []byte { return each(p, "&#x%x;") },
	"%q":        func(p []byte) []byte { q := strconv.Quote(string(p)); return []byte(q[1 : len(q)-1]) },
	"%+q":       func(p []byte) []byte { q := strconv.QuoteToASCII(string(p)); return []byte(q[1 : len(q)-1]) },
	"query":     func(p []byte) []byte { return []byte(url.QueryEscape(string(p))) },
	"path":      func(p []byte) []byte { return []byte(url.PathEscape(string(p))) },
	"HTML":      func(p []byte) []byte { return []byte(escapes.EscapeString(string(p))) },
	"JSON": func(p []byte) []byte {
		q, err := json.Marshal(string(p))
		if err != nil {
			return p
		}
		return q[1 : len(q)-1]
	},
	"base32": func(p []byte) []byte { return []byte(base32.StdEncoding.EncodeToString(p[:10])) },
	// Of whatever comes before it: the others lie in pieces that begin a byte or two later.
	"base64":    func(p []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(p)) },
	"base64url": func(p []byte) []byte { return []byte(base64.URLEncoding.EncodeToString(p)) },
}

// each returns all octets in one format, without a separator behind the last.
func each(p []byte, format string, as ...func(byte) any) []byte {
	var out []byte
	for _, b := range p {
		var v any = b
		if len(as) > 0 {
			v = as[0](b)
		} else if strings.Contains(format, "%c") {
			out = append(out, strings.Replace(format, "%c", string([]byte{b}), 1)...)
			continue
		}
		out = fmt.Appendf(out, format, v)
	}
	return bytes.TrimRight(out, " ,:")
}

// add takes every piece of a secret in every form.
func (c canaries) add(name string, secret []byte) {
	for at := 0; at+canaryLen <= len(secret); at++ {
		for form, encode := range encodings {
			text := encode(slices.Clone(secret[at : at+canaryLen]))
			if len(text) < formKey {
				continue // a word with zeros in front
			}
			key := [formKey]byte(text)
			c[key] = append(c[key], canaryForm{name, form, text})
		}
	}
}

// in returns what data hold, or "".
func (c canaries) in(data []byte) string {
	for i := 0; i+formKey <= len(data); i++ {
		for _, f := range c[[formKey]byte(data[i:])] {
			if bytes.HasPrefix(data[i:], f.text) {
				return f.secret + " as " + f.name
			}
		}
	}
	return ""
}

// The search of TestNothingLeaks finds a secret in every form, wherever in it a piece
// begins and whatever comes before.
func TestCanariesAreFound(t *testing.T) {
	secret := make([]byte, 40)
	if _, err := rand.Read(secret); err != nil {
		t.Fatal(err)
	}
	c := canaries{}
	c.add("it", secret)
	for form, encode := range encodings {
		for at := range 4 {
			text := encode(slices.Clone(secret[at : at+3*canaryLen]))
			if form == "base32" || form == "hex words" {
				text = encode(slices.Clone(secret[at : at+canaryLen]))
			}
			if got := c.in(slices.Concat([]byte("before "), text, []byte(" behind"))); got == "" && len(text) >= formKey {
				t.Errorf("%s at %d is not found", form, at)
			}
		}
	}
	for phase := range 3 {
		text := base64.StdEncoding.EncodeToString(slices.Concat(make([]byte, phase), secret))
		if c.in([]byte(text)) == "" {
			t.Errorf("base64 behind %d bytes is not found", phase)
		}
	}
	other := make([]byte, 1<<16)
	if _, err := rand.Read(other); err != nil {
		t.Fatal(err)
	}
	if got := c.in(other); got != "" {
		t.Errorf("something else is taken for %s", got)
	}
}

// Whatever a command prints or writes, on whatever path, holds no byte of a secret
// of the dump or of a key file; only the dumps themselves do.
func TestNothingLeaks(t *testing.T) {
	bin := linkTool(t, t.TempDir())
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
	// The lines of PEM from the scalar on.
	all, dumped := canaries{}, canaries{}
	for _, c := range []canaries{all, dumped} {
		c.add("the scalar", block.Bytes[36:68])
		c.add("the text", text[78:92])
		c.add("the text", text[93:119])
	}
	all.add("the tag key", tag)
	all.add("the signing key", signDER.Bytes[len(signDER.Bytes)-32:])
	memory := slices.Concat(make([]byte, 4000), text, make([]byte, 300), block.Bytes, make([]byte, 5000))
	plain := dumptest.Core(memory)
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
			{"scrub", "-", "-o", "OUT/out", "--report", "OUT/report"},
			{"scrub", "-", "-o", "OUT/out", "--max-size", "200"},
			{"gate", "-", "--copy-to", "OUT/released"},
			{"inspect", "-"},
			{"handler", "--dir", "OUT", "1", "0", "0", "11", "0", "18446744073709551615", "host"},
			{"handler", "--dir", "OUT", "1", "0", "0", "11", "0", "5000", string(text[93:119])},
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
			// Those that read no stream do not look at it.
			stdin, err := os.Open(in(name))
			if err == nil {
				cmd.Stdin = stdin
			}
			said, _ := cmd.CombinedOutput()
			stdin.Close()
			run++
			if !given {
				look(t, all, args, "its messages", said)
			}
			err = filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				data, err := os.ReadFile(path)
				// Key files that were scrubbed as dumps under "raw" are covered
				// by detectors or not; here it is about what is beside a copy.
				base := filepath.Base(path)
				if base != "out" && base != "released" && (!strings.HasPrefix(base, "core.") || strings.Contains(base, "receipt")) {
					look(t, all, args, base, data)
				} else if (name == "core" || name == "cut") && !slices.Contains(args, in("allow")) {
					look(t, dumped, args, "the copy", data)
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
	}
	t.Logf("%d command lines", run)
}

func look(t *testing.T, c canaries, args []string, where string, data []byte) {
	t.Helper()
	if what := c.in(data); what != "" {
		t.Errorf("%q: %s holds %s", args[:min(3, len(args))], where, what)
	}
}
