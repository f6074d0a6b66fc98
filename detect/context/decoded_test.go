package context

import (
	"encoding/base64"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// What Kubernetes holds in base64 is the secret that its text is, so that this is hunted for.
func TestIdentityInBase64(t *testing.T) {
	const password = "vR7kqP2mWz9xTb4nLs8d"
	b64 := base64.StdEncoding.EncodeToString([]byte(password))
	for name, text := range map[string]string{
		"YAML":   "apiVersion: v1\nkind: Secret\ndata:\n  x: " + b64 + "\n",
		"named":  "  db-password: " + b64 + "\n",
		"JSON":   `{"kind":"Secret","data":{"x":"` + b64 + `"}}`,
		"member": `{"password":"` + b64 + `"}`,
	} {
		s, err := search.New([]probe.Detector{NewNamed(), NewKubernetes()})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		s.Search(search.Window{Data: []byte(text), Hi: len(text)}, func(f search.Found) {
			n++
			if string(f.Identity) != password || f.Encoding != probe.Base64 || text[f.Redact[0].Start:f.Redact[0].End] != b64 {
				t.Errorf("%s: another identity, encoding %s", name, f.Encoding)
			}
		})
		if n == 0 {
			t.Errorf("%s: not found", name)
		}
	}
}
