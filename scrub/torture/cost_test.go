package torture

import (
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dumpscrub/dumpscrub/detect"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// hostile is text that was made to be slow: what costs most of all anchors of all
// detectors, each repeated with eight kinds of text between.
var hostile = []string{
	"ECS6B\x00\x00\x00\x00", "ECS6B\x00\x00\x00\n", "ECK40\x00\x00\x00: ",
	"\xa1d\x03b\x00\x04", "\xa1\x81\x89\x03\x81\x86\x00\x04", "\xa1D\x03B\x00\x04",
	"(1:d", "(private-key", "(private-key\n", "(protected-private-key",
	"secret=", "kind: Secret\n", "eyJ", "-----BEGIN PRIVATE KEY-----\n", "\\u0041%41", "Authorization: Bearer ",
}

// words are anchors that are letters of one long word when they are repeated: each
// rule of the catalogue walks the word from each of them, as far as its reach. The
// last ones are tokens but for their ends.
var words = []string{
	"age-secret-key-pq-1", "AIK_SECRET", "sb_secret_", "secret", "Secret_KEY-", "polysecret", "vss", "scalr", "temporal", "plaid",
	"xapp-7-A-270-", "aiven=", "SECURITYTOKEN=CAISL", "wrka-eyJE4MXKHNwzGX.Gw0WhogNzlIpmqpp91.z6tnd-eKVzEet",
}

// What a MiB may take of the processor's time: a few times what it takes.
const (
	hostileCost = 3 * time.Second
	wordCost    = 8 * time.Second
)

// No text that consists of anchors takes longer than its length accounts for.
func TestHostileCost(t *testing.T) {
	if raceEnabled {
		t.Skip("measures time, which the race detector multiplies")
	}
	s, err := search.New(detect.Default())
	if err != nil {
		t.Fatal(err)
	}
	const size = 16 << 10
	for i, unit := range append(slices.Clone(hostile), words...) {
		limit := hostileCost
		if i >= len(hostile) {
			limit = wordCost
		}
		data := []byte(strings.Repeat(unit, size/len(unit)+1)[:size])
		// The first run compiles patterns.
		s.Search(search.Window{Data: data, Hi: 1 << 10}, func(search.Found) {})
		start := processorTime(t)
		s.Search(search.Window{Data: data, Hi: len(data)}, func(search.Found) {})
		perMiB := (processorTime(t) - start) * (1 << 20) / size
		if perMiB > limit {
			t.Errorf("%q takes %v for a MiB", unit, perMiB)
		}
		t.Logf("%q: %v for a MiB", unit, perMiB.Round(time.Millisecond))
	}
}

// processorTime returns what this process has used, in user mode.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return time.Duration(r.Utime.Nano())
}
