package terms

import (
	"github.com/dumpscrub/dumpscrub/detect/known"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// The bounds of terms, in characters, and their number. What is longer is left to
// the sweep of its pieces.
const (
	minTerm  = 8
	maxTerm  = 4 << 10
	maxTerms = 1 << 12
	// sweptTerm is from what length on the sweep finds every encoding of a term that
	// needs no escapes: its decoder wants so many digits of base64.
	sweptTerm = 24
	// minLooseTerm is from what length on a term need not stand alone.
	minLooseTerm = 12
	// minPlainTerm is from what length on words without digits are a term: pass
	// phrases, but no names.
	minPlainTerm = 16
)

// worthTerm reports whether text may be searched for as a whole: it is no word that
// programs use for other things too.
func worthTerm(text []byte) bool {
	if len(text) < minTerm || len(text) > maxTerm || !printable(text) || known.Check(text) != nil {
		return false
	}
	var lower, upper, digits, others bool
	letters := 0
	for i, c := range text {
		switch {
		case c >= 'a' && c <= 'z':
			lower = true
			letters++
		case c >= 'A' && c <= 'Z':
			upper = upper || i > 0 // a capital in front makes no other word
			letters++
		case c >= '0' && c <= '9':
			digits = true
		default:
			others = true
		}
	}
	if len(text) >= minPlainTerm {
		return letters > 0 || len(text) >= 2*minPlainTerm
	}
	return letters > 0 && (digits || others || lower && upper)
}

// swept reports whether the sweep of its pieces finds all that a search for text as
// a whole would.
func swept(text []byte) bool {
	if len(text) < sweptTerm || !sweep.Rare(text[:sweptTerm/2]) || !sweep.Rare(text[len(text)-sweptTerm/2:]) {
		return false
	}
	for _, c := range text {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && c != '_' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}
