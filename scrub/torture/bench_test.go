package torture

import (
	"bytes"
	"encoding/binary"
	"encoding/pem"
	"math"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/dumpscrub/dumpscrub/detect"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/scrub"
	"github.com/dumpscrub/dumpscrub/scrub/policy"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// trials calls try with seed after seed until the time for this attack is over,
// or DUMPSCRUB_TRIALS of them are done, and returns how many there were.
func trials(t *testing.T, short, long time.Duration, try func(seed uint64)) int {
	t.Helper()
	limit := long
	if testing.Short() {
		limit = short
	}
	if s := os.Getenv("DUMPSCRUB_TORTURE"); s != "" {
		d, err := time.ParseDuration(s)
		if err != nil {
			t.Fatal(err)
		}
		limit = d
	}
	var seed uint64
	if s := os.Getenv("DUMPSCRUB_SEED"); s != "" {
		v, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = v
	}
	most := math.MaxInt
	if s := os.Getenv("DUMPSCRUB_TRIALS"); s != "" {
		v, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		most = v
	}
	n := 0
	for end := time.Now().Add(limit); n < most && time.Now().Before(end) && !t.Failed(); n++ {
		try(seed + uint64(n))
	}
	return n
}

func random(seed uint64) *mathrand.Rand { return mathrand.New(mathrand.NewPCG(seed, 0x6475)) }

// folder returns a folder in memory where there is one: these trials are about the
// order of calls, not about disks.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "torture-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// secretPart returns the scalar of a key and the characters of its body that the
// scalar makes.
func secretPart(t *testing.T, text []byte) [][]byte {
	t.Helper()
	block, _ := pem.Decode(text)
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	body := bytes.Join(lines[1:len(lines)-1], nil)
	const first, size = 36, 32 // of the scalar in the DER of such a key, in bytes
	return [][]byte{block.Bytes[first : first+size], body[first/3*4+4 : (first+size)/3*4]}
}

// holds reports whether data hold any 12 bytes in a row of a secret's part; lines of
// PEM end wherever they do, so pieces are what counts.
func holds(data []byte, parts [][]byte) bool { return newPieces(parts).in(data) }

const pieceLen = 12 // bytes

// pieces are what data are searched for in one pass.
type pieces struct {
	first [1 << 16]bool // by their first two bytes
	all   map[[pieceLen]byte]bool
}

func newPieces(parts [][]byte) *pieces {
	p := &pieces{all: map[[pieceLen]byte]bool{}}
	for _, part := range parts {
		for i := 0; i+pieceLen <= len(part); i++ {
			p.all[[pieceLen]byte(part[i:])] = true
			p.first[binary.LittleEndian.Uint16(part[i:])] = true
		}
	}
	return p
}

func (p *pieces) in(data []byte) bool {
	for i := 0; i+pieceLen <= len(data); i++ {
		if p.first[binary.LittleEndian.Uint16(data[i:])] && p.all[[pieceLen]byte(data[i:])] {
			return true
		}
	}
	return false
}

// pointers returns n bytes that are no secret.
func pointers(n int) []byte {
	p := make([]byte, n)
	for i := 0; i+8 <= n; i += 8 {
		binary.LittleEndian.PutUint64(p[i:], 0x7f0000001000+uint64(i)*40)
	}
	return p
}

// job returns a deep job over the file at path that publishes in dir.
func job(t *testing.T, path, dir string) *scrub.Job {
	t.Helper()
	j := jobWith(t, path, dir, detect.Default())
	j.Deep, j.Harvesters, j.Provers = detect.Deep(), detect.Harvesters(), detect.Provers
	return j
}

// jobWith is job with these detectors and without proofs.
func jobWith(t *testing.T, path, dir string, ds []probe.Detector) *scrub.Job {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return &scrub.Job{
		Settings: scrub.Settings{
			Detectors: ds, Policy: policy.Standard(), Depth: scrub.Deep,
			Config: scrub.Config{Jobs: 2, Chunk: 64 << 10},
		},
		Version: "test", Input: f, Options: source.Options{SpoolDir: dir, MaxBytes: 64 << 20},
		Output: filepath.Join(dir, "out"), Receipt: filepath.Join(dir, "out.receipt.json"),
	}
}
