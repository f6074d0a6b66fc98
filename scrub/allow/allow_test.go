package allow

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"
)

func key(t *testing.T) *Key {
	t.Helper()
	p := make([]byte, 32)
	rand.Read(p)
	k, err := NewKey(p)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestRules(t *testing.T) {
	k := key(t)
	mac := k.HMAC([]byte("value"))
	f := Finding{Kind: "jwt", Detector: "jwt-text", Regions: []string{"memory/PT_LOAD"}, HMAC: mac}
	split := f
	split.Regions = []string{"memory/PT_LOAD", "text/comment"}
	for name, c := range map[string]struct {
		e    Entry
		f    Finding
		want bool
	}{
		"kind":                {Entry{Kind: "jwt"}, f, true},
		"other kind":          {Entry{Kind: "jwe"}, f, false},
		"detector":            {Entry{Detector: "jwt-text"}, f, true},
		"both":                {Entry{Kind: "jwt", Detector: "other"}, f, false},
		"region":              {Entry{Region: "memory/*"}, f, true},
		"half in a region":    {Entry{Region: "memory/*"}, split, false},
		"value":               {Entry{HMAC: mac, Key: k.Name()}, f, true},
		"other value":         {Entry{HMAC: k.HMAC([]byte("valuf")), Key: k.Name()}, f, false},
		"value of other kind": {Entry{HMAC: mac, Key: k.Name(), Kind: "jwe"}, f, false},
	} {
		var l List
		if err := l.Add(c.e); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		data, err := l.JSON()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		r, err := NewRules(again, k)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Allows(c.f); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if (*Rules)(nil).Allows(f) {
		t.Error("no list allows something")
	}
}

func TestListsThatAreNone(t *testing.T) {
	for _, s := range []string{
		"", "[]", `{"version":2,"entries":[]}`, `{"version":1,"entries":[{}]}`, `{"version":1,"entries":[{"note":"x"}]}`,
		`{"version":1,"entries":[{"hmac":"00","key":"0011223344556677"}]}`, `{"version":1,"entries":[{"kind":"a","value":"b"}]}`,
		`{"version":1,"entries":[{"region":"[a"}]}`, `{"version":1,"entries":[]}{}`,
	} {
		if _, err := Parse([]byte(s)); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func TestKeys(t *testing.T) {
	a, b := key(t), key(t)
	l := &List{}
	if err := l.Add(Entry{HMAC: a.HMAC([]byte("v")), Key: a.Name(), Note: "one"}); err != nil {
		t.Fatal(err)
	}
	if err := l.Add(Entry{HMAC: a.HMAC([]byte("v")), Key: a.Name(), Note: "two"}); err != nil || len(l.Entries) != 1 {
		t.Errorf("%d entries, error %v", len(l.Entries), err)
	}
	for _, k := range []*Key{nil, b} {
		if _, err := NewRules(l, k); !errors.Is(err, ErrNoKey) {
			t.Errorf("error %v, want %v", err, ErrNoKey)
		}
	}
	if _, err := NewKey(make([]byte, MinKey-1)); err == nil {
		t.Error("a short key is taken")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"version":1,"entries":[{"kind":"jwt","region":"memory/*"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := Parse(data)
		if err != nil {
			return
		}
		out, err := l.JSON()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(out)
		if err != nil {
			t.Fatalf("what was written is not read: %v", err)
		}
		if b, _ := again.JSON(); !bytes.Equal(b, out) {
			t.Error("written twice it differs")
		}
	})
}
