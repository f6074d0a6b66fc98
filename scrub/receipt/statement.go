package receipt

import (
	"encoding/json"
	"errors"
	"fmt"
)

// The identifiers of in-toto Statement v1 and of our predicate.
const (
	StatementType = "https://in-toto.io/Statement/v1"
	PredicateType = "https://github.com/dumpscrub/dumpscrub/receipt/v1"
	payloadType   = "application/vnd.in-toto+json"
)

// The digests of the whole file in a subject's digest set: SHA-256 of its bytes,
// and what Linux's fs-verity calls it by (in-toto Attestation, "DigestSet"), with
// SHA-256, blocks of 4096 bytes and no salt.
const (
	SHA256   = "sha256"
	FSVerity = "fsverity"
)

// Algorithms returns the digests that receipts are written with.
func Algorithms() []string { return []string{SHA256, FSVerity} }

// Statement is an in-toto Statement with our predicate.
type Statement struct {
	Type          string    `json:"_type"`
	Subject       []Subject `json:"subject"`
	PredicateType string    `json:"predicateType"`
	Predicate     Predicate `json:"predicate"`
}

// Subject is the released file.
type Subject struct {
	Name   string            `json:"name"` // its base name; the digest is what counts
	Digest map[string]string `json:"digest"`
}

// Predicate is the verdict.
type Predicate struct {
	Tool     Tool     `json:"tool"`
	Policy   string   `json:"policy"`
	Depth    string   `json:"depth"`
	Allow    string   `json:"allow,omitempty"` // SHA-256 of the allowlist that kept findings
	Known    int      `json:"known,omitempty"` // exact secrets that were looked for
	Input    Input    `json:"input"`
	Coverage Coverage `json:"coverage"`
	Secrets  int      `json:"secrets"`  // distinct ones
	Redacted int      `json:"redacted"` // places
	Kept     int      `json:"kept"`     // places that the policy leaves
	Size     int64    `json:"size"`     // of the released file, in bytes
	Verified bool     `json:"verified"`
}

// Tool says what examined the dump.
type Tool struct {
	Name      string `json:"name"`
	Version   string `json:"version"`
	Detectors string `json:"detectors"`
}

// Input describes the dump without naming or digesting it.
type Input struct {
	Size      int64  `json:"size"`
	Format    string `json:"format"`
	Container string `json:"container"`
	Truncated bool   `json:"truncated"`
}

// Coverage accounts for the bytes of the input.
type Coverage struct {
	Scanned   int64 `json:"scanned"`
	Structure int64 `json:"structure"`
	Absent    int64 `json:"absent"`
	Refused   int64 `json:"refused"`
}

// New returns a statement about the file of that name and digest.
func New(name, algorithm, digest string, p Predicate) Statement {
	return Statement{
		Type:          StatementType,
		Subject:       []Subject{{Name: name, Digest: map[string]string{algorithm: digest}}},
		PredicateType: PredicateType,
		Predicate:     p,
	}
}

// ErrInvalid says that a receipt is not one, or not whole, or not verified.
var ErrInvalid = errors.New("the receipt is invalid")

// ErrOtherBytes says that a receipt is for other bytes.
var ErrOtherBytes = errors.New("the receipt is for other bytes")

// ErrSignature says that a receipt is not signed by the key that was asked for.
var ErrSignature = errors.New("the receipt is not signed by this key")

// parse reads a statement and checks what every receipt must say.
func parse(payload []byte) (*Statement, error) {
	var s Statement
	if err := json.Unmarshal(payload, &s); err != nil {
		return nil, fmt.Errorf("%w: no JSON statement", ErrInvalid)
	}
	switch {
	case s.Type != StatementType:
		return nil, fmt.Errorf("%w: not an in-toto Statement v1", ErrInvalid)
	case s.PredicateType != PredicateType:
		return nil, fmt.Errorf("%w: the predicate is of another type", ErrInvalid)
	case len(s.Subject) != 1 || s.Subject[0].Digest == nil:
		return nil, fmt.Errorf("%w: it does not name one subject", ErrInvalid)
	case !s.Predicate.Verified:
		return nil, fmt.Errorf("%w: the copy was not verified", ErrInvalid)
	case s.Predicate.Coverage.Refused != 0:
		return nil, fmt.Errorf("%w: not every byte was examined", ErrInvalid)
	}
	return &s, nil
}

// Covers returns [ErrOtherBytes] unless s is about a file with this digest.
func (s *Statement) Covers(algorithm, digest string) error {
	if got, ok := s.Subject[0].Digest[algorithm]; !ok || got != digest || digest == "" {
		return ErrOtherBytes
	}
	return nil
}

// CoversFile returns [ErrOtherBytes] unless s is about a file of which compute returns
// the digests. It is asked for those of [Algorithms] that s names; when there is none
// of them, nothing is known of the file. Its own errors are returned as they are.
func (s *Statement) CoversFile(compute func(algorithm string) (string, error)) error {
	known := false
	for _, a := range Algorithms() {
		if _, ok := s.Subject[0].Digest[a]; !ok {
			continue
		}
		known = true
		digest, err := compute(a)
		if err == nil {
			err = s.Covers(a, digest)
		}
		if err != nil {
			return err
		}
	}
	if !known {
		return fmt.Errorf("%w: it names no digest that is known here", ErrInvalid)
	}
	return nil
}
