package terms

import (
	"bytes"
	"testing"
)

func TestUnescaped(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{`nothing`, nil},
		{`a\/b`, []string{`a/b`}},
		{`{\"k\":\"v\\\/\"}`, []string{`{"k":"v\/"}`, `{"k":"v/"}`}},
		{`C:\dir`, nil},
		{`a\u0026b\u003Cc`, []string{`a&b<c`}},
		{`a\\u0026b`, []string{`a\u0026b`, `a&b`}},
		{`\u00e9\u2603\u00`, nil},
		{`end\`, nil},
	} {
		got := unescaped([]byte(c.text))
		if len(got) != len(c.want) {
			t.Errorf("%q: %d texts, want %d", c.text, len(got), len(c.want))
			continue
		}
		for i := range got {
			if string(got[i]) != c.want[i] {
				t.Errorf("%q: %q, want %q", c.text, got[i], c.want[i])
			}
		}
	}
	deep := unescaped(bytes.Repeat([]byte(`\`), 64))
	if len(deep) != mostEscapes {
		t.Errorf("%d layers, want %d", len(deep), mostEscapes)
	}
}
