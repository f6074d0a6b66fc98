// Package allow reads and writes lists of findings that are known and accepted. A
// list is safe to share: it names kinds, detectors, regions, and values by an HMAC
// under a key that is kept elsewhere, never by what they are or by a digest that
// confirms guesses.
package allow

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
)

// Version is the version of the list's JSON form.
const Version = 1

// List is an allowlist.
type List struct {
	Version int     `json:"version"`
	Entries []Entry `json:"entries"`
}

// Entry allows the findings that agree with all of its members that are set; at
// least one besides the note must be.
type Entry struct {
	Kind     string `json:"kind,omitempty"`     // of the finding
	Detector string `json:"detector,omitempty"` // its ID
	// Region is the kind and the name of the region that the finding lies in, with a
	// slash between them, as a pattern of package path: "memory/PT_LOAD", "text/*".
	Region string `json:"region,omitempty"`
	// HMAC is the HMAC-SHA256 of the secret, in hexadecimal, and Key the name of the
	// key that it was made with.
	HMAC string `json:"hmac,omitempty"`
	Key  string `json:"key,omitempty"`
	Note string `json:"note,omitempty"`
}

// The reasons why a list cannot be used.
var (
	ErrInvalid = errors.New("no valid allowlist")
	ErrNoKey   = errors.New("the allowlist names values under a key that was not given")
)

// Parse reads a list.
func Parse(data []byte) (*List, error) {
	var l List
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrInvalid, plain(err))
	}
	if d.More() {
		return nil, fmt.Errorf("%w: more than one JSON value", ErrInvalid)
	}
	if l.Version != Version {
		return nil, fmt.Errorf("%w: version %d, want %d", ErrInvalid, l.Version, Version)
	}
	for i := range l.Entries {
		if err := l.Entries[i].check(); err != nil {
			return nil, fmt.Errorf("%w: entry %d: %w", ErrInvalid, i+1, err)
		}
	}
	return &l, nil
}

// plain says what is wrong with JSON without the text that the decoder's own errors
// quote: the file may have been named by mistake, and hold secrets.
func plain(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("not JSON at byte %d", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Sprintf("no %s at byte %d", kind.Type, kind.Offset)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the JSON is cut off"
	}
	return "a member that lists do not have"
}

func (e *Entry) check() error {
	if e.Kind == "" && e.Detector == "" && e.Region == "" && e.HMAC == "" {
		return errors.New("it allows everything")
	}
	if _, err := path.Match(e.Region, ""); err != nil {
		return fmt.Errorf("region: %w", err)
	}
	if (e.HMAC == "") != (e.Key == "") {
		return errors.New("hmac and key go together")
	}
	for _, f := range []struct {
		name, digits string
		size         int
	}{{"hmac", e.HMAC, sha256.Size}, {"key", e.Key, nameSize}} {
		if p, err := hex.DecodeString(f.digits); f.digits != "" && (err != nil || len(p) != f.size) {
			return fmt.Errorf("%s: want %d bytes in hexadecimal", f.name, f.size)
		}
	}
	return nil
}

// Add adds e unless an entry that differs in its note only is there.
func (l *List) Add(e Entry) error {
	if err := e.check(); err != nil {
		return err
	}
	same := func(o Entry) bool { o.Note = e.Note; return o == e }
	if !slices.ContainsFunc(l.Entries, same) {
		l.Entries = append(l.Entries, e)
	}
	return nil
}

// JSON returns the list as indented JSON with a final newline.
func (l *List) JSON() ([]byte, error) {
	l.Version = Version
	if l.Entries == nil {
		l.Entries = []Entry{}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(l); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Digest returns the SHA-256 of the list's JSON form, in hexadecimal.
func (l *List) Digest() (string, error) {
	data, err := l.JSON()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

// Key makes the HMACs of a list.
type Key struct {
	secret []byte
	name   string
}

const (
	// MinKey is the least size of a key, in bytes.
	MinKey   = 16
	nameSize = 8
)

// NewKey returns the key that a key file holds.
func NewKey(secret []byte) (*Key, error) {
	if len(secret) < MinKey {
		return nil, fmt.Errorf("an allow key must have at least %d bytes", MinKey)
	}
	k := &Key{secret: secret}
	name := k.sum("dumpscrub allow key name v1\x00", nil)
	k.name = hex.EncodeToString(name[:nameSize])
	return k, nil
}

func (k *Key) sum(domain string, p []byte) []byte {
	m := hmac.New(sha256.New, k.secret)
	m.Write([]byte(domain))
	m.Write(p)
	return m.Sum(nil)
}

// Name returns what lists call the key; it tells nothing of it.
func (k *Key) Name() string { return k.name }

// HMAC returns what lists call the secret with this identity.
func (k *Key) HMAC(identity []byte) string {
	return hex.EncodeToString(k.sum("dumpscrub allow value v1\x00", identity))
}

// Finding is what a list must know of one.
type Finding struct {
	Kind, Detector string
	Regions        []string // that it lies in, kind/name
	HMAC           string   // "" without a key
}

// Rules are a list ready to use. Nil allows nothing.
type Rules struct {
	list *List
	key  *Key
}

// NewRules returns the rules of a list. key may be nil when no entry needs one.
func NewRules(l *List, key *Key) (*Rules, error) {
	for i := range l.Entries {
		if name := l.Entries[i].Key; name != "" && (key == nil || key.name != name) {
			return nil, fmt.Errorf("%w: entry %d", ErrNoKey, i+1)
		}
	}
	return &Rules{list: l, key: key}, nil
}

// List returns the list.
func (r *Rules) List() *List { return r.list }

// HMAC returns the name of a secret for [Finding], "" without a key.
func (r *Rules) HMAC(identity []byte) string {
	if r == nil || r.key == nil {
		return ""
	}
	return r.key.HMAC(identity)
}

// Allows reports whether an entry agrees with f.
func (r *Rules) Allows(f Finding) bool {
	return r != nil && slices.ContainsFunc(r.list.Entries, func(e Entry) bool { return e.allows(&f) })
}

func (e *Entry) allows(f *Finding) bool {
	if e.Kind != "" && e.Kind != f.Kind || e.Detector != "" && e.Detector != f.Detector {
		return false
	}
	if e.HMAC != "" && !hmac.Equal([]byte(e.HMAC), []byte(f.HMAC)) {
		return false
	}
	if e.Region == "" {
		return true
	}
	for _, reg := range f.Regions {
		if ok, err := path.Match(e.Region, reg); !ok || err != nil {
			return false
		}
	}
	return len(f.Regions) > 0
}
