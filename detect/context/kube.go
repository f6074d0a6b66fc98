package context

import "github.com/dumpscrub/dumpscrub/detect/probe"

// kubernetes is the detector of Secret objects of Kubernetes in JSON and YAML. All
// members of their data are secret, whatever their names say.
type kubernetes struct{}

const kubeAround = 8192

// NewKubernetes returns the detector of the data of Kubernetes Secret objects.
func NewKubernetes() probe.Detector { return kubernetes{} }

// Spec implements [probe.Detector].
func (kubernetes) Spec() probe.Spec {
	return probe.Spec{
		ID: "kubernetes-secret", About: "data of Kubernetes Secret objects in JSON and YAML",
		Kinds: []string{KubernetesSecret},
		Anchors: []string{`"kind":"Secret"`, `"kind": "Secret"`, `\"kind\":\"Secret\"`,
			`"kind":"SecretList"`, `"kind": "SecretList"`, "kind: Secret", "kind: \"Secret\""},
		Text: true, Before: kubeAround, After: kubeAround,
	}
}

// Detect implements [probe.Detector].
func (kubernetes) Detect(v probe.View, emit func(probe.Match)) {
	t, at := textOf(v)
	if t.At(at) == 'k' {
		kubeYAML(t, at, emit)
		return
	}
	quote := `"`
	if t.At(at) == '\\' {
		quote = `\"`
	}
	// Members come in any order; kind is one of the outermost object's.
	many := t.Has(at, `"kind":"SecretList"`) || t.Has(at, `"kind": "SecretList"`)
	for _, name := range [...]string{"data", "stringData"} {
		key := quote + name + quote + ":"
		for k := at - 1; k > at-kubeAround/2 && kubeText(t.At(k)) && !kubeKind(t.Text, k); k-- {
			if t.At(k) == key[0] && t.Has(k, key) {
				kubeJSON(t, k+len(key), quote, emit)
				if !many {
					break
				}
			}
		}
		for k := at + len(quote) + 1; k < at+kubeAround/2 && kubeText(t.At(k)) && !kubeKind(t.Text, k); k++ {
			if t.At(k) == key[0] && t.Has(k, key) {
				kubeJSON(t, k+len(key), quote, emit)
				if !many {
					break
				}
			}
		}
	}
}

// kubeKind reports whether another object of the kind, in which the search for data
// would be about that object's, is at i.
func kubeKind(t probe.Text, i int) bool {
	return t.At(i) == 'k' && (t.Has(i, `kind":"Secret`) || t.Has(i, `kind": "Secret`) || t.Has(i, `kind\":\"Secret\"`))
}

func kubeText(c byte) bool { return isPrint(c) || c == '\n' || c == '\r' || c == '\t' }

func isSpace(c byte) bool { return isBlank(c) || c == '\n' || c == '\r' }

// kubeJSON reads the flat object at i.
func kubeJSON(t text, i int, quote string, emit func(probe.Match)) {
	space := func() { i = run(t.Text, i, 256, isSpace) }
	space()
	if t.At(i) != '{' {
		return
	}
	i++
	for range 256 {
		if space(); !t.Has(i, quote) {
			return
		}
		start := i
		i = run(t.Text, i+len(quote), 256, isName)
		if !t.Has(i, quote) {
			return
		}
		i += len(quote)
		if space(); t.At(i) != ':' {
			return
		}
		i++
		if space(); !t.Has(i, quote) {
			return
		}
		s := stringAt(t, i+len(quote), len(quote)-1, '"')
		if s.end == 0 {
			return
		}
		if s.len() >= minSecret {
			found{kind: KubernetesSecret, confidence: probe.Likely, whole: span{start, s.end}, secret: s}.decoded(t).emitTo(t, emit)
		}
		i = s.end + len(quote)
		if space(); t.At(i) != ',' {
			return
		}
		i++
	}
}
