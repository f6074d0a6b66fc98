// Package rule makes detectors of text rules: patterns in the TOML form that
// gitleaks and betterleaks share.
//
// A rule written for source code expects a quote or a space behind a token, and
// runs on whole files. Memory has neither. So a rule is rewritten when it is
// loaded, on the parsed syntax tree of its pattern:
//
//   - What stands for the border of a token ("a quote, a space or the end", \b,
//     ^, $) becomes "the next character is not in the token's alphabet".
//   - Literals of which one stands in every match become the anchors. Only where
//     an anchor lies, and where a cheap comparison of character classes with what
//     follows says that a match is possible, the pattern runs: once, on a window
//     of the longest match's length inside one run of printable text.
//   - How often the rule must hit by chance in random text is computed from the
//     tree; a rule that hits more than [MaxChance] times a GiB reports "possible".
//
// Of the semantics of gitleaks these differ, because a dump has no files and lines:
//
//   - Paths and commits in allowlists never match, and a rule's path is ignored. A
//     rule of nothing but a path has nothing to find and is listed as ignored.
//   - Keywords that the pattern does not imply must stand within [KeywordReach]
//     characters of the match instead of anywhere in the file. Without one, a rule
//     with an anchor reports "possible" and a rule without one nothing.
//   - A rule that requires others reports "possible" while they are not near it:
//     withinLines counts [LineLen] characters a line, withinColumns characters,
//     neither means [RequiredReach] characters.
//   - Of the filter expressions of betterleaks what depends on the secret, the
//     match or its line is evaluated in three values; only what is certainly true
//     discards a finding. What is not evaluated is listed in the warnings.
package rule

// The distances that stand for files and lines, in characters.
const (
	KeywordReach  = 256
	LineLen       = 120
	RequiredReach = 1024
)

// MaxChance is how many hits per GiB of random base64 text, hexadecimal text or
// bytes a rule may have and still be believed alone.
const MaxChance = 1.0
