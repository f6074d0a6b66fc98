package scrub

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
)

// JSON returns the report as indented JSON with a final newline.
func (r *Report) JSON() ([]byte, error) {
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// WriteJSON writes the report as indented JSON with a final newline. It holds one
// finding at a time.
func (r *Report) WriteJSON(w io.Writer) error {
	// The frame is the report without its two long lists, which are then written in
	// the places that it keeps for them. No string can look like such a place, since
	// JSON escapes line feeds.
	frame := *r
	frame.Secrets, frame.Findings = ReportSecrets{}, ReportFindings{}
	var b bytes.Buffer
	if err := encode(&b, "", &frame); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	const secrets, findings = "\n  \"secrets\": []", "\n  \"findings\": []"
	head, rest, ok := bytes.Cut(b.Bytes(), []byte(secrets))
	middle, tail, found := bytes.Cut(rest, []byte(findings))
	if !ok || !found {
		return errors.New("internal error: the report has no place for its lists")
	}
	out := bufio.NewWriterSize(w, 64<<10)
	out.Write(head)
	out.WriteString(secrets[:len(secrets)-2])
	if err := encodeAll(out, r.Secrets.All()); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	out.Write(middle)
	out.WriteString(findings[:len(findings)-2])
	if err := encodeAll(out, r.Findings.All()); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	out.Write(tail)
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// encodeAll writes an array that is a member of the outermost object.
func encodeAll[T any](out *bufio.Writer, all iter.Seq[T]) error {
	var b bytes.Buffer
	sep := "[\n    "
	for x := range all {
		b.Reset()
		if err := encode(&b, "    ", x); err != nil {
			return err
		}
		out.WriteString(sep)
		out.Write(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
		sep = ",\n    "
	}
	if sep[0] == '[' {
		_, err := out.WriteString("[]")
		return err
	}
	_, err := out.WriteString("\n  ]")
	return err
}

func encode(w io.Writer, prefix string, x any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, "  ")
	return e.Encode(x)
}
