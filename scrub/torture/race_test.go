package torture

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dumpscrub/dumpscrub/detect"
	"github.com/dumpscrub/dumpscrub/detect/keyder"
	"github.com/dumpscrub/dumpscrub/detect/keytail"
	"github.com/dumpscrub/dumpscrub/detect/pem"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/dumptest"
	"github.com/dumpscrub/dumpscrub/scrub"
	"github.com/dumpscrub/dumpscrub/scrub/receipt"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

const (
	raceSize = 520 << 10 // of the dump, in bytes: three tiles
	honestAt = 300000    // where a key lies that was there from the beginning
	tile     = 256 << 10
	page     = 4096
)

// A writer that changes the source at whatever moment gets nothing published: each
// trial ends with a clean copy or with [source.ErrChanged].
func TestRace(t *testing.T) { race(t, false) }

// The same with a writer that is another process: no lock, no scheduler, no page
// table is shared with the run.
func TestRaceProcess(t *testing.T) { race(t, true) }

func race(t *testing.T, apart bool) {
	b := newRaceBench(t, apart)
	outcomes := map[string]int{}
	start := time.Now()
	n := trials(t, 3*time.Second, 5*time.Second, func(seed uint64) {
		tr := b.trial(seed)
		err := tr.run(t)
		outcome := "clean"
		switch {
		case errors.Is(err, source.ErrChanged):
			outcome = "changed"
		case err != nil:
			t.Errorf("seed %d: %s at %s: error %v, want none or %v", seed, tr.strike, tr.when, err, source.ErrChanged)
		}
		outcomes[tr.when+" "+outcome]++
		tr.check(t, err)
		if err := os.RemoveAll(tr.strike.Dir); err != nil {
			t.Fatal(err)
		}
	})
	t.Logf("%d trials, %.0f per second: %v", n, float64(n)/time.Since(start).Seconds(), outcomes)
	if !t.Failed() && n > 200 && (outcomes["scanned changed"] == 0 || outcomes["announce clean"] == 0) {
		t.Error("the writer never hit between scan and copy, or never came too late: the test proves nothing")
	}
}

// raceBench is what all trials have in common.
type raceBench struct {
	root    string
	dump    []byte
	planted [][]byte
	parts   *pieces
	writer  *writer
	few     []probe.Detector
}

func newRaceBench(t *testing.T, apart bool) *raceBench {
	t.Helper()
	b := &raceBench{root: folder(t)}
	honest := dumptest.KeyPEM()
	b.planted = [][]byte{dumptest.KeyPEM(), dumptest.KeyPEM(), dumptest.KeyPEM(), dumptest.KeyPEM()}
	var parts [][]byte
	for _, k := range append(b.planted, honest) {
		parts = append(parts, secretPart(t, k)...)
	}
	b.parts = newPieces(parts)
	memory := pointers(raceSize)
	copy(memory[honestAt:], honest)
	b.dump = dumptest.Core(memory)
	if !b.parts.in(b.dump) {
		t.Fatal("the search for keys finds none")
	}
	b.writer = newWriter(t, apart, b.dump)
	// Those that see such a key, whole or torn.
	b.few = []probe.Detector{pem.New(), keyder.PKCS8(), keyder.SEC1(), keytail.EC()}
	return b
}

// raceTrial is one run and what its writer does to it.
type raceTrial struct {
	*raceBench
	r      *rand.Rand
	seed   uint64
	strike *strike
	when   string
	wait   bool // for the writer, before the run goes on
	struck bool
}

// stages are the moments at which the writer strikes: before the input is read,
// during and after the scan, in the copy, during verification, before publication,
// or whenever the clock says.
var stages = []string{"open", "scan", "scanned", "copy", "verify", "announce", "timed", "storm"}

// trial chooses what happens when.
func (b *raceBench) trial(seed uint64) *raceTrial {
	r := random(seed)
	tr := &raceTrial{raceBench: b, r: r, seed: seed, when: stages[r.IntN(len(stages))], wait: r.IntN(4) > 0}
	key := b.planted[r.IntN(len(b.planted))]
	at := r.Int64N(int64(len(b.dump)) - page)
	if r.IntN(3) == 0 {
		at = tile*(1+r.Int64N(2)) - r.Int64N(int64(len(key)))
	}
	tr.strike = &strike{
		Dir: filepath.Join(b.root, fmt.Sprint(seed)), What: r.IntN(len(attacks)), At: at, Key: key,
		Pause: time.Duration(r.IntN(1500)) * time.Microsecond, Seed: seed,
	}
	if tr.when == "storm" {
		tr.strike.What = storm
	}
	return tr
}

func (tr *raceTrial) run(t *testing.T) error {
	out := filepath.Join(tr.strike.Dir, "out")
	for _, d := range []string{filepath.Dir(tr.strike.path()), out} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(tr.strike.path(), tr.dump, 0o600); err != nil {
		t.Fatal(err)
	}
	// Building the tables of all detectors takes most of a trial's time.
	set := tr.few
	if tr.seed%64 == 0 {
		set = detect.Default()
	}
	j := jobWith(t, tr.strike.path(), out, set)
	j.Config.Chunk = 16 << 10 << tr.r.IntN(5)
	hit := func() {
		tr.struck = true
		err := tr.writer.begin(tr.strike)
		if err == nil && tr.wait && tr.strike.What != storm {
			err = tr.writer.end()
		}
		if err != nil {
			t.Errorf("seed %d: the writer: %v", tr.seed, err)
		}
	}
	skip := tr.r.IntN(4)
	at := func(stage string) {
		if stage == tr.when && !tr.struck {
			if skip--; skip < 0 {
				hit()
			}
		}
	}
	timed := make(chan struct{})
	begun := false
	j.Confine = func() error {
		skip = 0
		at("open")
		// Not before the folder of the output is open: what stood there then is where the copy goes.
		if begun = tr.when == "timed"; begun {
			pause := time.Duration(tr.r.IntN(15000)) * time.Microsecond
			go func() { defer close(timed); time.Sleep(pause); hit() }()
		}
		return nil
	}
	j.Progress = func(step string, done, total int64) {
		at(step)
		if (step == "scan" || step == "hunt") && done == total {
			skip = 0
			at("scanned")
		}
	}
	j.Announce = func(*scrub.Report) error { skip = 0; at("announce"); return nil }
	if tr.when == "storm" {
		hit()
	}
	_, err := scrub.Scrub(t.Context(), j)
	if begun {
		<-timed
	}
	if err := tr.writer.end(); err != nil {
		t.Errorf("seed %d: the writer: %v", tr.seed, err)
	}
	return err
}

// check looks at all that the trial left.
func (tr *raceTrial) check(t *testing.T, err error) {
	t.Helper()
	dir := filepath.Join(tr.strike.Dir, "out")
	if tr.struck && tr.strike.traps() {
		if left, _ := os.ReadDir(filepath.Join(tr.strike.Dir, "trap")); len(left) != 0 {
			t.Errorf("seed %d: the trap got %s", tr.seed, left[0].Name())
		}
		dir = filepath.Join(tr.strike.Dir, "moved")
	}
	left, readErr := os.ReadDir(dir)
	if readErr != nil {
		t.Fatal(readErr)
	}
	if err != nil {
		if len(left) != 0 {
			t.Errorf("seed %d: %s at %s: the failed run left %s", tr.seed, tr.strike, tr.when, left[0].Name())
		}
		return
	}
	out, readErr := os.ReadFile(filepath.Join(dir, "out"))
	if readErr != nil {
		t.Errorf("seed %d: %v", tr.seed, readErr)
		return
	}
	if tr.parts.in(out) {
		t.Errorf("seed %d: %s at %s: a key was published", tr.seed, tr.strike, tr.when)
	}
	text, readErr := os.ReadFile(filepath.Join(dir, "out.receipt.json"))
	if readErr != nil {
		t.Errorf("seed %d: %v", tr.seed, readErr)
		return
	}
	s, readErr := receipt.Read(t.Context(), text, nil)
	sum := sha256.Sum256(out)
	if readErr != nil || s.Covers(receipt.SHA256, hex.EncodeToString(sum[:])) != nil {
		t.Errorf("seed %d: the receipt does not cover the output (%v)", tr.seed, readErr)
	}
}
