package known

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// HeadSize is how many bytes of a file Identify looks at. The longest look is
// for the text formats, whose telling line may follow some others.
const HeadSize = 64 << 10

// What is wrong with a file, and what its owner can do about it.
const (
	whyUnread    = "not supported yet"
	whyEncrypted = "encrypted"
	whyContainer = "container not supported"
	whyPacked    = "compressed"
	whyNoDump    = "not a crash dump"

	hintRaw     = "its memory lies uncompressed: try --format raw"
	hintText    = "it is text: try --format raw"
	hintHex     = "it writes memory as hexadecimal text, which --format raw does not look through"
	hintDecrypt = "decrypt it first"
	hintUnpack  = "unpack it first"
	hintExpand  = "decompress it first"
)

// Identify names the kind of file that begins with head, of which only the
// first [HeadSize] bytes are used. It returns nil when it knows nothing.
func Identify(head []byte) *layout.Unsupported {
	head = head[:min(len(head), HeadSize)]
	for _, s := range signatures() {
		if s.at <= len(head) && bytes.HasPrefix(head[s.at:], []byte(s.magic)) {
			u := s.is
			return &u
		}
	}
	for _, shape := range shapes() {
		if u := shape(head); u != nil {
			return u
		}
	}
	return nil
}

// signature says that a file with magic at offset at is of kind is.
type signature struct {
	at    int
	magic string
	is    layout.Unsupported
}

func unread(name, hint string) layout.Unsupported {
	return layout.Unsupported{Format: name, Why: whyUnread, Hint: hint}
}

// sealed is unread for what is compressed within.
func sealed(name, hint string) layout.Unsupported {
	u := unread(name, hint)
	u.Opaque = true
	return u
}

func encrypted(name string) layout.Unsupported {
	return layout.Unsupported{Format: name, Why: whyEncrypted, Hint: hintDecrypt, Opaque: true}
}

// archive is a container that may compress what is in it.
func archive(name string) layout.Unsupported {
	return layout.Unsupported{Format: name, Why: whyContainer, Hint: hintUnpack, Opaque: true}
}

// bundle is a container that does not.
func bundle(name string) layout.Unsupported {
	return layout.Unsupported{Format: name, Why: whyContainer, Hint: hintUnpack}
}

func packed(name string) layout.Unsupported {
	return layout.Unsupported{Format: name, Why: whyPacked, Hint: hintExpand, Opaque: true}
}

// signatures returns all signatures. No two can match one file, except that a
// text format is named before the archive that its first letters might open.
func signatures() []signature {
	var all []signature
	all = append(all, kernelDumps()...)
	all = append(all, heapDumps()...)
	all = append(all, guestMemory()...)
	all = append(all, encryptedFiles()...)
	return append(all, containers()...)
}
