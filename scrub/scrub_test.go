package scrub

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/dumpscrub/dumpscrub/formats/dumptest"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/plan"
	"github.com/dumpscrub/dumpscrub/scrub/receipt"
	"github.com/dumpscrub/dumpscrub/scrub/source"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// body returns the base64 of a PEM file without its lines' ends.
func body(p []byte) []byte {
	lines := bytes.Split(bytes.TrimSpace(p), []byte("\n"))
	return bytes.Join(lines[1:len(lines)-1], nil)
}

func TestSecretsGoAndTheRestStays(t *testing.T) {
	key, wide := dumptest.KeyPEM(), dumptest.KeyPEM()
	der, rsa := rsaDER(t)
	dump := core(segment{0x10000, slices.Concat(noise(5000), key, noise(777), der, noise(300))},
		segment{0x90000, slices.Concat(noise(64), widen(wide), noise(1000))})
	r, out := scrubbed(t, job(t, file(t, dump)))
	if len(out) != len(dump) {
		t.Fatalf("output has %d bytes, input %d", len(out), len(dump))
	}
	for name, private := range map[string][]byte{
		"PEM": body(key), "UTF-16 PEM": widen(body(wide)), "p": rsa.Primes[0].Bytes(), "q": rsa.Primes[1].Bytes(), "d": rsa.D.Bytes(),
	} {
		if bytes.Contains(dump, private[:min(64, len(private))]) && bytes.Contains(out, private[:16]) {
			t.Errorf("%s survives", name)
		}
	}
	if !bytes.Contains(out, rsa.N.Bytes()) {
		t.Error("the public modulus is gone")
	}
	if !bytes.Contains(out, []byte("-----BEGIN PRIVATE KEY-----\n[REDACTED:ec-private-key#1]****")) {
		t.Error("the PEM envelope does not hold a tag")
	}
	in := make([]bool, len(dump))
	for f := range r.Findings.All() {
		for _, s := range f.Spans {
			for i := s.Offset; i < s.Offset+s.Length; i++ {
				in[i] = true
			}
		}
	}
	for i := range dump {
		if dump[i] != out[i] && !in[i] {
			t.Fatalf("byte %d changed outside every finding", i)
		}
	}
	if n := r.Secrets.Len(); n != 3 {
		t.Errorf("%d secrets, want 3", n)
	}
	c := r.Coverage
	if c.Scanned+c.Structure+c.Absent+c.Refused != r.Input.Size || r.Input.Size != int64(len(dump)) {
		t.Errorf("coverage %+v does not add up to %d", c, len(dump))
	}
}

func TestScrubbingTwiceChangesNothing(t *testing.T) {
	der, _ := rsaDER(t)
	_, once := scrubbed(t, job(t, file(t, core(segment{0x1000, slices.Concat(noise(100), der, dumptest.KeyPEM(), noise(100))}))))
	r, twice := scrubbed(t, job(t, file(t, once)))
	if r.Findings.Len() != 0 || !bytes.Equal(once, twice) {
		t.Errorf("second run: %d findings, equal bytes: %t", r.Findings.Len(), bytes.Equal(once, twice))
	}
}

// A secret whose halves are neighbours in memory is found wherever they lie in
// the file; its pieces may be tiny.
func TestSeams(t *testing.T) {
	key := dumptest.KeyPEM()
	for _, piece := range []int{11, 100, len(key) / 2} {
		t.Run(fmt.Sprint(piece), func(t *testing.T) {
			memory := slices.Concat(noise(256), key, noise(256))
			var segs []segment
			for at := 0; at < len(memory); at += piece {
				segs = append(segs, segment{uint64(0x40000 + at), memory[at:min(at+piece, len(memory))]})
			}
			// No two neighbours in memory may be neighbours in the file.
			slices.SortStableFunc(segs, func(a, b segment) int { return int(a.addr&1) - int(b.addr&1) })
			slices.Reverse(segs)
			r, out := scrubbed(t, job(t, file(t, core(segs...))))
			if !slices.ContainsFunc(slices.Collect(r.Secrets.All()), func(s ReportSecret) bool { return s.Kind == "ec-private-key" && s.Confidence == "confirmed" }) {
				t.Errorf("the key is not found whole: %+v", r.Secrets)
			}
			for i := 0; i+9 <= len(body(key)); i += 9 {
				if bytes.Contains(out, body(key)[i:i+9]) {
					t.Errorf("characters %d to %d of the body survive", i, i+9)
				}
			}
		})
	}
}

// The hunt removes copies that no detector can see: without envelope, reversed,
// as text.
func TestHuntRemovesCopies(t *testing.T) {
	der, key := rsaDER(t)
	le := key.Primes[0].Bytes()
	slices.Reverse(le)
	hex := fmt.Appendf(nil, "%X", key.D.Bytes())
	dump := core(segment{0x1000, slices.Concat(noise(100), der, noise(100), le, noise(50), hex, noise(50), key.Primes[1].Bytes()[30:70], noise(100))})
	r, out := scrubbed(t, job(t, file(t, dump)))
	for name, p := range map[string][]byte{"limbs": le, "hex": hex, "piece": key.Primes[1].Bytes()[30:70]} {
		for i := 0; i+16 <= len(p); i++ {
			if bytes.Contains(out, p[i:i+16]) {
				t.Errorf("%s: bytes %d to %d survive", name, i, i+16)
				break
			}
		}
	}
	if r.Secrets.Len() != 1 {
		t.Errorf("%d secrets, want the one key", r.Secrets.Len())
	}
}

func TestResultDoesNotDependOnTheWork(t *testing.T) {
	key := dumptest.KeyPEM()
	der, _ := rsaDER(t)
	memory := slices.Concat(noise(3000), key, noise(200), der, widen(key), noise(tile.Size), key, noise(100))
	cut := 3000 + len(key)/2
	path := file(t, core(segment{0x200000 + uint64(cut), memory[cut:]}, segment{0x200000, memory[:cut]}))
	var first *Report
	var firstOut []byte
	for _, chunk := range []int{64, 4096, 1 << 20, 16 << 20} {
		for _, jobs := range []int{1, 3, 8} {
			j := job(t, path)
			j.Config = Config{Jobs: jobs, Chunk: chunk}
			r, out := scrubbed(t, j)
			if first == nil {
				first, firstOut = r, out
				continue
			}
			if !bytes.Equal(asJSON(t, r), asJSON(t, first)) || !bytes.Equal(out, firstOut) {
				t.Fatalf("chunk %d, jobs %d: another result", chunk, jobs)
			}
		}
	}
	a, err := first.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(a) || first.Findings.Len() < 4 {
		t.Errorf("report: valid %t, %d findings", json.Valid(a), first.Findings.Len())
	}
}

// Holes are passed over without a difference to the result.
func TestSparseInputGivesSparseOutput(t *testing.T) {
	key := dumptest.KeyPEM()
	size := int64(24 << 20)
	head := core(segment{0x1000, make([]byte, 0)})
	path := file(t, head)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	at := int64(14<<20 + 12345)
	if err := errors.Join(f.Truncate(size), writeAt(f, key, at)); err != nil {
		t.Fatal(err)
	}
	j := job(t, path)
	r, out := scrubbed(t, j)
	if int64(len(out)) != size || r.Secrets.Len() != 1 {
		t.Fatalf("%d bytes, %d secrets", len(out), r.Secrets.Len())
	}
	if used := diskBytes(t, j.Output); used > 1<<20 {
		t.Errorf("the output takes %d bytes on disk", used)
	}
	dense := job(t, file(t, out)) // the same bytes without holes
	if r2, out2 := scrubbed(t, dense); r2.Findings.Len() != 0 || !bytes.Equal(out, out2) {
		t.Error("the dense copy gives another result")
	}
}

func TestContainersAreTakenOffAndPutBack(t *testing.T) {
	dump := core(segment{0x1000, slices.Concat(noise(4000), dumptest.KeyPEM(), noise(400))})
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	packed := enc.EncodeAll(dump, nil)
	r, out := scrubbed(t, job(t, file(t, packed)))
	dec, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer dec.Close()
	plain, err := dec.DecodeAll(out, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Input.Container != "zstd" || len(plain) != len(dump) || r.Secrets.Len() != 1 || !bytes.Contains(plain, []byte("[REDACTED:")) {
		t.Errorf("container %q, %d bytes, %d secrets", r.Input.Container, len(plain), r.Secrets.Len())
	}
	long := make([]byte, 1<<20)
	rand.Read(long)
	packed = enc.EncodeAll(core(segment{0x1000, slices.Concat(dumptest.KeyPEM(), long)}), nil)
	cut := job(t, file(t, packed[:len(packed)/2]))
	if r, _ := scrubbed(t, cut); !r.Input.Truncated || r.Secrets.Len() != 1 {
		t.Errorf("a cut container: truncated %t, %d secrets", r.Input.Truncated, r.Secrets.Len())
	}
}

func TestReceiptCoversTheOutput(t *testing.T) {
	j := job(t, file(t, core(segment{0x1000, dumptest.KeyPEM()})))
	r, _ := scrubbed(t, j)
	data, err := os.ReadFile(j.Receipt)
	if err != nil {
		t.Fatal(err)
	}
	s, err := receipt.Read(t.Context(), data, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Covers(receipt.SHA256, r.Output.SHA256); err != nil {
		t.Error(err)
	}
	if err := s.Covers(receipt.SHA256, r.Output.SHA256[:63]+"x"); !errors.Is(err, receipt.ErrOtherBytes) {
		t.Errorf("other digest: %v", err)
	}
}

func TestFailuresPublishNothing(t *testing.T) {
	dump := core(segment{0x1000, slices.Concat(noise(1<<20), dumptest.KeyPEM())})
	boom := errors.New("boom")
	for name, c := range map[string]struct {
		break_ func(j *Job) context.Context
		want   error
	}{
		"cancelled": {func(j *Job) context.Context {
			ctx, cancel := context.WithCancel(t.Context())
			j.Progress = func(step string, _, _ int64) {
				if step == "verify" {
					cancel()
				}
			}
			return ctx
		}, context.Canceled},
		"report refused": {func(j *Job) context.Context {
			j.Announce = func(*Report) error { return boom }
			return t.Context()
		}, boom},
		"no directory": {func(j *Job) context.Context {
			j.Receipt = j.Output + "/missing/receipt"
			return t.Context()
		}, fs.ErrNotExist},
		"unknown format": {func(j *Job) context.Context {
			j.Input, _ = os.Open(file(t, []byte("plain text that is no dump")))
			return t.Context()
		}, layout.ErrUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			j := job(t, file(t, dump))
			ctx := c.break_(j)
			if _, err := Scrub(ctx, j); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			unpublished(t, j)
		})
	}
}

// A secret that overlaps a header is neither passed on nor cut out of the header.
func TestSecretInStructureEndsTheRun(t *testing.T) {
	l := &layout.Layout{Size: 300, Regions: []layout.Region{
		{Span: layout.Span{Off: 0, Len: 100}, Kind: layout.Structure, Name: "header"},
		{Span: layout.Span{Off: 100, Len: 200}, Kind: layout.Memory},
	}}
	for off, want := range map[int64]error{50: plan.ErrStructure, 99: plan.ErrStructure, 100: nil, 280: nil} {
		res := newResult(nil)
		res.Secrets.Append(Secret{})
		res.Findings.Append(Finding{Redacted: true, span: layout.Span{Off: off, Len: 20}})
		if _, err := newPlan(l, res); !errors.Is(err, want) {
			t.Errorf("a secret at offset %d: error %v, want %v", off, err, want)
		}
	}
}

// Whatever is written between the first reading and the publication ends the run.
func TestChangedSourceIsNoticed(t *testing.T) {
	dump := core(segment{0x1000, slices.Concat(noise(3*tile.Size), dumptest.KeyPEM(), noise(tile.Size))})
	key := dumptest.KeyPEM()
	for _, stage := range []string{"copy", "verify"} {
		for name, change := range map[string]func(f *os.File) error{
			"a key is planted": func(f *os.File) error { return writeAt(f, key, 2*tile.Size-50) },
			"truncated":        func(f *os.File) error { return f.Truncate(int64(tile.Size)) },
			"extended":         func(f *os.File) error { return writeAt(f, key, int64(len(dump))) },
		} {
			t.Run(stage+"/"+name, func(t *testing.T) {
				path := file(t, dump)
				w, err := os.OpenFile(path, os.O_RDWR, 0)
				if err != nil {
					t.Fatal(err)
				}
				defer w.Close()
				j := job(t, path)
				done := false
				j.Progress = func(step string, at, total int64) {
					before := stage == "copy" && (step == "scan" || step == "hunt") && at == total
					if !done && (before || step == stage) {
						done = true
						if err := change(w); err != nil {
							t.Error(err)
						}
					}
				}
				_, err = Scrub(t.Context(), j)
				switch {
				case errors.Is(err, source.ErrChanged):
					unpublished(t, j)
				case err != nil:
					t.Errorf("error %v, want %v", err, source.ErrChanged)
				default:
					// After the copy a change of the source no longer matters, as
					// long as nothing of it is in the output.
					out, _ := os.ReadFile(j.Output)
					if stage == "copy" || bytes.Contains(out, body(key)[:16]) {
						t.Error("the change went through")
					}
				}
			})
		}
	}
}

func writeAt(f *os.File, p []byte, off int64) error {
	_, err := f.WriteAt(p, off)
	return err
}

func widen(p []byte) []byte {
	var w []byte
	for _, b := range p {
		w = append(w, b, 0)
	}
	return w
}

func asJSON(t *testing.T, r *Report) []byte {
	t.Helper()
	data, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return data
}
