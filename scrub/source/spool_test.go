package source

import (
	"errors"
	"testing"
)

// A disk that loses a write and says nothing is an error when it is read.
func TestLostWriteIsAnError(t *testing.T) {
	s, err := NewSpool(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Write(random(3 * spoolBlock)); err != nil {
		t.Fatal(err)
	}
	if err := s.Finish(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.f.WriteAt(make([]byte, 4096), spoolBlock+8192); err != nil {
		t.Fatal(err)
	}
	p := make([]byte, spoolBlock)
	if _, err := s.ReadAt(p, 0); err != nil {
		t.Errorf("a block that is whole: %v", err)
	}
	if _, err := s.ReadAt(p, spoolBlock/2); !errors.Is(err, ErrSpool) {
		t.Errorf("a block with a hole: %v", err)
	}
}
