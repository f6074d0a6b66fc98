// Package tiletest opens files as tiles, for tests.
package tiletest

import (
	"os"
	"testing"

	"github.com/dumpscrub/dumpscrub/scrub/source"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// Input opens the file at path as it is, which is closed when the test ends.
func Input(t *testing.T, path string) *source.Input {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	in, err := source.Open(f, source.Options{Raw: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	return in
}

// Open returns the tiles of the file at path, which is closed when the test ends.
func Open(t *testing.T, path string) *tile.Tiles {
	t.Helper()
	ts, err := tile.New(Input(t, path))
	if err != nil {
		t.Fatal(err)
	}
	return ts
}
