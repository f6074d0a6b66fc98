package dump

import (
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/corpus/secret"
)

// testForms are fast to make and cover every writer.
func testForms(t *testing.T) []secret.Form {
	t.Helper()
	var fs []secret.Form
	for _, f := range secret.Forms() {
		if strings.Contains(f.Name, "ed25519") || strings.Contains(f.Name, "aes-") || strings.Contains(f.Name, "jwt-hs") {
			fs = append(fs, f)
		}
	}
	if len(fs) < 30 {
		t.Fatalf("only %d forms", len(fs))
	}
	return fs
}

func write(t *testing.T, d *Dump) []byte {
	t.Helper()
	var out bytes.Buffer
	n, err := d.WriteTo(&out)
	if err != nil || n != d.Size || int64(out.Len()) != d.Size {
		t.Fatalf("wrote %d of %d bytes: %v", n, d.Size, err)
	}
	return out.Bytes()
}

func TestTruthHoldsInEveryVariant(t *testing.T) {
	forms := testForms(t)
	root := secret.Seeded(1)
	for _, v := range Variants() {
		t.Run(v.Name, func(t *testing.T) {
			d := v.Make(root.Fork(v.Name), 1<<19, forms)
			data := write(t, d)
			plants := d.Plants()
			if len(plants) < len(forms)/2 {
				t.Errorf("%d plants for %d forms", len(plants), len(forms))
			}
			if d.Dropped > len(forms)/10 {
				t.Errorf("no place for %d secrets", d.Dropped)
			}
			places := map[string]int{}
			for _, p := range plants {
				places[p.Place]++
				var got, want []byte
				for _, s := range p.Private {
					got = append(got, data[s.Off:s.Off+s.Len]...)
				}
				for _, r := range p.Secret.Private {
					want = append(want, p.Data[r.Start:r.End]...)
				}
				if len(got) == len(want) && !sameBytes(got, want) || len(got) != len(want) && !strings.Contains(v.Name, "truncated") {
					t.Errorf("%s in %s: the private spans hold something else", p.Form, p.Place)
				}
			}
			if places["heap"] == 0 || places["border"] == 0 && v.Name != "elf-x86-64-truncated" {
				t.Errorf("places: %v", places)
			}
		})
	}
}

// sameBytes reports whether a holds the bytes of b, in any order of its pieces.
func sameBytes(a, b []byte) bool {
	x, y := slices.Clone(a), slices.Clone(b)
	slices.Sort(x)
	slices.Sort(y)
	return bytes.Equal(x, y)
}

func TestSeedDecidesLayout(t *testing.T) {
	forms := testForms(t)[:12]
	a, b := secret.Seeded(4), secret.Seeded(4)
	for _, v := range Variants() {
		one := sha256.Sum256(write(t, v.Make(a.Fork(v.Name), 1<<17, forms)))
		two := sha256.Sum256(write(t, v.Make(b.Fork(v.Name), 1<<17, forms)))
		if one != two {
			t.Errorf("%s: one seed, two dumps", v.Name)
		}
	}
}

func TestBordersAreFarApartInShuffledFiles(t *testing.T) {
	root := secret.Seeded(5)
	for _, v := range Variants() {
		if !strings.Contains(v.Name, "shuffled") {
			continue
		}
		apart := 0
		d := v.Make(root.Fork(v.Name), 1<<19, testForms(t))
		for _, p := range d.Plants() {
			if len(p.Spans) > 1 && p.Spans[0].Off+p.Spans[0].Len != p.Spans[1].Off {
				apart++
			}
		}
		if apart == 0 {
			t.Errorf("%s: no secret lies in two distant pieces", v.Name)
		}
	}
}

func TestCleanDumpsHoldNothing(t *testing.T) {
	root := secret.Seeded(6)
	for _, v := range Variants() {
		if d := v.Make(root.Fork(v.Name), 1<<17, nil); len(d.Plants()) != 0 {
			t.Errorf("%s: %d plants in a clean dump", v.Name, len(d.Plants()))
		}
	}
}

func TestCoresParse(t *testing.T) {
	root := secret.Seeded(7)
	readelf, missing := exec.LookPath("readelf")
	for _, v := range Variants() {
		if !strings.HasPrefix(v.Name, "elf-") {
			continue
		}
		d := v.Make(root.Fork(v.Name), 1<<18, testForms(t)[:8])
		data := write(t, d)
		f, err := elf.NewFile(bytes.NewReader(data))
		if err != nil || f.Type != elf.ET_CORE {
			t.Errorf("%s: %v", v.Name, err)
			continue
		}
		if missing != nil || strings.Contains(v.Name, "truncated") {
			continue // readelf complains about truncated files, as it should
		}
		path := filepath.Join(t.TempDir(), "core")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(readelf, "-h", "-l", "-n", "-W", path)
		cmd.Env = append(os.Environ(), "LC_ALL=C")
		out, err := cmd.CombinedOutput()
		if text := string(out); err != nil || strings.Contains(text, "Warning") || strings.Contains(text, "Error") ||
			!strings.Contains(text, "NT_PRSTATUS") {
			for _, line := range strings.Split(text, "\n") {
				if strings.Contains(line, "Warning") || strings.Contains(line, "Error") {
					t.Errorf("%s: readelf: %s", v.Name, line)
				}
			}
			t.Errorf("%s: readelf: %v", v.Name, err)
		}
		if strings.Contains(v.Name, "xnum") && !strings.Contains(string(out), "65535 (6") {
			t.Errorf("%s: readelf does not see more than 65,535 program headers", v.Name)
		}
	}
}

// TestAllOrNothing holds that what proves a secret is never left out of a dump that has no place
// for it while the secret is planted.
func TestAllOrNothing(t *testing.T) {
	var forms []secret.Form
	for _, f := range secret.Forms() {
		if strings.HasPrefix(f.Name, "ssh-shielded-") {
			forms = append(forms, f, f, f)
		}
	}
	v := Variants()[0]
	d := v.Make(secret.Seeded(6).Fork(v.Name), 1<<18, forms)
	blobs, prekeys := 0, 0
	for _, p := range d.Plants() {
		if !strings.HasPrefix(p.Form, "ssh-shielded-") {
			continue
		}
		if strings.HasSuffix(p.Form, "-prekey") {
			prekeys++
		} else {
			blobs++
		}
	}
	if d.Dropped == 0 || blobs == 0 || blobs != prekeys {
		t.Errorf("%d blobs and %d pre-keys, %d dropped", blobs, prekeys, d.Dropped)
	}
}
