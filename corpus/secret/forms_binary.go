package secret

import (
	"fmt"
	"strings"
)

func windowsForms() (fs []Form) {
	add := func(name, kind, encoding string, make func(*Source) (marked, [][]byte)) {
		fs = append(fs, form(name, func(src *Source) Secret {
			m, values := make(src)
			s := m.secret("", kind, encoding, values...)
			if kind == KindSymmetric {
				s.Confidence = likely // a length and random bytes: nothing can be checked
			}
			return s
		}))
	}
	for _, full := range []bool{false, true} {
		add(map[bool]string{false: "cng-rsa2", true: "cng-rsa3"}[full], KindRSA, "cng", func(s *Source) (marked, [][]byte) {
			k := s.rsa()
			return k.cng(full), k.values()
		})
	}
	for _, alg := range []uint32{calgKeyX, calgSign} {
		add(fmt.Sprintf("capi-rsa-%04x", alg), KindRSA, "capi", func(s *Source) (marked, [][]byte) {
			k := s.rsa()
			return k.capi(alg), k.values()
		})
	}
	for _, c := range curves() {
		for _, use := range []byte{'S', 'K'} {
			add("cng-ec"+strings.ToLower(string(use))+string(c.magic), KindEC, "cng", func(s *Source) (marked, [][]byte) {
				k := s.ec(c)
				return k.cng(use), [][]byte{k.D}
			})
		}
	}
	add("cng-kdbm", KindSymmetric, "cng", func(s *Source) (marked, [][]byte) {
		k := s.Bytes(32)
		return kdbm(k), [][]byte{k}
	})
	for _, f := range fs {
		fs = append(fs, f.truncated())
	}
	return fs
}

func aesForms() (fs []Form) {
	for _, size := range []int{16, 24, 32} {
		for _, dec := range []bool{false, true} {
			for _, swap := range []bool{false, true} {
				name, encoding := fmt.Sprintf("aes-%d-enc", 8*size), "schedule-enc"
				if dec {
					name, encoding = fmt.Sprintf("aes-%d-dec", 8*size), "schedule-dec"
				}
				if swap {
					name += "-swapped"
				}
				f := form(name, func(src *Source) Secret {
					key := src.Bytes(size)
					w := expand(key)
					if dec {
						w = inverse(w)
					}
					if swap {
						w = swapped(w)
					}
					return marked{w, []Range{{0, len(w)}}}.secret("", KindAES, encoding, key)
				})
				fs = append(fs, f, f.truncated())
			}
		}
	}
	return fs
}
