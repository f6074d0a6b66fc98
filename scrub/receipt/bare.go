package receipt

import (
	"bytes"
	"encoding/json"
	"reflect"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
)

// maxText bounds the texts of a bare receipt, in bytes. The shortest private
// keys worth hiding take more in any notation but the plainest.
const maxText = 64

// Bare reports whether data, the receipt s of a file of that name, holds nothing
// but what a receipt says: no member that is not ours, no text behind it, no long
// text in a member. Only then may it pass a gate unexamined.
func Bare(data []byte, s *Statement, name string) bool {
	var env dsse.Envelope
	if json.Unmarshal(data, &env) == nil && env.Payload != "" {
		if len(env.Signatures) > 4 {
			return false
		}
		for _, sig := range env.Signatures {
			if len(sig.KeyID) > maxText || len(sig.Sig) > 96 {
				return false
			}
		}
		if !same(data, env) {
			return false
		}
		payload, err := env.DecodeB64Payload()
		if err != nil {
			return false
		}
		data = payload
	}
	p := s.Predicate
	for _, text := range []string{p.Tool.Name, p.Tool.Version, p.Tool.Detectors, p.Policy, p.Depth, p.Input.Format, p.Input.Container} {
		if len(text) > maxText {
			return false
		}
	}
	d := s.Subject[0].Digest
	return len(d) == 1 && len(d[SHA256])+len(d[FSVerity]) == 64 && s.Subject[0].Name == name && same(data, s)
}

// same reports whether data is v in JSON, whatever its white space between members.
func same(data []byte, v any) bool {
	want, err := json.Marshal(v)
	if err != nil {
		return false
	}
	var a, b any
	if json.Unmarshal(data, &a) != nil || json.Unmarshal(want, &b) != nil || !reflect.DeepEqual(a, b) {
		return false
	}
	// Repeated members and blanks must not hide anything either.
	var x, y bytes.Buffer
	return json.Compact(&x, data) == nil && json.Compact(&y, want) == nil && x.Len() == y.Len()
}
