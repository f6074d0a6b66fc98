package probe

import (
	"github.com/dumpscrub/dumpscrub/detect/textmap"
	"github.com/dumpscrub/dumpscrub/detect/wordmap"
)

// Detector finds one family of secrets around its anchors.
type Detector interface {
	Spec() Spec
	// Detect judges the candidate at v.At and emits what it finds around it. It
	// must not keep v.Data, and emits only ranges inside it. It is called from
	// several goroutines at once.
	Detect(v View, emit func(Match))
}

// Filter is implemented by detectors that have no literal to search for.
type Filter interface {
	// Filter calls hit, in ascending order, for every candidate i in [lo, hi)
	// of data. base is the address of data[0] in the dumped process (without its
	// top bits), or its file offset, so that a filter which looks only at every
	// eighth position can do so independently of where data was cut. Whether a position is a candidate may depend only on the
	// bytes within the detector's reach of it, and on base+i.
	Filter(data []byte, base int64, lo, hi int, hit func(i int))
}

// Shallow is implemented by filters that find nothing in the midst of zeros, which much
// of memory is, so that they need not be asked.
type Shallow interface {
	// Depth says how near a candidate is to a byte that is not zero: the distance, in
	// either direction, is at most so many bytes.
	Depth() int
}

// TextFilter is implemented by filters of text, which are told to which classes of characters
// bytes belong.
type TextFilter interface {
	Filter
	// FilterText is Filter for one block; m is its map.
	FilterText(data []byte, base int64, m textmap.Map, lo, hi int, hit func(i int))
}

// Gated is implemented by filters of what looks random, as most of memory does not, and by
// those that look at memory so fast that fetching it takes longer. They are asked about a block
// that a cache holds, one after the other.
type Gated interface {
	// Gate says what stands near every candidate of which something can be made. The zero Gate says
	// that a candidate may stand anywhere but in zeros, farther from other bytes than 256.
	Gate() Gate
}

// WordFilter is implemented by gated filters that are told which words look random.
type WordFilter interface {
	Filter
	// FilterWords is Filter for a part of a block; m is the block's map.
	FilterWords(data []byte, m *wordmap.Map, lo, hi int, hit func(i int))
}

// Gate is a run of neighbouring words of eight bytes, at multiples of eight in memory, that
// look random: little-endian, as kernel.Words finds them without a pattern, or at an end of what is known of
// memory, where they may be anything. Of random words one in 110 does not.
type Gate struct {
	Words  int // how many
	Others int // how many of them may look otherwise: none, one or two
	Near   int // how far from it, in bytes and in either direction, a candidate begins at most
}

// Glancer is implemented by detectors with anchors that can tell from a few bytes
// beside an anchor that it is none of theirs.
type Glancer interface {
	// Glance is asked before a view is cut for [Detector.Detect]: false says that
	// Detect would emit nothing. The anchor's first byte is data[pos]; wide is
	// [View.Wide]. data may extend beyond the reach, but the answer may depend only
	// on bytes within it, and what lies beyond the ends of data does not exist.
	Glance(data []byte, pos int, wide bool) bool
}

// Spec is what the engine must know of a detector before it sees a byte.
type Spec struct {
	ID    string   // lower-case-hyphen, permanent: it stands in reports and policies
	About string   // one line for `dumpscrub detectors`
	Kinds []string // every Match.Kind it can emit

	// Anchors are the literals of which at least one stands in every match, each
	// three bytes or more. Empty for detectors that implement Filter.
	Anchors []string
	// Text says that the anchors are ASCII text, to be found as UTF-16LE too.
	Text bool
	// Fold says that the anchors, given in lower case, match letters of either case.
	Fold bool
	// Before and After are the reach: how many units (bytes, or characters for
	// Text) before the first and from the first unit of an anchor on the verdict may use.
	Before, After int

	// Revision differs where detectors of equal specification find different
	// things, as rules do that users edit. It goes into the report's digest of the
	// detectors and must tell nothing secret.
	Revision string
}

// View is a candidate: the bytes around one anchor hit, cut to the reach of its
// detector, or shorter at the ends of what exists.
type View struct {
	Data []byte // read-only, valid during the call
	At   int    // index in Data of the first byte of the anchor, or the filter's position
	Wide bool   // the anchor was found as UTF-16LE: its characters are two bytes each
	Addr uint64 // address of Data[0] in the dumped process, or its file offset
}

// Range is the bytes [Start, End) of a view's data.
type Range struct{ Start, End int }

// Len returns the number of bytes.
func (r Range) Len() int { return r.End - r.Start }

// Confidence says how sure a verdict is.
type Confidence uint8

// The three degrees, in ascending order.
const (
	Possible  Confidence = iota // entropy and context
	Likely                      // structure, or the prefix of a token
	Confirmed                   // mathematics, a check sum or a full parse
)

// String returns the name that reports use.
func (c Confidence) String() string {
	switch c {
	case Confirmed:
		return "confirmed"
	case Likely:
		return "likely"
	}
	return "possible"
}

// Match is one secret as it lies in a view.
type Match struct {
	Kind       string // what it is, in the field's terms: "rsa-private-key", "jwt"
	Encoding   string // how it lies there: one of the Encoding constants
	Confidence Confidence

	Range          // the whole structure
	Redact []Range // its private parts, ascending, not overlapping; nil: all of Range
	Loose  int     // how many of the last of Redact nothing else of a proven key confirms
	Remote []Block // private parts elsewhere in memory, which this structure points to
	Text   bool    // the private parts are text: their redaction is text too
	Wide   bool    // that text is UTF-16LE; need not be said when the anchor was

	// Public says that this is no secret but a public key: SPKI is set, nothing
	// is redacted, and provers are told of it.
	Public bool

	// Glued says that this is no finding but may be one if memory elsewhere tells
	// where it ends: nothing is redacted, and provers are told of it.
	Glued *Glued

	// Randoms says that this is no secret but what a TLS connection derived its keys with:
	// Public is set, and provers are told of it.
	Randoms *Randoms

	// Sealed says that this is an encrypted key that tells its password: Public is set, and provers
	// are told of it.
	Sealed *Sealed

	// HMAC is how many bits of SHA-2 sign the token that Identity is, in compact
	// serialization, with a key that anybody can test who has one; 0 where none do.
	// Provers are told of it.
	HMAC int

	// Identity is equal for equal secrets however they are encoded: the SPKI DER
	// of a key whose public half is known, else the private value itself, else
	// the private bytes as they lie. It is secret.
	Identity []byte
	// SPKI is the public half as a DER SubjectPublicKeyInfo, nil when unknown.
	SPKI []byte
	// Values are the private numbers or octets of which any copy, in any
	// encoding, must go too: big-endian, without leading zeros. They are secret.
	Values [][]byte
	// Unhunted says that no copies of the private parts are looked for: of all that goes with the
	// structure nothing is known to be private, and what is known to be public has copies elsewhere.
	Unhunted bool
	// Factor is a divisor of an RSA modulus of more than two primes: from those that are
	// found in different places more values follow. Or it is a prime of which the modulus
	// is not known, and looked for.
	Factor *Factor
}

// Factor is a divisor P of the modulus N, nil when unknown, of an RSA key with the public exponent E,
// big-endian. P is secret.
type Factor struct{ N, E, P []byte }

// Block is n bytes of the dumped process's memory from Addr on.
type Block struct {
	Addr uint64
	Len  int
}

// Randoms are those of both sides of a TLS 1.2 connection (RFC 5246, section 7.4.1),
// or what may be.
type Randoms struct {
	Addr           uint64 // of the one that lies first, as in [View]
	Server, Client [32]byte
	// Sure says that the server's has the mark of one that can do TLS 1.3. Otherwise the
	// two may be the other way round.
	Sure bool
}

// Glued is text that a rule takes for a secret as long as it ends in the right
// place, which the text around it does not show: strings of Go and Rust have no
// terminator, and stale letters or another string may follow.
type Glued struct {
	Addr     uint64 // of the first character of the rule's match, in the dumped process
	Detector string // that knows the rule
	Kind     string // what the rule finds
	Secret   int    // characters from there to the secret
	Min, Max int    // characters that the rule's match has at least and at most
	// Lead says that letters are glued to its beginning too, so that a string that
	// holds it begins with it or with the secret.
	Lead bool
	// Judge says what the rule makes of text, which is all of a match: the secret is
	// Redact[0], counted from the beginning of text, and Identity a copy of it.
	Judge func(text []byte) (Match, bool)
}

// Sealed is a private key as the JDK's own key protector encrypts it
// (sun.security.provider.KeyProtector): the exclusive or with a row of SHA-1 of the password and what the
// row had before, the salt at first.
type Sealed struct {
	Salt [20]byte
	Head [20]byte // the first octets that are encrypted
	Len  int      // of all that is encrypted, a PrivateKeyInfo in DER
}

// Signed is a token of compact serialization that an HMAC signs: it proves its key. It is secret.
type Signed struct {
	Bits int    // of the hash function: 256, 384 or 512
	Text []byte // what is signed, a dot, and the code in base64url
}

// Facts are what the first pass over a dump has learned, for provers to build
// their detectors from: detectors that find, in a second pass, what is only a
// secret in the light of a public key or of another secret. Everything in Facts
// may be used from several goroutines at once and is the same on every run.
type Facts struct {
	// SPKI are the public keys seen in the dump or given by the user, each once,
	// as DER SubjectPublicKeyInfo, the most likely ones first: those given, those
	// whose private half was found, end entities, then the roots of trust stores.
	SPKI [][]byte
	// Roots is where the roots of trust stores begin in SPKI: their private
	// halves are not in a server's memory, so costly proofs may leave them out.
	Roots int
	// Arch and BigEndian describe the dumped process's processor; Arch is one of
	// the names in formats/layout and may be empty.
	Arch      string
	BigEndian bool
	// Secret reports whether value is one of the private values (Match.Values)
	// that the first pass found.
	Secret func(value []byte) bool
	// Glued are the tokens of which the end is not known, by address.
	Glued []Glued
	// Signed are tokens that an HMAC signs, each once, those first that are likely to
	// have keys of their own.
	Signed []Signed
	// Sealed are encrypted keys that tell their password, each once, the first ones of the file.
	Sealed []Sealed
	// Primes are those of RSA keys of which the modulus is not known, in the order of the file.
	Primes []Factor
	// Randoms are those of TLS 1.2 connections, by address.
	Randoms []Randoms
	// Memory copies len(p) bytes of the dumped process's memory at addr to p, and
	// reports whether all of them are in the dump.
	Memory func(addr uint64, p []byte) bool
}

// The encodings of Match.Encoding.
const (
	PEM      = "pem"
	DER      = "der"
	JWK      = "jwk"
	OpenSSH  = "openssh"
	PuTTY    = "putty"
	PGP      = "pgp"
	PKCS12   = "pkcs12"
	JKS      = "jks"
	JCEKS    = "jceks"
	CNG      = "cng"
	CAPI     = "capi"
	SchedEnc = "schedule-enc"
	SchedDec = "schedule-dec"
	ASCII    = "text"
	UTF16LE  = "utf16le"
	Base64   = "base64"
	Hex      = "hex"
	Percent  = "percent" // with the escapes of URLs
	Escaped  = "escaped" // with the escapes of JSON
	Huffman  = "huffman" // in the code of HTTP/2 header fields

	// Numbers as programs compute with them. "be" is most significant first.
	IntBE     = "int-be"      // big-endian bytes
	LimbsLE   = "limbs64-le"  // little-endian bytes, which are limbs of 32 and 64 bits alike
	LimbsBE   = "limbs64-be"  // least significant limb first, each limb big-endian (s390x, ppc64)
	Words32BE = "words32-be"  // most significant native 32-bit word first: Java's int[]
	Words64BE = "words64-be"  // most significant native 64-bit word first: ring's exponents
	Radix30   = "radix30-u32" // CPython's digits, least significant first
	Radix52   = "radix52-u64" // AVX-512 IFMA, least significant first
	Radix     = "radix-other" // 2^26, 2^28, 2^29, 2^51, … as the comment at the detector says
	Mont      = "montgomery"  // times R modulo the prime or the order
	Raw       = "raw"         // octets without structure
	Expanded  = "expanded"    // state derived from the key and as good as it
	Shielded  = "shielded"    // encrypted under a key that lies beside it
)
