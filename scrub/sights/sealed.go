package sights

import (
	"bytes"
	"cmp"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// maxSealed bounds the encrypted keys whose password is looked for: candidates are tried with each, and
// the keys of a store mostly have one password.
const maxSealed = 4

// sealedKeys are encrypted keys that tell their password.
var sealedKeys = bound[probe.Sealed]{
	most: maxSealed,
	compare: func(a, b *probe.Sealed) int {
		return cmp.Or(bytes.Compare(a.Salt[:], b.Salt[:]), bytes.Compare(a.Head[:], b.Head[:]), cmp.Compare(a.Len, b.Len))
	},
}
