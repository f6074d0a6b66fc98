package scrub

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect"
	"github.com/dumpscrub/dumpscrub/formats"
	"github.com/dumpscrub/dumpscrub/formats/dumptest"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/digest"
	"github.com/dumpscrub/dumpscrub/scrub/memory"
	"github.com/dumpscrub/dumpscrub/scrub/mirror"
	"github.com/dumpscrub/dumpscrub/scrub/plan"
	"github.com/dumpscrub/dumpscrub/scrub/policy"
	"github.com/dumpscrub/dumpscrub/scrub/receipt"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
	"github.com/dumpscrub/dumpscrub/scrub/tile/tiletest"
)

// trial is a scanned dump of which copies are made.
type trial struct {
	set  Settings
	l    *layout.Layout
	res  *Result
	plan *plan.Plan
}

func newTrial(t *testing.T, dump []byte, depth Depth) *trial {
	t.Helper()
	in := tiletest.Input(t, file(t, dump))
	l, err := formats.Open(in, in.Size(), "")
	if err != nil {
		t.Fatal(err)
	}
	x := &trial{l: l, set: Settings{
		Detectors: detect.Default(), Deep: detect.Deep(), Harvesters: detect.Harvesters(), Provers: detect.Provers,
		Policy: policy.Standard(), Depth: depth, Config: Config{Jobs: 2},
	}}
	if x.res, err = Scan(t.Context(), in, l, x.set); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.res.Close() })
	if x.plan, err = newPlan(l, x.res); err != nil {
		t.Fatal(err)
	}
	return x
}

// copy makes a copy by plan and returns it as it was read back, with its digest.
func (x *trial) copy(t *testing.T, p *plan.Plan, name string) (*tile.Tiles, string, []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := mirror.Extend(f, x.l.Size); err != nil {
		t.Fatal(err)
	}
	out, err := tile.New(tiletest.Input(t, path))
	if err != nil {
		t.Fatal(err)
	}
	out.Reseed(x.res.tiles)
	d := digest.New(name, out.Size(), 2)
	defer d.Close()
	m := &mirror.Pair{Plan: p, In: x.res.tiles, Out: out, Jobs: 2}
	if err := m.Copy(t.Context(), f, d, func(done, total int64) {}); err != nil {
		t.Fatal(err)
	}
	sum, err := d.Sum()
	if err != nil {
		t.Fatal(err)
	}
	return out, path, sum
}

// bad is a redaction that makes what was no secret into one: text at offset off.
type bad struct {
	off  int64
	text []byte
}

// with returns the plan with cuts for bad fills.
func (x *trial) with(t *testing.T, bads []bad) *plan.Plan {
	t.Helper()
	n := len(x.res.Wiped)
	defer func() { x.res.Wiped = x.res.Wiped[:n] }()
	for _, b := range bads {
		x.res.Wiped = append(x.res.Wiped, Wiped{"bad", []layout.Span{{Off: b.off, Len: int64(len(b.text))}}})
	}
	p, err := newPlan(x.l, x.res)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// badCopy makes a copy whose fills are bad.
func (x *trial) badCopy(t *testing.T, bads []bad) (*plan.Plan, *tile.Tiles) {
	t.Helper()
	p := x.with(t, bads)
	_, path, _ := x.copy(t, p, receipt.SHA256)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, b := range bads {
		if _, err := f.WriteAt(b.text, b.off); err != nil {
			t.Fatal(err)
		}
	}
	out, err := tile.New(tiletest.Input(t, path))
	if err != nil {
		t.Fatal(err)
	}
	return p, out
}

// The attack around the cuts says what the attack on every byte says: of an honest
// copy, and of fills that are secrets themselves, within memory, across segments that
// are neighbours in memory, across such as are neighbours in the file only, and as
// copies of values that were found.
func TestAttackAroundCutsIsWhole(t *testing.T) {
	key, made := dumptest.KeyPEM(), dumptest.KeyPEM()
	der, rsa := rsaDER(t)
	n, half := int64(len(made)), int64(100)
	first := slices.Concat(noise(400<<10), key, noise(600<<10), der, noise(4096))
	second, third := noise(300<<10), noise(64<<10)
	// In the file: first, third, second; in memory second runs on where first ends.
	dump := core(segment{0x100000, first}, segment{0x9000000, third}, segment{uint64(0x100000 + len(first)), second})
	begin := int64(64 + 3*56)
	atThird := begin + int64(len(first))
	atSecond := atThird + int64(len(third))
	for _, depth := range []Depth{Fast, Deep} {
		x := newTrial(t, dump, depth)
		for name, c := range map[string]struct {
			bads []bad
			want error
		}{
			"honest":          {nil, nil},
			"in memory":       {[]bad{{begin + 200<<10, made}}, ErrResidue},
			"at the start":    {[]bad{{begin, made}}, ErrResidue},
			"at the end":      {[]bad{{x.l.Size - n, made}}, ErrResidue},
			"across a seam":   {[]bad{{atThird - half, made[:half]}, {atSecond, made[half:]}}, ErrResidue},
			"across a lie":    {[]bad{{atThird - half, der}}, ErrResidue},
			"a value's copy":  {[]bad{{begin + 100<<10, rsa.Primes[0].Bytes()}}, map[Depth]error{Deep: ErrResidue}[depth]},
			"a harmless fill": {[]bad{{begin + 100<<10, []byte("[REDACTED:x#1]**********")}}, nil},
		} {
			t.Run(fmt.Sprintf("%s/%s", depth, name), func(t *testing.T) {
				if testing.Short() && depth == Deep && name != "honest" && name != "across a seam" && name != "a value's copy" {
					t.Skip("attacks the whole copy; fast runs did so too")
				}
				p, out := x.badCopy(t, c.bads)
				near := &verifier{plan: p, res: x.res, l: x.l, set: x.set}
				whole := &verifier{plan: p, res: x.res, l: x.l, set: x.set, full: true}
				a, b := near.verify(t.Context(), out), whole.verify(t.Context(), out)
				if fmt.Sprint(a) != fmt.Sprint(b) {
					t.Errorf("around the cuts: %v, everywhere: %v", a, b)
				}
				if !errors.Is(a, c.want) {
					t.Errorf("%v, want %v", a, c.want)
				}
			})
		}
	}
}

// A finding that is missing from the plan is missed by no attack, although no cut is
// near it.
func TestUnansweredVerdictIsAResidue(t *testing.T) {
	x := newTrial(t, core(segment{0x1000, slices.Concat(noise(5000), dumptest.KeyPEM(), noise(5000))}), Fast)
	if x.plan.Len() == 0 {
		t.Fatal("nothing to leave out")
	}
	empty := &plan.Plan{}
	out, _, _ := x.copy(t, empty, receipt.SHA256)
	near := &verifier{plan: empty, res: x.res, l: x.l, set: x.set}
	if err := near.verify(t.Context(), out); !errors.Is(err, ErrResidue) {
		t.Errorf("around the cuts: %v, want %v", err, ErrResidue)
	}
	whole := &verifier{plan: empty, res: x.res, l: x.l, set: x.set, full: true}
	x.res.demands.Free()
	if err := whole.verify(t.Context(), out); !errors.Is(err, ErrResidue) {
		t.Errorf("everywhere: %v, want %v", err, ErrResidue)
	}
}

// Detectors that read memory by address are not among those that are run around
// cuts only.
func TestDetectorsThatFollowPointers(t *testing.T) {
	x := newTrial(t, core(segment{0x1000, noise(5000)}), Deep)
	v := &verifier{plan: x.plan, res: x.res, l: x.l, set: x.set}
	_, far := v.detectors(memory.New(x.res.tiles, x.l))
	var ids []string
	for _, d := range far {
		ids = append(ids, d.Spec().ID)
	}
	slices.Sort(ids)
	if want := []string{"kerberos-keyblock", "openssh-shielded-key", "openssl-ecx-key", "public-key-mpz", "public-key-point-object", "strongswan-keymat", "tls-master-pointer"}; !slices.Equal(ids, want) {
		t.Errorf("%v, want %v", ids, want)
	}
}

// Both digests are those of the bytes in the file, holes and written zeros included.
func TestPipelineDigestsTheCopy(t *testing.T) {
	dump := core(segment{0x1000, slices.Concat(noise(300<<10), make([]byte, 1<<20), dumptest.KeyPEM(), noise(77))})
	x := newTrial(t, dump, Fast)
	_, path, sum := x.copy(t, x.plan, receipt.SHA256)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := sha256.Sum256(data); !bytes.Equal(sum, want[:]) {
		t.Error("not the SHA-256 of the file")
	}
	if bytes.Equal(data, dump) {
		t.Error("nothing was redacted")
	}
	_, other, verity := x.copy(t, x.plan, receipt.FSVerity)
	again, err := os.ReadFile(other)
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("the copies differ, %v", err)
	}
	if bytes.Equal(verity, sum) || len(verity) != sha256.Size {
		t.Error("no digest of its own")
	}
}
