package secret

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// blockForms are the schedules of ARIA and Camellia as libraries store them.
func blockForms() (fs []Form) {
	add := func(name string, size int, kind string, order Order, back bool, schedule func(key []byte) marked) {
		encoding := "schedule-enc"
		if back {
			name, encoding = name+"-dec", "schedule-dec"
		}
		f := form(fmt.Sprintf("%s-%d", name, 8*size), func(src *Source) Secret {
			key := src.Bytes(size)
			return schedule(key).secret("", kind, encoding, key).aligned()
		})
		f.Order = order
		fs = append(fs, f)
	}
	for _, size := range []int{16, 24, 32} {
		for _, back := range []bool{false, true} {
			aria := func(put func(m *marked, k block)) func(key []byte) marked {
				return func(key []byte) (m marked) {
					for _, k := range ariaSchedule(key, back) {
						put(&m, k)
					}
					m.priv = []Range{{0, len(m.b)}}
					return m
				}
			}
			// OpenSSL on big-endian machines, Mbed TLS on little-endian ones.
			add("aria-octets", size, KindARIA, AnyOrder, back, aria(func(m *marked, k block) { m.hide(k[:]) }))
			// OpenSSL and libgcrypt; Mbed TLS on big-endian ones.
			add("aria-words", size, KindARIA, AnyOrder, back, aria(func(m *marked, k block) { m.hide(groupsReversed(k[:], 4)) }))
		}
		add("camellia-openssl", size, KindCamellia, LittleEndian, false, func(key []byte) marked {
			return camelliaWords(camelliaSubkeys(key), 4)
		})
		for _, back := range []bool{false, true} {
			nettle := func(width int) func(key []byte) marked {
				return func(key []byte) marked {
					s := camelliaFolded(camelliaSubkeys(key))
					if back {
						slices.Reverse(s)
					}
					return camelliaWords(s, width)
				}
			}
			add("camellia-nettle", size, KindCamellia, LittleEndian, back, nettle(8))
			add("camellia-nettle-be", size, KindCamellia, BigEndian, back, nettle(1))
		}
		// libgcrypt leaves the place of the second whitening key as it was.
		gcrypt := func(width int) func(key []byte) marked {
			return func(key []byte) (m marked) {
				w := camelliaWords(camelliaFolded(camelliaSubkeys(key)), width).b
				m.hide(w[:8])
				m.put(make([]byte, 8)...)
				m.hide(w[8:])
				return m
			}
		}
		add("camellia-libgcrypt", size, KindCamellia, LittleEndian, false, gcrypt(4))
		add("camellia-libgcrypt-be", size, KindCamellia, BigEndian, false, gcrypt(1))
	}
	return fs
}

// camelliaWords writes subkeys as the little-endian words of so many bytes, the upper word first.
func camelliaWords(s []uint64, width int) (m marked) {
	for _, k := range s {
		m.b = append(m.b, groupsReversed(binary.BigEndian.AppendUint64(nil, k), width)...)
	}
	m.priv = []Range{{0, len(m.b)}}
	return m
}
