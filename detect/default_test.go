package detect

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/detect/tokens"
)

// Every constructor of a detector below this folder is in the list.
func TestEveryDetectorIsListed(t *testing.T) {
	list, err := os.ReadFile("default.go")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	err = filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		for _, decl := range f.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || !fn.Name.IsExported() || fn.Type.Results == nil || len(fn.Type.Params.List) != 0 {
				continue
			}
			if sel, ok := fn.Type.Results.List[0].Type.(*ast.SelectorExpr); ok && sel.Sel.Name == "Detector" {
				n++
				if call := f.Name.Name + "." + fn.Name.Name + "()"; !strings.Contains(string(list), call) {
					t.Errorf("%s is not in the list", call)
				}
			}
		}
		return nil
	})
	listed := len(direct()) + len(Deep()) - len(tokens.Detectors()) // the rules have no constructors
	if err != nil || n != listed {
		t.Errorf("%d constructors, %d detectors in the list, error %v", n, listed, err)
	}
}

func TestTheCatalogueIsSound(t *testing.T) {
	if _, err := search.New(Default()); err != nil {
		t.Fatal(err)
	}
	for _, d := range Default() {
		s := d.Spec()
		if s.About == "" || len(s.Kinds) == 0 || s.ID != strings.ToLower(s.ID) {
			t.Errorf("%q: about %q, %d kinds", s.ID, s.About, len(s.Kinds))
		}
	}
}
