package torture

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// writerProcess is set in the environment of a test binary that is to be the writer
// of TestRace and nothing else.
const writerProcess = "DUMPSCRUB_WRITER_PROCESS"

func TestMain(m *testing.M) {
	if os.Getenv(writerProcess) != "" {
		if err := serve(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "the writer:", err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// strike is one change of a source.
type strike struct {
	Dir   string // of the trial
	What  int    // index of attacks, or storm
	At    int64  // where in the dump
	Pause time.Duration
	Key   []byte // that is planted
	Seed  uint64
}

// storm as a strike's What goes on until the writer is told to stop.
const storm = -1

func (s *strike) path() string  { return filepath.Join(s.Dir, "in", "dump") }
func (s *strike) other() string { return filepath.Join(s.Dir, "other") }

// traps reports whether the strike takes the output's folder away.
func (s *strike) traps() bool { return s.What >= 0 && attacks[s.What].traps }

func (s *strike) String() string {
	if s.What == storm {
		return "a storm"
	}
	return attacks[s.What].what
}

// attacks are all that a writer does to the source behind the open file.
var attacks = []struct {
	what  string
	traps bool
	do    func(s *strike, dump []byte) error
}{
	{"a key is planted", false, edit(func(s *strike, _ []byte, f *os.File) error { _, err := f.WriteAt(s.Key, s.At); return err })},
	{"a key comes and goes", false, edit(func(s *strike, dump []byte, f *os.File) error {
		_, err := f.WriteAt(s.Key, s.At)
		time.Sleep(s.Pause)
		_, back := f.WriteAt(dump[s.At:s.At+int64(len(s.Key))], s.At)
		return errors.Join(err, back)
	})},
	{"pages change places", false, edit(func(s *strike, dump []byte, f *os.File) error {
		a, b := int64(honestAt)/page*page, s.At/page*page
		_, err := f.WriteAt(dump[a:a+2*page], b)
		_, back := f.WriteAt(dump[b:min(b+2*page, int64(len(dump)))], a)
		return errors.Join(err, back)
	})},
	{"the key moves by a byte", false, edit(func(_ *strike, dump []byte, f *os.File) error {
		_, err := f.WriteAt(dump[honestAt:honestAt+2000], honestAt+1)
		return err
	})},
	{"it is truncated", false, edit(func(s *strike, _ []byte, f *os.File) error { return f.Truncate(s.At) })},
	{"it is truncated and grows again", false, edit(func(s *strike, dump []byte, f *os.File) error {
		err := errors.Join(f.Truncate(s.At), f.Truncate(int64(len(dump))))
		_, planted := f.WriteAt(s.Key, s.At)
		return errors.Join(err, planted)
	})},
	{"it is extended", false, edit(func(s *strike, dump []byte, f *os.File) error {
		_, err := f.WriteAt(s.Key, int64(len(dump)))
		return err
	})},
	{"a hole is punched", false, edit(func(s *strike, _ []byte, f *os.File) error {
		return unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, s.At/page*page, tile)
	})},
	{"it is written through a mapping", false, edit(func(s *strike, dump []byte, f *os.File) error {
		m, err := unix.Mmap(int(f.Fd()), 0, len(dump), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		if err != nil {
			return err
		}
		copy(m[s.At:], s.Key)
		return unix.Munmap(m)
	})},
	{"it is replaced", false, func(s *strike, dump []byte) error {
		planted := slices.Concat(dump[:s.At], s.Key, dump[s.At+int64(len(s.Key)):])
		return errors.Join(os.WriteFile(s.other(), planted, 0o600), os.Rename(s.other(), s.path()))
	}},
	{"a link takes its place", false, func(s *strike, _ []byte) error {
		return errors.Join(os.WriteFile(s.other(), s.Key, 0o600), os.Remove(s.path()), os.Symlink(s.other(), s.path()))
	}},
	{"a link takes the place of the output's folder", true, func(s *strike, _ []byte) error {
		trap, out := filepath.Join(s.Dir, "trap"), filepath.Join(s.Dir, "out")
		return errors.Join(os.Mkdir(trap, 0o700), os.Rename(out, filepath.Join(s.Dir, "moved")), os.Symlink(trap, out))
	}},
}

func edit(change func(*strike, []byte, *os.File) error) func(*strike, []byte) error {
	return func(s *strike, dump []byte) error {
		f, err := os.OpenFile(s.path(), os.O_RDWR, 0)
		if err != nil {
			return err
		}
		return errors.Join(change(s, dump, f), f.Close())
	}
}

// rage changes the source without a pause until stop is closed.
func (s *strike) rage(dump []byte, stop <-chan struct{}) error {
	f, err := os.OpenFile(s.path(), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	r := rand.New(rand.NewPCG(s.Seed, 0x73746f72))
	size := int64(len(dump))
	shrink := r.IntN(2) == 0
	for {
		select {
		case <-stop:
			return nil
		default:
		}
		at := r.Int64N(size - page)
		if shrink {
			err = errors.Join(f.Truncate(at), f.Truncate(size))
		}
		_, planted := f.WriteAt(s.Key, at)
		_, back := f.WriteAt(dump[at:at+int64(len(s.Key))], at)
		if err := errors.Join(err, planted, back); err != nil {
			return err
		}
	}
}

// serve is the writer: it reads the dump and then orders, a strike or nil for the
// end of the last one, and answers each pair with what went wrong, or "".
func serve(in io.Reader, out io.Writer) error {
	orders, answers := gob.NewDecoder(in), gob.NewEncoder(out)
	var dump []byte
	if err := orders.Decode(&dump); err != nil {
		return err
	}
	for {
		var s strike
		if err := orders.Decode(&s); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		stop, done := make(chan struct{}), make(chan error, 1)
		if s.What == storm {
			go func() { done <- s.rage(dump, stop) }()
			var end strike
			if err := orders.Decode(&end); err != nil {
				return err
			}
		} else {
			done <- attacks[s.What].do(&s, dump)
		}
		close(stop)
		text := ""
		if err := <-done; err != nil {
			text = err.Error()
		}
		if err := answers.Encode(text); err != nil {
			return err
		}
	}
}

// writer is the near end of serve, which runs in a goroutine or in a process of
// its own.
type writer struct {
	orders  *gob.Encoder
	answers *gob.Decoder
	raging  bool
	busy    bool
}

// newWriter starts a writer that knows the dump.
func newWriter(t *testing.T, apart bool, dump []byte) *writer {
	t.Helper()
	w := &writer{}
	if !apart {
		theirs, orders := io.Pipe()
		answers, said := io.Pipe()
		ended := make(chan error, 1)
		go func() { ended <- serve(theirs, said) }()
		t.Cleanup(func() {
			orders.Close()
			if err := <-ended; err != nil {
				t.Errorf("the writer: %v", err)
			}
		})
		w.orders, w.answers = gob.NewEncoder(orders), gob.NewDecoder(answers)
	} else {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), writerProcess+"=1")
		cmd.Stderr = os.Stderr
		orders, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		answers, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			orders.Close()
			if err := cmd.Wait(); err != nil {
				t.Errorf("the writer: %v", err)
			}
		})
		w.orders, w.answers = gob.NewEncoder(orders), gob.NewDecoder(answers)
	}
	if err := w.orders.Encode(dump); err != nil {
		t.Fatal(err)
	}
	return w
}

// begin has the writer strike, and does not wait for it.
func (w *writer) begin(s *strike) error {
	w.busy, w.raging = true, s.What == storm
	return w.orders.Encode(s)
}

// end waits until the last strike is over, having ended a storm.
func (w *writer) end() error {
	if !w.busy {
		return nil
	}
	w.busy = false
	if w.raging {
		if err := w.orders.Encode(&strike{}); err != nil {
			return err
		}
	}
	var text string
	if err := w.answers.Decode(&text); err != nil {
		return err
	}
	if text != "" {
		return errors.New(text)
	}
	return nil
}
