package privkey

import (
	"crypto/rand"
	"testing"
)

// TestFromExpanded changes an octet of each part of an expanded key: only in what is
// random for itself does nobody notice.
func TestFromExpanded(t *testing.T) {
	for _, set := range []ParameterSet{MLKEM512, MLKEM768, MLKEM1024, MLDSA44, MLDSA65, MLDSA87} {
		seed := make([]byte, set.SeedSize())
		rand.Read(seed)
		public, expanded, ok := set.FromSeed(seed)
		if !ok {
			t.Fatal("no key")
		}
		if own, proven := set.FromExpanded(expanded); !proven || string(own) != string(public) {
			t.Errorf("%x: not proven", string(set))
		}
		n := len(expanded)
		bad := map[string]int{}
		if k := set.kem(); k != nil {
			bad["dkPKE"], bad["end of dkPKE"] = 1, n-64-k.PublicKeySize()-1
			bad["ek"], bad["digest"] = n-64-k.PublicKeySize()+5, n-64
		} else {
			p, _ := set.mldsa()
			bad["rho"], bad["tr"], bad["s1"] = 0, 64, dsaHead
			bad["t0"], bad["end of t0"] = n-32*dsaD*p.k, n-1
			bad["s2"] = n - 32*dsaD*p.k - 1
		}
		for name, at := range bad {
			changed := append([]byte(nil), expanded...)
			changed[at] ^= 1
			if _, proven := set.FromExpanded(changed); proven {
				t.Errorf("%x: %s may be changed", string(set), name)
			}
		}
	}
}

// FuzzFromExpanded survives whatever lies in place of a key.
func FuzzFromExpanded(f *testing.F) {
	f.Add([]byte("seed"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, set := range []ParameterSet{MLKEM512, MLDSA44, MLDSA65} {
			p := make([]byte, set.ExpandedSize())
			for i := range p {
				if len(data) > 0 {
					p[i] = data[i%len(data)]
				}
			}
			if _, proven := set.FromExpanded(p); proven {
				t.Error("proven")
			}
			if d, ok := set.mldsa(); ok {
				d.lowHalf(p)
			}
		}
	})
}

func BenchmarkFromExpanded(b *testing.B) {
	for _, set := range []ParameterSet{MLKEM768, MLDSA65} {
		seed := make([]byte, set.SeedSize())
		rand.Read(seed)
		_, expanded, _ := set.FromSeed(seed)
		b.Run(set.Kind(), func(b *testing.B) {
			for b.Loop() {
				set.FromExpanded(expanded)
			}
		})
	}
}
