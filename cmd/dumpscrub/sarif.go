package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"path/filepath"
	"sort"

	"github.com/dumpscrub/dumpscrub/scrub"
)

// The parts of SARIF 2.1.0 (OASIS, March 2020) that a report needs. Results hold
// positions and names of kinds, and nothing of a secret.
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	Results     []sarifResult     `json:"results"`
}

// sarifInvocation tells a file in which nothing was found from one that was not examined.
type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level     string               `json:"level"`
	Message   sarifMessage         `json:"message"`
	Locations []sarifWholeLocation `json:"locations"`
}

// sarifWholeLocation is a file as a whole.
type sarifWholeLocation struct {
	Physical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
	} `json:"physicalLocation"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID string `json:"id"` // a kind
}

type sarifMessage struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    int                `json:"ruleIndex"`
	Level        string             `json:"level"`
	Message      sarifMessage       `json:"message"`
	Locations    []sarifLocation    `json:"locations"`
	Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	Properties   sarifProperties    `json:"properties"`
}

type sarifSuppression struct {
	Kind string `json:"kind"`
}

type sarifProperties struct {
	Detector   string `json:"detector"`
	Encoding   string `json:"encoding"`
	Confidence string `json:"confidence"`
	Secret     int    `json:"secret"`
	Redacted   bool   `json:"redacted"`
}

type sarifLocation struct {
	Physical sarifPhysical `json:"physicalLocation"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	ByteOffset int64 `json:"byteOffset"`
	ByteLength int64 `json:"byteLength"`
}

// sarifLevel translates a confidence.
func sarifLevel(confidence string) string {
	switch confidence {
	case "confirmed":
		return "error"
	case "likely":
		return "warning"
	}
	return "note"
}

// sarif writes what was found in files as SARIF, a finding at a time. Rules are
// kinds; what an allowlist, a policy or being a published test key keeps is suppressed.
func sarif(w io.Writer, all []pathReport) error {
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "dumpscrub", Version: version, Rules: []sarifRule{}}},
		Invocations: []sarifInvocation{invocation(all)},
		Results:     []sarifResult{},
	}
	index := map[string]int{}
	for _, p := range all {
		if p.Report == nil {
			continue
		}
		for f := range p.Report.Findings.All() {
			index[f.Kind] = 0
		}
	}
	for kind := range index {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{kind})
	}
	sort.Slice(run.Tool.Driver.Rules, func(i, j int) bool { return run.Tool.Driver.Rules[i].ID < run.Tool.Driver.Rules[j].ID })
	for i, r := range run.Tool.Driver.Rules {
		index[r.ID] = i
	}
	frame, err := json.MarshalIndent(sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	}, "", "  ")
	if err != nil {
		return err
	}
	// No string can look like the place for the results: JSON escapes line feeds.
	const results = "\n      \"results\": []"
	head, tail, ok := bytes.Cut(frame, []byte(results))
	if !ok {
		return errors.New("internal error: the log has no place for its results")
	}
	if _, err := w.Write(append(head, results[:len(results)-1]...)); err != nil {
		return err
	}
	sep := "\n        "
	for _, p := range all {
		if p.Report == nil {
			continue
		}
		for f := range p.Report.Findings.All() {
			one, err := json.MarshalIndent(sarifFinding(p.Path, f, index[f.Kind]), "        ", "  ")
			if err != nil {
				return err
			}
			if _, err := io.WriteString(w, sep+string(one)); err != nil {
				return err
			}
			sep = ",\n        "
		}
	}
	end := "]"
	if sep[0] == ',' {
		end = "\n      ]"
	}
	_, err = io.WriteString(w, end+string(tail)+"\n")
	return err
}

// invocation says which of the files could not be examined, and why.
func invocation(all []pathReport) sarifInvocation {
	v := sarifInvocation{Successful: true}
	for _, p := range all {
		if p.Report != nil || p.Error == "" {
			continue
		}
		v.Successful = false
		var at sarifWholeLocation
		at.Physical.Artifact.URI = fileURI(p.Path)
		v.Notifications = append(v.Notifications, sarifNotification{
			Level: "error", Message: sarifMessage{p.Error}, Locations: []sarifWholeLocation{at},
		})
	}
	return v
}

func sarifFinding(path string, f scrub.ReportFinding, rule int) sarifResult {
	r := sarifResult{
		RuleID: f.Kind, RuleIndex: rule, Level: sarifLevel(f.Confidence),
		Message:    sarifMessage{f.Kind + ", " + f.Confidence + ", " + f.Encoding + " in " + f.Region.Kind},
		Properties: sarifProperties{f.Detector, f.Encoding, f.Confidence, f.Secret, f.Redacted},
	}
	for _, s := range f.Spans {
		r.Locations = append(r.Locations, sarifLocation{sarifPhysical{
			Artifact: sarifArtifact{fileURI(path)}, Region: sarifRegion{s.Offset, s.Length},
		}})
	}
	if f.Allowed || f.Kept || f.TestKey && !f.Redacted {
		r.Suppressions = []sarifSuppression{{"external"}}
	}
	return r
}

// fileURI returns path as a URI reference, which has no spaces, and no scheme
// where the path is relative.
func fileURI(path string) string {
	if path == "-" {
		return "stdin"
	}
	u := url.URL{Path: filepath.ToSlash(path)}
	if filepath.IsAbs(path) {
		u.Scheme = "file"
	}
	return u.String()
}
