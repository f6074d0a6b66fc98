package needle

// Class is what may be demanded of a tool that does not know the key.
type Class int

const (
	// Structure is a form that says what it is: PEM, DER, JWK, OpenSSH, an AES key
	// schedule. None may survive.
	Structure Class = iota
	// Plain is a bare value in an everyday encoding: native or big-endian bytes,
	// hex, base64. It may survive only when no structure of the key was there to
	// reveal the value.
	Plain
	// Derived is a value that only arithmetic on the key makes known (a Montgomery
	// form, p-1, limbs of 30, 51 or 52 bits), or a bare value of which
	// no structure exists (a traffic secret, a password).
	Derived
)

// String returns the name of c in tables.
func (c Class) String() string {
	return [...]string{"structure", "plain", "derived"}[c]
}

// Needle is one private value of one key in one encoding.
type Needle struct {
	Key      string // "rsa", "tls1.3 live"
	Group    string // what one structure reveals together; "" stands for Key
	Part     string // "p", "dq", "R2 mod p", "client traffic secret"
	Encoding string // "der", "int-le", "radix-2^30"
	Class    Class
	Data     []byte
	Lead     int    // bytes at the start of Data that are public and tell the structure
	Mark     string // what tells the structure inside Data: a line break
	Least    int    // shortest run in bytes that counts, when it is more than a piece
	Whole    int    // shortest run in bytes that shows the structure
}

// piece is how many bytes in a row are a leak wherever they stand.
const piece = 16

// The least runs of text, in characters, that hold 16 bytes of a value. Shorter
// ones are no more a leak than shorter pieces of the value itself.
const (
	hexLeast    = 2 * piece
	base64Least = (8*piece + 5) / 6
)
