package rule_test

import (
	"math/rand/v2"
	"regexp/syntax"
	"strings"
)

// generator makes random texts that match a pattern.
type generator struct{ r *rand.Rand }

const most = 6 // characters beyond the least of a repetition

func (g generator) match(pattern string) string {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		panic(err)
	}
	var sb strings.Builder
	g.write(&sb, re)
	return sb.String()
}

func (g generator) write(sb *strings.Builder, re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			s := string(r)
			if re.Flags&syntax.FoldCase != 0 {
				s = strings.ToLower(s)
			}
			sb.WriteString(s)
		}
	case syntax.OpCharClass:
		var set []byte
		for i := 0; i+1 < len(re.Rune); i += 2 {
			for r := max(re.Rune[i], 0x20); r <= min(re.Rune[i+1], 0x7e); r++ {
				set = append(set, byte(r))
			}
		}
		if len(set) == 0 {
			set = []byte{byte(re.Rune[0])}
		}
		if word := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
				return r
			}
			return -1
		}, string(set)); word != "" && g.r.IntN(40) > 0 {
			set = []byte(word)
		}
		sb.WriteByte(set[g.r.IntN(len(set))])
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		sb.WriteByte(byte('a' + g.r.IntN(26)))
	case syntax.OpCapture, syntax.OpConcat:
		for _, s := range re.Sub {
			g.write(sb, s)
		}
	case syntax.OpAlternate:
		g.write(sb, re.Sub[g.r.IntN(len(re.Sub))])
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		low, high := re.Min, re.Max
		switch re.Op {
		case syntax.OpStar:
			low, high = 0, -1
		case syntax.OpPlus:
			low, high = 1, -1
		case syntax.OpQuest:
			low, high = 0, 1
		}
		n := low
		if high < 0 || high > low {
			span := most
			if high >= 0 {
				span = min(span, high-low)
			}
			n += g.r.IntN(span + 1)
		}
		for range n {
			g.write(sb, re.Sub[0])
		}
	}
}
