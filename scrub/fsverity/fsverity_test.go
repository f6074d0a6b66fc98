package fsverity

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAgainstTool compares with fsverity-utils over sizes around every border.
func TestAgainstTool(t *testing.T) {
	tool, err := exec.LookPath("fsverity")
	if err != nil {
		t.Skip("fsverity (package fsverity) is not installed")
	}
	r := rand.NewChaCha8([32]byte{1})
	for _, n := range []int{0, 1, 4095, 4096, 4097, 128 * 4096, 128*4096 + 1, 3<<20 + 5, 128 * 128 * 4096, 128*128*4096 + 1} {
		data := make([]byte, n)
		r.Read(data[:n/2])
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(tool, "digest", "--compact", path).Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, jobs := range []int{1, 3} {
			got, err := Digest(context.Background(), bytes.NewReader(data), int64(n), jobs)
			if want := strings.TrimSpace(string(out)); err != nil || hex.EncodeToString(got) != want {
				t.Errorf("%d bytes, %d jobs: %x, %v, want %s", n, jobs, got, err, want)
			}
		}
	}
}

// TestKnown is the digest of the empty file and of one block of zeros, as the tool
// prints them.
func TestKnown(t *testing.T) {
	for n, want := range map[int]string{
		0: "3d248ca542a24fc62d1c43b916eae5016878e2533c88238480b26128a1f1af95", 4096: "babc284ee4ffe7f449377fbf6692715b43aec7bc39c094a95878904d34bac97e",
	} {
		got, err := Digest(context.Background(), bytes.NewReader(make([]byte, n)), int64(n), 2)
		if err != nil || hex.EncodeToString(got) != want {
			t.Errorf("%d: %x, %v", n, got, err)
		}
	}
}

func TestEveryByteCounts(t *testing.T) {
	data := make([]byte, 70000)
	sum := func() string {
		d, err := Digest(context.Background(), bytes.NewReader(data), int64(len(data)), 2)
		if err != nil {
			t.Fatal(err)
		}
		return string(d)
	}
	was := sum()
	for _, at := range []int{0, 4095, 4096, 65535, 69999} {
		data[at] ^= 1
		if sum() == was {
			t.Errorf("byte %d does not count", at)
		}
		data[at] ^= 1
	}
}

func TestErrors(t *testing.T) {
	if _, err := Digest(context.Background(), bytes.NewReader(make([]byte, 5000)), 9000, 2); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("short: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Digest(ctx, bytes.NewReader(make([]byte, 5000)), 5000, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func BenchmarkDigest(b *testing.B) {
	data := make([]byte, 64<<20)
	rand.NewChaCha8([32]byte{1}).Read(data)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Digest(context.Background(), bytes.NewReader(data), int64(len(data)), 2); err != nil {
			b.Fatal(err)
		}
	}
}
