package dumpscrub

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every promise of SECURITY.md names what holds it up, and all that is named exists:
// tests in the folder named before them, files, folders and targets of the Makefile.
func TestPromisesHaveTests(t *testing.T) {
	text, err := os.ReadFile("SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "| promise | how | test |\n| --- | --- | --- |\n")
	promises := 0
	for line := range strings.Lines(table) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		promises++
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 3 {
			t.Errorf("%s: %d cells", line, len(cells))
			continue
		}
		what := strings.TrimSpace(cells[0])
		cell := cells[2]
		if strings.HasPrefix(strings.TrimSpace(cell), "same") {
			continue // as the line above
		}
		if err := evidence(cell, string(makefile)); err != nil {
			t.Errorf("%q: %v", what, err)
		}
	}
	if promises < 30 {
		t.Errorf("only %d promises were read", promises)
	}
}

var (
	quoted   = regexp.MustCompile("`([^`]+)`")
	testName = regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z]\w*`)
	fileName = regexp.MustCompile(`\b[\w/]+\.(?:txtar|go|sh)\b`)
)

// evidence looks for what a cell of the table names.
func evidence(cell, makefile string) error {
	var folders []string
	named := 0
	for _, m := range quoted.FindAllStringSubmatch(cell, -1) {
		if target, ok := strings.CutPrefix(m[1], "make "); ok {
			named++
			if !strings.Contains(makefile, "\n"+target+":") {
				return fmt.Errorf("there is no make %s", target)
			}
			continue
		}
		all, err := filepath.Glob(m[1])
		if err != nil || len(all) == 0 {
			if strings.HasPrefix(m[1], "probetest.") {
				continue
			}
			return fmt.Errorf("there is no %s", m[1])
		}
		folders = append(folders, all...)
	}
	code := ""
	files := map[string]bool{}
	for _, dir := range folders {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			files[filepath.Base(path)] = true
			if strings.HasSuffix(path, "_test.go") {
				text, err := os.ReadFile(path)
				code += string(text)
				return err
			}
			return nil
		})
		if err != nil {
			return err
		}
		if !strings.Contains(code, "\nfunc Test") && !strings.Contains(code, "\nfunc Fuzz") {
			return fmt.Errorf("%s has no test", dir)
		}
		named++
	}
	for _, name := range testName.FindAllString(cell, -1) {
		if !strings.Contains(code, "\nfunc "+name+"(") {
			return fmt.Errorf("there is no %s", name)
		}
	}
	for _, name := range fileName.FindAllString(cell, -1) {
		if !files[filepath.Base(name)] {
			return fmt.Errorf("there is no %s", name)
		}
	}
	if named == 0 {
		return fmt.Errorf("nothing is named")
	}
	return nil
}
