package wrapped

import (
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// The kinds of Kerberos secrets.
const (
	KerberosKeytab = "kerberos-keytab"
	KerberosCache  = "kerberos-ccache"
	KerberosKey    = "kerberos-key"
)

// keySize returns the octets of a key of an enctype, zero for an unknown one (RFC
// 3961, section 8; RFC 3962, section 7; RFC 4757; RFC 6803; RFC 8009).
func keySize(enctype int) int {
	switch enctype {
	case 1, 2, 3: // des-cbc-crc, des-cbc-md4, des-cbc-md5
		return 8
	case 5, 16: // des3-cbc-md5, des3-cbc-sha1-kd
		return 24
	case 17, 19, 23, 24, 25: // aes128-cts-*, rc4-hmac, rc4-hmac-exp, camellia128-cts-cmac
		return 16
	case 18, 20, 26: // aes256-cts-*, camellia256-cts-cmac
		return 32
	}
	return 0
}

const (
	maxKerberos   = 64 << 10 // reach: caches of a day's work and keytabs of a host are a few KiB
	maxEntries    = 1024     // of one file
	maxHoles      = 16       // deleted entries before the first key, more than ktutil leaves in a row
	maxComponents = 8        // of a principal's name; two or three are usual
	maxName       = 1 << 10  // of one component; DNS names have up to 255 octets
	maxEntry      = 16 << 10 // a keytab entry: the names and a key
	maxTicket     = 64 << 10 // with a Windows PAC, tickets grow to this size
	maxAddresses  = 256
)

// keytabs is the detector of keytab files.
type keytabs struct{}

// NewKeytab returns the detector of Kerberos keytab files in memory.
func NewKeytab() probe.Detector { return keytabs{} }

// Spec implements [probe.Detector]. The anchors are the version, 0x502, and the
// upper half of the first entry's size, which is negative for a hole.
func (keytabs) Spec() probe.Spec {
	return probe.Spec{
		ID:      "kerberos-keytab",
		About:   "Kerberos keytabs: the long-term keys of services",
		Kinds:   []string{KerberosKeytab},
		Anchors: []string{"\x05\x02\x00\x00", "\x05\x02\xff\xff"},
		After:   maxKerberos,
	}
}

// Detect implements [probe.Detector].
func (keytabs) Detect(v probe.View, emit func(probe.Match)) {
	r := reader{b: v.Data, off: v.At + 2}
	var s secrets
	end, c := v.At+2, probe.Likely
	for i := range maxEntries {
		size := int32(r.u32())
		if i > maxHoles && s.first == nil {
			break
		}
		if size < 0 && size > -maxEntry {
			r.take(int(-size))
			continue
		}
		if !r.ok() || size <= 0 || size > maxEntry {
			break
		}
		entry := r.take(int(size))
		in := reader{b: v.Data[:entry.End], off: entry.Start}
		key, g := in.keytabKey()
		if in.bad || g.Len() == 0 {
			break
		}
		s.add(key, g)
		if end = entry.End; !in.ok() || !r.ok() {
			break
		}
		c = probe.Confirmed
	}
	if m, ok := s.match(KerberosKeytab, probe.Raw, c, probe.Range{Start: v.At, End: end}); ok {
		emit(m)
	}
}

// keytabKey reads an entry and returns its key, or what is left of it.
func (r *reader) keytabKey() ([]byte, probe.Range) {
	n := r.u16()
	if n < 1 || n > maxComponents {
		r.bad = true
	}
	for i := 0; i <= n && r.ok(); i++ { // the realm is not counted
		size := r.u16()
		if size > maxName || size == 0 && i == 0 {
			r.bad = true
		}
		r.name(r.bytes(r.take(size)))
	}
	r.take(4 + 4 + 1) // name type, timestamp, version of the key
	want := keySize(r.u16())
	if r.u16() != want || want == 0 {
		r.bad = true
	}
	if !r.ok() {
		return nil, probe.Range{}
	}
	g := r.take(want)
	if g.Len() < minPrivate {
		return nil, probe.Range{}
	}
	return r.bytes(g), g
}

// caches is the detector of credential caches.
type caches struct{}

// NewCredentialCache returns the detector of Kerberos credential caches in the form
// of files.
func NewCredentialCache() probe.Detector { return caches{} }

// Spec implements [probe.Detector]. The anchors are version 4 with the header that
// says how far the clock of the KDC is off, and without one.
func (caches) Spec() probe.Spec {
	return probe.Spec{
		ID:      "kerberos-ccache",
		About:   "Kerberos credential caches: the session keys of tickets",
		Kinds:   []string{KerberosCache},
		Anchors: []string{"\x05\x04\x00\x0c\x00\x01\x00\x08", "\x05\x04\x00\x00\x00\x00\x00"},
		After:   maxKerberos,
	}
}

// Detect implements [probe.Detector].
func (caches) Detect(v probe.View, emit func(probe.Match)) {
	r := reader{b: v.Data, off: v.At + 2}
	r.take(r.u16())
	r.principal()
	var s secrets
	end, c := r.off, probe.Likely
	for range maxEntries {
		if !r.ok() {
			break
		}
		key, g := r.credentialKey()
		if r.bad {
			break
		}
		r.credentialRest()
		s.add(key, g)
		end = r.off
		if r.ok() && len(key) > 0 {
			c = probe.Confirmed
		}
	}
	if m, ok := s.match(KerberosCache, probe.Raw, c, probe.Range{Start: v.At, End: end}); ok {
		emit(m)
	}
}

// principal reads a name: its type, the number of components, realm, components.
func (r *reader) principal() {
	r.u32()
	n := r.count(1, maxComponents)
	for i := 0; i <= n && r.ok(); i++ {
		g := r.sized(0, maxName)
		r.name(r.bytes(g))
		if i == 0 && g.Len() == 0 {
			r.bad = true
		}
	}
}

// credentialKey reads a credential up to its session key, and returns that. It is
// empty in the entries that hold the cache's own configuration, of enctype 0.
func (r *reader) credentialKey() ([]byte, probe.Range) {
	r.principal() // client
	r.principal() // server
	enctype := r.u16()
	want := keySize(enctype)
	g := r.sized(want, want)
	if want == 0 && enctype != 0 || g.Len() < min(want, minPrivate) {
		r.bad = true
	}
	return r.bytes(g), g
}

// credentialRest reads what follows the session key: times, flags, addresses,
// authorisation data, and two tickets.
func (r *reader) credentialRest() {
	r.take(4*4 + 1 + 4)
	for range 2 { // addresses, then authorisation data
		for n := r.count(0, maxAddresses); n > 0 && r.ok(); n-- {
			r.u16()
			r.sized(0, maxEntry)
		}
	}
	r.sized(0, maxTicket)
	r.sized(0, maxTicket)
}
