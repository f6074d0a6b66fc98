//go:build noasm || !amd64

package lanes

func pair256(*[2]State256, *[2]Block256) bool  { return false }
func quad512(*[8]Lanes512, *[16]Lanes512) bool { return false }
