package rule

import (
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// TestBorders holds that a token ends at what its pattern names behind it although its
// characters may be anything, and that a pattern which takes a name before its keyword
// takes it in memory too.
func TestBorders(t *testing.T) {
	const file = `
[[rules]]
id = "any"
regex = '''key_name["']\s*=>\s*["'](zk_\S{20})["']'''
[[rules]]
id = "number"
regex = '''(?i)[\w.-]{0,50}?(?:vendor)(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:)[\x60'"\s=]{0,5}([0-9]{16})(?:[\x60'"\s;]|\\[nr]|$)'''
`
	set, err := Parse([]byte(file), Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := search.New(set.Detectors())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		`"key_name" => "zk_7Qm2!x)Lw0%vT4b,N6yR"`, `8-wvd8dz9nVendor_id = 9118461359110910`, `vendor='9118461359110910'`, // test data
	} {
		data := []byte("\x00\x01" + text + "\n\x00")
		ms := probetest.Matches(s, data, len(data))
		if len(ms) == 0 || ms[0].Confidence != probe.Likely || !strings.Contains(text, string(ms[0].Identity)) {
			t.Errorf("%s: %d matches", text, len(ms))
		}
	}
}

// TestNoAnchor holds that a rule without a literal finds its tokens in UTF-16 too, and for every
// size of chunks.
func TestNoAnchor(t *testing.T) {
	set, err := Parse([]byte("[[rules]]\nid = 'hex'\nregex = '''\\b([a-f0-9]{40})\\b'''\nentropy = 2\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := set.Rules[0]
	if !r.Filters {
		t.Fatal("the rule has an anchor")
	}
	token := []byte("0f8e31c2b7a4d95e6071fa2c83bd49e6577a10cd") // test data
	probetest.Accept(t, r.Detector(), probetest.Case{
		Data: append(append([]byte("("), token...), ")"...), Text: true, Kind: "hex", Encoding: probe.ASCII, Confidence: r.Confidence, Private: [][]byte{token},
	})
}
