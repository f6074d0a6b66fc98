package sights

import (
	"bytes"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// factors are divisors of RSA moduli of more than two primes, by the ID of the key. A modulus has few of
// them, and provers try few such moduli.
type factors map[sweep.ID]*factored

// factored is what is known of one modulus.
type factored struct {
	kind     string
	n, e     []byte
	divisors [][]byte // ascending
}

func (fs factors) add(id sweep.ID, kind string, f *probe.Factor) {
	k := fs[id]
	if k == nil {
		k = &factored{kind: kind, n: f.N, e: f.E}
		fs[id] = k
	}
	if i, ok := slices.BinarySearchFunc(k.divisors, f.P, bytes.Compare); !ok {
		k.divisors = slices.Insert(k.divisors, i, f.P)
	}
}

func (fs factors) merge(o factors) {
	for id, k := range o {
		for _, p := range k.divisors {
			fs.add(id, k.kind, &probe.Factor{N: k.n, E: k.e, P: p})
		}
	}
}

// complete calls yield for each private value of the keys of which all primes are known, and forgets
// the factors.
func (fs factors) complete(yield func(id sweep.ID, kind string, value []byte)) {
	for id, k := range fs {
		if primes, ok := privkey.RSASplit(k.n, k.divisors); ok {
			for _, v := range privkey.RSADerived(k.e, primes...) {
				yield(id, k.kind, v)
				clear(v)
			}
		}
		for _, p := range k.divisors {
			clear(p)
		}
		delete(fs, id)
	}
}
