package quiet

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPrint judges each dump.
func TestPrint(t *testing.T) {
	small := &Result{Program: "small", Size: 1 << 20, Likely: make([]Finding, 1)}
	small.Likely[0].Spans = append(small.Likely[0].Spans, struct {
		Offset int64 `json:"offset"`
	}{7})
	large := &Result{Program: "large", Size: 1 << 30, Confirmed: []Finding{{Detector: "pem", Kind: "key"}}}
	var out bytes.Buffer
	if good, err := Print(&out, []*Result{small, large}); err != nil || good {
		t.Errorf("one in a GiB, which lies in a MiB: %v, %v", good, err)
	}
	if !strings.Contains(out.String(), "small") || !strings.Contains(out.String(), "at 7") || !strings.Contains(out.String(), "1 pem/key") {
		t.Error("the table lacks a row or a finding")
	}
	large.Likely, small.Likely = small.Likely, nil
	if good, err := Print(&out, []*Result{small, large}); err != nil || !good {
		t.Errorf("one in a GiB: %v, %v", good, err)
	}
}

// TestFeed reads whole lines of text only.
func TestFeed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	for content, want := range map[string]string{"one\ntwo\nthr": "one\ntwo\n", "a\x00b\n": "", "\xff\xfe\n": "", "": ""} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := string(textOf(path)); got != want {
			t.Errorf("%q: %q, want %q", content, got, want)
		}
	}
}
