package torture

import (
	"bytes"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/dumpscrub/dumpscrub/scrub"
	"github.com/dumpscrub/dumpscrub/scrub/source"
	"github.com/dumpscrub/dumpscrub/scrub/spill"
)

// decoyMemory is what a run may hold in memory at its end, in bytes, whatever it found:
// room for findings, tables, and what the hunt knows.
const decoyMemory = 96 << 20

// However many secrets there are, none is dropped, and they take no more memory than
// few do: the rest is in the spool. DUMPSCRUB_DECOYS=1000000 makes a million.
func TestDecoys(t *testing.T) {
	n := 8000
	if s := os.Getenv("DUMPSCRUB_DECOYS"); s != "" {
		v, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		n = v
	}
	r := random(1)
	b64 := base64.RawURLEncoding
	header := b64.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`))
	dir := folder(t)
	path := filepath.Join(dir, "memory")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	macs := make([][]byte, n)
	var block bytes.Buffer
	for i := range n {
		if i%2 == 0 {
			mac := make([]byte, 32)
			fill(r, mac)
			sign := b64.EncodeToString(mac)
			macs[i] = []byte(sign)[:40]
			fmt.Fprintf(&block, "\x00%s.%s.%s\x00", header, b64.EncodeToString(fmt.Appendf(nil, `{"sub":"%d"}`, i)), sign)
		} else {
			macs[i] = accessKey(r)
			fmt.Fprintf(&block, "\x00AKIA%s\x00", macs[i])
		}
		if block.Len() > 1<<20 || i == n-1 {
			if _, err := block.WriteTo(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	// The one that the decoys are to hide.
	last := keyPEM(t)
	if _, err := f.Write(last); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	j := job(t, path, dir)
	j.Format, j.Harvesters, j.Provers = "raw", nil, nil
	opened := 0
	j.Disk = spill.NewDisk(1<<20, func() (*source.Spool, error) { opened++; return source.NewSpool(dir) })
	defer j.Disk.Close()
	var before, at runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	j.Announce = func(*scrub.Report) error {
		runtime.GC()
		runtime.ReadMemStats(&at)
		return nil
	}
	rep, err := scrub.Scrub(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	// The key may lie there in two forms at once.
	if rep.Findings.Len() < n+1 || rep.Secrets.Len() != n+1 {
		t.Errorf("%d findings of %d secrets, want %d", rep.Findings.Len(), rep.Secrets.Len(), n+1)
	}
	held := int64(at.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%d bytes of memory at the end, with %d findings", held, n)
	if held > decoyMemory {
		t.Errorf("%d bytes of memory with %d findings", held, n)
	}
	if opened != 1 {
		t.Errorf("%d spools were opened: findings that do not fit are to go to one", opened)
	}
	out, err := os.ReadFile(j.Output)
	if err != nil {
		t.Fatal(err)
	}
	if holds(out, secretPart(t, last)) {
		t.Error("the key behind the decoys survives")
	}
	for i := 0; i < n; i += max(1, n/1000) {
		if bytes.Contains(out, macs[i]) {
			t.Errorf("decoy %d survives", i)
		}
	}
}

// accessKey returns what follows AKIA in a key ID. One random one in 30,000 has so
// few distinct characters that it is taken for a placeholder; none of these has.
func accessKey(r *rand.Rand) []byte {
	const distinct = 11
	for p := make([]byte, 10); ; {
		fill(r, p)
		key := []byte(base32.StdEncoding.EncodeToString(p))
		seen := map[byte]bool{}
		for _, c := range key {
			seen[c] = true
		}
		if len(seen) >= distinct {
			return key
		}
	}
}

func fill(r *rand.Rand, p []byte) {
	for i := range p {
		p[i] = byte(r.Uint32())
	}
}
