//go:build noasm || !amd64

package kernel

func randomSIMD([]uint64, []byte) bool                       { return false }
func wordsSIMD(random, patternless []uint64, p []byte) bool  { return false }
func commonsSIMD([]uint64, []byte) bool                      { return false }
func topsSIMD([]uint64, []byte) bool                         { return false }
func padsSIMD([]uint64, []byte) bool                         { return false }
func schedulesSIMD([]uint64, []byte) bool                    { return false }
func tagsSIMD([]uint64, []byte) bool                         { return false }
func repeatsSIMD([]uint64, []byte) bool                      { return false }
func countsSIMD([]uint64, []byte) bool                       { return false }
func zerosSIMD([]byte) int                                   { return 0 }
func equalSIMD([]uint64, []byte, []uint64) bool              { return false }
func sixesSIMD([]uint64, []byte) bool                        { return false }
func octetsSIMD(dst, p []byte) bool                          { return false }
func alikeSIMD([]uint64, []byte, int) bool                   { return false }
func foldsSIMD([]uint64, []byte) bool                        { return false }
func columnsSIMD([]byte, int, uint64, uint64) (uint64, bool) { return 0, false }
func classesSIMD([]uint64, int, []byte) bool                 { return false }
func quadsSIMD([]uint64, []byte, *Quads) bool                { return false }
func gramsSIMD([]uint64, []byte, *Grams) bool                { return false }
func digitsSIMD([]uint64, []byte) bool                       { return false }
func hardSIMD([]uint64, []byte, uint32) bool                 { return false }
