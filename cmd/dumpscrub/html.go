package main

import (
	"html/template"
	"io"
)

// page is a report for people: one file, no script, nothing from elsewhere.
const page = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>dumpscrub report</title>
<style>
body { font: 15px/1.4 sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em; color: #222; background: #fff }
table { border-collapse: collapse; width: 100%; margin: 1em 0 }
th, td { border-bottom: 1px solid #ccc; padding: .3em .6em; text-align: left; vertical-align: top }
td.n { text-align: right; font-variant-numeric: tabular-nums }
code { overflow-wrap: anywhere }
.confirmed { color: #a00 } .likely { color: #850 } .possible { color: #555 }
</style>
</head>
<body>
<h1>dumpscrub {{.Version}}</h1>
{{range .Files}}
<h2><code>{{.Path}}</code></h2>
{{if .Error}}<p>Not examined: {{.Error}}</p>{{end}}
{{if .Covered}}<p>A valid receipt covers it.</p>{{end}}
{{with .Report}}
<p>{{.Input.Format}}, {{.Input.Size}} bytes, container {{.Input.Container}}{{if .Input.Truncated}}, truncated{{end}};
policy <code>{{.Policy}}</code>{{if .Output}}; the copy has {{.Output.Size}} bytes and {{if .Verified}}was verified{{else}}was not verified{{end}}{{end}}.</p>
<p>{{.Secrets.Len}} distinct secrets in {{.Findings.Len}} places.</p>
{{if .Findings.Len}}
<table>
<tr><th>secret</th><th>kind</th><th>confidence</th><th>encoding</th><th>where</th><th>offset</th><th>bytes</th><th>address</th><th>detector</th><th>redacted</th></tr>
{{range .Findings.All}}{{$f := .}}{{range $i, $s := .Spans}}
<tr><td class="n">{{$f.Secret}}</td><td>{{$f.Kind}}</td><td class="{{$f.Confidence}}">{{$f.Confidence}}</td><td>{{$f.Encoding}}</td><td>{{$f.Region.Kind}} {{$f.Region.Name}}</td><td class="n">{{$s.Offset}}</td><td class="n">{{$s.Length}}</td><td>{{$s.Addr}}</td><td>{{$f.Detector}}</td><td>{{if $f.Redacted}}yes{{else if $f.Allowed}}no: allowed{{else if $f.Kept}}no: policy{{else if $f.TestKey}}no: test key{{else}}no{{end}}</td></tr>
{{end}}{{end}}
</table>
{{end}}
{{range $kind, $n := .Possible}}<p>Beside these {{$n}} places are {{$kind}} that nothing explains.</p>{{end}}
{{range .Wiped}}<p>Wiped {{.Bytes}} bytes of {{.Class}}.</p>{{end}}
{{end}}
{{end}}
</body>
</html>
`

// html writes what was found in files as a page, a finding at a time.
func html(w io.Writer, all []pathReport) error {
	t, err := template.New("report").Parse(page)
	if err != nil {
		return err
	}
	return t.Execute(w, struct {
		Version string
		Files   []pathReport
	}{version, all})
}
