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
)

// What a run may hold in memory at its end, in bytes: so much, and so much for each
// finding.
const (
	fixedMemory = 96 << 20
	decoyMemory = 512
)

// However many secrets there are, none is dropped, and the memory for each is
// small. DUMPSCRUB_DECOYS=1000000 makes a million.
func TestDecoys(t *testing.T) {
	n := 4000
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
	if held > fixedMemory+decoyMemory*int64(n) {
		t.Errorf("%d bytes of memory with %d findings", held, n)
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
