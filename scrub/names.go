package scrub

import "sync"

// name is a detector's ID, a kind or an encoding in the names of a run. Findings
// hold names in place of strings because there may be millions of them.
type name uint16

// names are the distinct strings that findings are described with: the detectors
// of the program bound their number, not the dump. The zero name is "".
type names struct {
	mu    sync.RWMutex
	index map[string]name
	texts []string
}

func newNames() *names {
	return &names{index: map[string]name{"": 0}, texts: []string{""}}
}

// of returns the name of text.
func (n *names) of(text string) name {
	n.mu.RLock()
	k, ok := n.index[text]
	n.mu.RUnlock()
	if ok {
		return k
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if k, ok = n.index[text]; ok {
		return k
	}
	if len(n.texts) > int(^name(0)) {
		panic("internal error: detectors have more than 65,536 names for what they find")
	}
	k = name(len(n.texts))
	n.texts = append(n.texts, text)
	n.index[text] = k
	return k
}

// text is the inverse of of.
func (n *names) text(k name) string {
	if n == nil || k == 0 {
		return ""
	}
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.texts[k]
}
