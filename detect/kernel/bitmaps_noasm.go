//go:build noasm || !amd64

package kernel

func runsSIMD(_, _, _ []uint64, _ Run) (int, uint64) { return 0, 0 }
func rowsSIMD(_, _, _ []uint64) int                  { return 0 }
func calmSIMD(_, _, _ []uint64) bool                 { return false }
func suspectsSIMD([]uint64, []byte) bool             { return false }
