// Command asm writes the AVX2 code of package mont. Run it with go generate.
package main

import . "github.com/mmcloughlin/avo/build" // the language in which generators for avo are written

func main() {
	ConstraintExpr("amd64,!noasm")
	for _, f := range fields() {
		f.climb()
		f.finish()
	}
	Generate()
}
