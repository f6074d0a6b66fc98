package tokens

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/rule"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// minRules is how many kinds the catalogue promises.
const minRules = 400

func TestFile(t *testing.T) {
	s := Rules()
	if len(s.Rules) < minRules {
		t.Errorf("%d rules, want %d", len(s.Rules), minRules)
	}
	if len(s.Warnings)+len(s.Ignored) > 0 {
		t.Errorf("the file is not understood in whole: %q %q", s.Warnings, s.Ignored)
	}
	id := regexp.MustCompile(`^[a-z0-9]+(?:-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	for _, r := range s.Rules {
		switch {
		case !id.MatchString(r.ID):
			t.Errorf("id %q is not of lower-case words", r.ID)
		case seen[r.ID]:
			t.Errorf("id %q stands there twice", r.ID)
		case len(r.Examples) == 0 || len(r.Counterexamples) == 0:
			t.Errorf("rule %q lacks an example or a counterexample", r.ID)
		case r.Description == "":
			t.Errorf("rule %q has no description", r.ID)
		case r.Filters:
			t.Errorf("rule %q has no anchor", r.ID)
		}
		seen[r.ID] = true
	}
}

// wrapping is how an example lies in memory.
type wrapping struct {
	name string
	wrap func(text []byte) []byte
}

func wrappings() []wrapping {
	noise := []byte("\x7f\x03\x90\xfe\x00\x01")
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	word := func(text []byte, n int) []byte {
		return binary.LittleEndian.AppendUint32([]byte{0x90, 0xfe, 0, 0}, uint32(n))
	}
	return []wrapping{
		{"alone", func(b []byte) []byte { return b }},
		{"between NULs", func(b []byte) []byte { return join(noise, []byte{0}, b, []byte{0}, noise) }},
		{"quoted", func(b []byte) []byte { return join([]byte(` "`), b, []byte(`", "`)) }},
		{"utf-16", func(b []byte) []byte { return join(make([]byte, 2), probetest.Widen(b), make([]byte, 2)) }},
		{"utf-16, odd", func(b []byte) []byte { return join(make([]byte, 3), probetest.Widen(b), make([]byte, 2)) }},
		{"behind a length, stale letters after", func(b []byte) []byte {
			return join(word(b, len(b)), b, []byte("q7K"), make([]byte, 8))
		}},
	}
}

// Each example is found by its own rule in every wrapping, to its last character;
// no counterexample is.
func TestExamples(t *testing.T) {
	for _, r := range Rules().Rules {
		s, err := search.New([]probe.Detector{r.Detector()})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range r.Examples {
			want := secret(s, []byte(e))
			if want == nil {
				t.Errorf("%s: an example is not found", r.ID)
				continue
			}
			for _, w := range wrappings() {
				data := w.wrap([]byte(e))
				fs := probetest.Matches(s, data, len(data))
				red := probetest.Redact(data, fs)
				if bytes.Contains(red, want) || bytes.Contains(red, probetest.Widen(want)) || len(fs) == 0 {
					t.Errorf("%s: %s: an example is not found", r.ID, w.name)
				}
				if again := probetest.Matches(s, red, len(red)); len(again) > 0 {
					t.Errorf("%s: %s: the redacted copy is found again", r.ID, w.name)
				}
			}
		}
		for i, c := range r.Counterexamples {
			for _, w := range wrappings()[:4] {
				data := w.wrap([]byte(c))
				if fs := probetest.Matches(s, data, len(data)); len(fs) > 0 {
					t.Errorf("%s: %s: counterexample %d is found", r.ID, w.name, i)
				}
			}
		}
	}
}

// secret returns the text that is redacted in an example.
func secret(s *search.Searcher, data []byte) []byte {
	for _, f := range probetest.Matches(s, data, len(data)) {
		for _, r := range f.Redact {
			return data[r.Start:r.End]
		}
	}
	return nil
}

// All rules together find nothing in text without secrets.
func TestQuiet(t *testing.T) {
	s, err := search.New(Detectors())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"aws_secret_access_key = get_aws_secret_access_key_from_settings()",
		"const datadogApiKeyProvider = createDatadogApiKeyProviderFromEnvironment;",
		"commit 0cf95740cf95740cf95740cf95740cf95740cf957 of github.com/example/project",
		"token-key-secret-password-cache-control-max-age-stale-while-revalidate",
		"/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0 _PyImport_FrozenStdlib",
		strings.Repeat("A", 400), strings.Repeat("0", 400), strings.Repeat("f", 400),
		// Symbol tables of GCC's plug-ins and of a command line program in Go.
		"\x00_ZN7rtl_ssa13function_info31calculate_ebb_live_in_for_debugERNS0_10build_infoE\x00",
		"AttachmentDeleting InstanceAttachmentoauth2_client_secret_sha256ApplicationUrlDispatchRulespendingManagedCertificateIds",
		"curl --ntlm -u user:password https://example.com", `curl --aws-sigv4 "aws:amz:east-2:es" --user "key:secret" https://example.com`,
		"key-value-store sk_buff_head rk_live s.startswith dp.pt pat.exe",
	} {
		for _, f := range probetest.Matches(s, []byte(text), len(text)) {
			t.Errorf("%s in %q", s.Spec(f.Detector).ID, text)
		}
	}
}

// No rule is so weak that chance alone makes a likely finding.
func TestChance(t *testing.T) {
	for _, r := range Rules().Rules {
		if r.Confidence > probe.Possible && r.Chance.Worst() > rule.MaxChance {
			t.Errorf("%s: %.3g hits a GiB by chance", r.ID, r.Chance.Worst())
		}
	}
}

func TestDetectors(t *testing.T) {
	var ids []string
	for _, d := range Detectors() {
		ids = append(ids, d.Spec().ID)
	}
	slices.Sort(ids)
	if n := len(slices.Compact(slices.Clone(ids))); n != len(ids) {
		t.Errorf("%d of %d detectors have an id of their own", n, len(ids))
	}
}

func FuzzRules(f *testing.F) {
	s, err := search.New(Detectors())
	if err != nil {
		f.Fatal(err)
	}
	for i, r := range Rules().Rules {
		if i%25 == 0 {
			f.Add([]byte(r.Examples[0]))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			t.Skip()
		}
		for _, m := range probetest.Matches(s, data, len(data)) {
			if m.Start < 0 || m.End > len(data) || m.Start >= m.End {
				t.Fatal("a match outside the data")
			}
		}
	})
}
