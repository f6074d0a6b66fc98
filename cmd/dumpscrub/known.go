package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/dumpscrub/dumpscrub/detect/known"
)

// maxKnownFile bounds how much is read of a file of known secrets, in bytes.
const maxKnownFile = 64 << 20

// knownHint says how a file of known secrets is written.
const knownHint = "one secret a line, to its last space; a line may begin with hex:, base64:, file: or raw:; there are no comments"

// knownSecrets reads the files of --known. Errors name lines, never what is in them.
func knownSecrets(paths []string) ([]known.Value, error) {
	var vs []known.Value
	seen := map[string]bool{}
	for _, path := range paths {
		data, err := readBounded(path, maxKnownFile)
		if err != nil {
			return nil, err
		}
		values, err := parseKnown(data, filepath.Dir(path))
		clear(data)
		if err != nil {
			return nil, usageError{fmt.Sprintf("%s: %v", path, err), knownHint}
		}
		for _, v := range values {
			if !seen[string(v)] {
				seen[string(v)] = true
				vs = append(vs, known.Value{Bytes: v})
			}
		}
	}
	if len(paths) > 0 && len(vs) == 0 {
		return nil, usageError{"--known names no secret", knownHint}
	}
	if len(vs) > known.MaxCount {
		return nil, usageError{fmt.Sprintf("--known names %d secrets; %d can be looked for at once", len(vs), known.MaxCount), ""}
	}
	return vs, nil
}

// readBounded reads a file of at most limit bytes.
func readBounded(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		clear(data)
		return nil, fmt.Errorf("%s: more than %d bytes", path, limit)
	}
	return data, nil
}

// parseKnown reads one secret a line. A line is what stands between two ends of
// lines (LF or CR LF), spaces and all, and empty lines are skipped; a secret may begin with
// any character, so there are no comments.
func parseKnown(data []byte, dir string) ([][]byte, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	var values [][]byte
	n := 0
	for line := range bytes.Lines(data) {
		n++
		line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
		if len(line) == 0 {
			continue
		}
		v, err := knownValue(line, dir)
		if err == nil {
			err = known.Check(v)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		values = append(values, v)
	}
	return values, nil
}

// knownValue returns the secret that a line stands for, in memory of its own.
func knownValue(line []byte, dir string) ([]byte, error) {
	for _, p := range []struct {
		name string
		read func([]byte) ([]byte, error)
	}{
		{"hex:", decodeHex},
		{"base64:", decodeBase64},
		{"file:", func(name []byte) ([]byte, error) { return secretFile(string(name), dir) }},
		{"raw:", func(rest []byte) ([]byte, error) { return bytes.Clone(rest), nil }},
	} {
		if rest, ok := bytes.CutPrefix(line, []byte(p.name)); ok {
			return p.read(rest)
		}
	}
	return bytes.Clone(line), nil
}

// The decoders' own errors quote what they could not read.
var (
	errHex    = errors.New("not hexadecimal")
	errBase64 = errors.New("not base64")
	errFile   = errors.New("the file that it names cannot be read")
)

func decodeHex(digits []byte) ([]byte, error) {
	v := make([]byte, hex.DecodedLen(len(digits)))
	if _, err := hex.Decode(v, digits); err != nil {
		return nil, errHex
	}
	return v, nil
}

// decodeBase64 reads either alphabet, padded or not.
func decodeBase64(digits []byte) ([]byte, error) {
	digits = bytes.TrimRight(digits, "=")
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		v := make([]byte, enc.DecodedLen(len(digits)))
		if _, err := enc.Decode(v, digits); err == nil {
			return v, nil
		}
		clear(v)
	}
	return nil, errBase64
}

// secretFile returns the content of a file without the end of its last line. Its
// name is relative to the folder of the file that names it, and not told in errors:
// the line may be a secret that happens to begin like this.
func secretFile(name, dir string) ([]byte, error) {
	if !filepath.IsAbs(name) {
		name = filepath.Join(dir, name)
	}
	v, err := readBounded(name, known.MaxValue+2)
	if err != nil {
		return nil, errFile
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(v, []byte("\n")), []byte("\r")), nil
}
