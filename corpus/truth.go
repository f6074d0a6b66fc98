package corpus

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"

	"github.com/dumpscrub/dumpscrub/corpus/dump"
)

// Span is file bytes: offset and length.
type Span = dump.Span

// Truth is what a sample holds. As JSON it is the sample's .truth.json file.
type Truth struct {
	Warning string   `json:"warning"` // that this file holds key material
	Schema  int      `json:"schema"`
	Name    string   `json:"name"` // of the dump, without folder
	Variant string   `json:"variant"`
	Size    int64    `json:"size"` // bytes
	Seed    uint64   `json:"seed"` // 0 with keys that no seed gives again
	Secrets []Secret `json:"secrets"`
}

// Secret is one planted secret.
type Secret struct {
	Form       string   `json:"form"`       // name of the representation
	Family     string   `json:"family"`     // what it is counted with
	Kind       string   `json:"kind"`       // as reports name it
	Encoding   string   `json:"encoding"`   // as reports name it
	Also       []string `json:"also"`       // other kinds and encodings that a report may name
	Confidence string   `json:"confidence"` // the least that it deserves
	Complete   bool     `json:"complete"`
	Place      string   `json:"place"`   // "heap", "border", "registers", …
	Spans      []Span   `json:"spans"`   // the structure, with what it claims beyond a cut
	Private    []Span   `json:"private"` // what must be gone
	Values     []string `json:"values"`  // private numbers: hexadecimal, big-endian, no leading zeros
}

const (
	schema  = 2
	warning = "This file holds private keys. They were made up for the dump beside it and guard nothing."
)

func truthOf(d *dump.Dump, name string, seed uint64) Truth {
	t := Truth{Warning: warning, Schema: schema, Name: name, Variant: d.Name, Size: d.Size, Seed: seed, Secrets: []Secret{}}
	for _, p := range d.Plants() {
		s := Secret{
			Form: p.Form, Family: p.Family, Kind: p.Kind, Encoding: p.Encoding, Also: append([]string{}, p.Also...), Confidence: p.Confidence,
			Complete: p.Complete, Place: p.Place, Spans: p.Spans, Private: p.Private, Values: []string{},
		}
		for _, v := range p.Values {
			s.Values = append(s.Values, hex.EncodeToString(v))
		}
		t.Secrets = append(t.Secrets, s)
	}
	return t
}

// Read reads a .truth.json file.
func Read(path string) (Truth, error) {
	var t Truth
	data, err := os.ReadFile(path)
	if err != nil {
		return t, err
	}
	if err := json.Unmarshal(data, &t); err != nil {
		return t, fmt.Errorf("reading truth: %w", err)
	}
	if t.Schema != schema {
		return t, fmt.Errorf("reading truth: schema %d, want %d", t.Schema, schema)
	}
	return t, nil
}
