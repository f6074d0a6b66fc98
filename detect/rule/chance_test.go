package rule

import (
	"regexp/syntax"
	"testing"
)

// What a rule's entropy keeps out is no chance hit: hexadecimal has four bits a digit.
func TestChanceOfHexadecimalBelowTheEntropy(t *testing.T) {
	re, err := syntax.Parse("4b1d[0-9A-Za-z]{38}", syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	e := edges{left: true, right: true}
	letters := classOf(wordCharacters)
	if c := chanceOf(re, e, letters, 3.9); c.Hex <= MaxChance {
		t.Errorf("entropy 3.9: %g hits a GiB of hexadecimal", c.Hex)
	}
	if c := chanceOf(re, e, letters, 4.1); c.Hex != 0 || c.Base64 > MaxChance {
		t.Errorf("entropy 4.1: %+v", c)
	}
}
