package dump

import (
	"testing"

	"github.com/dumpscrub/dumpscrub/corpus/secret"
)

// FuzzTruth checks on dumps of any seed and size that parts do not overlap, that
// the file has the length it says, and that the truth lies inside it.
func FuzzTruth(f *testing.F) {
	var forms []secret.Form
	for _, x := range secret.Forms() {
		switch x.Name {
		case "der-pkcs8-ed25519", "aes-256-dec-swapped", "jwk-pretty-p-256", "jwk-pretty-p-256-utf16le",
			"cng-ecs2-truncated", "pem-escaped-pkcs8-x25519":
			forms = append(forms, x)
		}
	}
	f.Add(uint64(1), byte(0), uint32(1<<18))
	f.Add(uint64(2), byte(13), uint32(1))
	f.Fuzz(func(t *testing.T, seed uint64, variant byte, size uint32) {
		vs := Variants()
		v := vs[int(variant)%len(vs)]
		d := v.Make(secret.Seeded(seed), int(size%(1<<19)), forms)
		end := int64(0)
		for _, p := range d.parts {
			if p.off < end {
				t.Fatalf("%s: parts overlap at %d", v.Name, p.off)
			}
			end = p.off + int64(p.end-p.start)
		}
		data := write(t, d)
		for _, p := range d.Plants() {
			for _, s := range append(p.Spans, p.Private...) {
				if s.Len <= 0 || s.Off < 0 || s.Off+s.Len > int64(len(data)) {
					t.Errorf("%s: %s in %s: a span outside the file", v.Name, p.Form, p.Place)
				}
			}
		}
	})
}
