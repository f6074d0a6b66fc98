package quiet

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// folders are where the texts of the feed are taken from, in this order, an equal share
// from each.
var folders = []string{"/usr/share/doc", "/usr/lib/python3*", "/usr/share/perl", "/usr/include", "/usr/share/man", "/etc"}

// maxFile is the most that is taken from one file, so that the feed is of many.
const maxFile = 256 << 10

// writeFeed writes about size bytes of text to path: whole lines of UTF-8.
func writeFeed(path string, size int) error {
	from := folders
	if root, err := exec.Command("go", "env", "GOROOT").Output(); err == nil {
		from = append([]string{filepath.Join(strings.TrimSpace(string(root)), "src")}, from...)
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer out.Close()
	total := 0
	for _, pattern := range from {
		roots, err := filepath.Glob(pattern)
		if err != nil {
			return err
		}
		left := size / len(from)
		for _, root := range roots {
			// Links such as that to lib are followed once, here.
			if real, err := filepath.EvalSymlinks(root); err == nil {
				root = real
			}
			err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
				if left <= 0 {
					return filepath.SkipAll
				}
				if err != nil || !d.Type().IsRegular() || private(name) || secluded(d) {
					return nil
				}
				data := textOf(name)
				n, err := out.Write(data)
				left, total = left-n, total+n
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	if total == 0 {
		return fmt.Errorf("no text in %v", from)
	}
	return out.Close()
}

// private reports whether a file is known to hold secrets or test keys of its own.
func private(name string) bool {
	for _, s := range []string{"/etc/shadow", "/etc/gshadow", "/etc/ssl/private", "/etc/ssh/", "/etc/postgresql", "/etc/ldap/"} {
		if strings.HasPrefix(name, s) {
			return true
		}
	}
	if strings.HasPrefix(filepath.Base(name), "test_") {
		return true
	}
	for _, s := range []string{"/testdata/", "/tests/", "/test/", "/SelfTest/"} {
		if strings.Contains(name, s) {
			return true
		}
	}
	return false
}

// secluded reports whether not everybody may read a file: it may hold a secret of this machine.
func secluded(d fs.DirEntry) bool {
	const others = 0o004
	st, err := d.Info()
	return err != nil || st.Mode()&others == 0
}

// textOf returns the lines of a file that is text, unpacked if it is a manual page.
func textOf(name string) []byte {
	var data []byte
	if strings.HasSuffix(name, ".gz") {
		out, err := exec.Command("gzip", "-dc", name).Output()
		if err != nil {
			return nil
		}
		data = out
	} else if f, err := os.Open(name); err == nil {
		defer f.Close()
		data = make([]byte, maxFile)
		n, _ := f.Read(data)
		data = data[:n]
	}
	data = data[:min(len(data), maxFile)]
	data = data[:bytes.LastIndexByte(data, '\n')+1]
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil
	}
	return data
}
