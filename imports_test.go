package dumpscrub

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/dumpscrub/dumpscrub/"

// rooms says what each top-level folder may import of the others. To make a
// build pass, move the code, not the wall.
var rooms = map[string][]string{
	"cmd":     {"scrub", "detect", "formats"},
	"scrub":   {"detect", "formats"},
	"detect":  {},
	"formats": {},
	"corpus":  {},
}

// pure are packages that detectors, being functions on bytes, have no use for.
var pure = map[string]bool{"os": true, "io": true, "context": true, "log": true, "net": true, "os/exec": true, "net/http": true}

// leaves may be imported by cmd alone.
var leaves = map[string]bool{
	"github.com/spf13/cobra": true, "github.com/schollz/progressbar/v3": true, "golang.org/x/term": true,
	"github.com/coreos/go-systemd/v22/journal": true, "log/syslog": true,
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}:{{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		pkg, imports, _ := strings.Cut(strings.TrimSpace(line), ":")
		pkg, inside := strings.CutPrefix(pkg+"/", module)
		if !inside || pkg == "" {
			continue // the root, which holds this test
		}
		room, _, _ := strings.Cut(pkg, "/")
		allowed, known := rooms[room]
		if !known {
			t.Errorf("%s is in no room of the table", pkg)
			continue
		}
		seen++
		for imp := range strings.FieldsSeq(imports) {
			check(t, room, strings.TrimSuffix(pkg, "/"), imp, allowed)
		}
	}
	if seen < 20 {
		t.Errorf("only %d packages were looked at", seen)
	}
}

func check(t *testing.T, room, pkg, imp string, allowed []string) {
	t.Helper()
	if rest, ours := strings.CutPrefix(imp, module); ours {
		to, _, _ := strings.Cut(rest, "/")
		for _, a := range append(allowed, room) {
			if to == a {
				return
			}
		}
		t.Errorf("%s imports %s: %s may not know %s", pkg, rest, room, to)
		return
	}
	if room == "detect" && pure[imp] && !strings.HasSuffix(pkg, "test") {
		t.Errorf("%s imports %s: detectors do no I/O", pkg, imp)
	}
	if room != "cmd" && leaves[imp] {
		t.Errorf("%s imports %s: only cmd may", pkg, imp)
	}
	if room == "formats" && imp == "os" && !strings.HasSuffix(pkg, "test") {
		t.Errorf("%s imports os: readers take an io.ReaderAt", pkg)
	}
}
