package live

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Options say how scenarios are run.
type Options struct {
	Bin     string        // the dumpscrub program
	Timeout time.Duration // most time for one scenario
	Install bool          // install missing programs with apt-get
	TempDir string        // where dumps of up to some GiB go; "" for the default
	Modes   []Mode        // which dumps are made of each process, in the order of [Modes]
	Keep    string        // keep the dumps, before and after, in this folder; "" for not

	scenario string // for the names of what is kept
}

// withScenario returns o for one scenario.
func (o Options) withScenario(name string) Options {
	o.scenario = name
	if o.Modes == nil {
		o.Modes = Modes()
	}
	return o
}

// Scenario is one program and what is done to it.
type Scenario struct {
	Name     string
	About    string
	Needs    []string // programs it runs
	Packages []string // Debian packages that it needs besides
	start    func(context.Context, *bench) (*subject, error)
}

// errSkip is why a scenario cannot be run here.
type errSkip struct{ why string }

func (e errSkip) Error() string { return e.why }

// Run runs s. Whatever goes wrong is in the result.
func (s Scenario) Run(ctx context.Context, o Options) (r Result) {
	began := time.Now()
	r.Name, r.About = s.Name, s.About
	defer func() { r.Seconds = time.Since(began).Seconds() }()
	if err := s.provide(ctx, o); err != nil {
		return r.ended(err)
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	dir, err := os.MkdirTemp(o.TempDir, "live")
	if err != nil {
		return r.ended(err)
	}
	b := &bench{dir: dir}
	defer b.close()
	subject, err := s.start(ctx, b)
	if err == nil {
		err = subject.examine(ctx, o.withScenario(s.Name), b, &r)
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = fmt.Errorf("not done after %v: %w", o.Timeout, err)
	}
	return r.ended(err)
}

// provide looks for the programs that s needs, and installs them when allowed.
func (s Scenario) provide(ctx context.Context, o Options) error {
	for _, name := range append([]string{"gdb", "gcore"}, s.Needs...) {
		if _, err := exec.LookPath(name); err == nil {
			continue
		}
		if !o.Install || os.Getuid() != 0 {
			return errSkip{name + " is missing; -install installs it as root"}
		}
		if err := install(ctx, packageOf(name)); err != nil {
			return errSkip{fmt.Sprintf("%s is missing: %v", name, err)}
		}
		if _, err := exec.LookPath(name); err != nil {
			return errSkip{err.Error()}
		}
	}
	for _, name := range s.Packages {
		if exec.CommandContext(ctx, "dpkg", "-s", name).Run() == nil {
			continue
		}
		if !o.Install || os.Getuid() != 0 {
			return errSkip{"the package " + name + " is missing; -install installs it as root"}
		}
		if err := install(ctx, name); err != nil {
			return errSkip{fmt.Sprintf("the package %s is missing: %v", name, err)}
		}
	}
	return nil
}

// packageOf names the Debian package of a program where it has another name.
func packageOf(program string) string {
	switch program {
	case "gcore":
		return "gdb"
	case "ssh-agent", "ssh-add", "ssh":
		return "openssh-client"
	case "sshd":
		return "openssh-server"
	case "java", "javac", "keytool":
		return "default-jdk-headless"
	case "gnutls-serv":
		return "gnutls-bin"
	case "node":
		return "nodejs"
	case "gpg", "gpg-agent", "gpg-connect-agent":
		return "gnupg"
	}
	return program
}

func install(ctx context.Context, pkg string) error {
	const limit = 5 * time.Minute
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "apt-get", "install", "-y", "--no-install-recommends", pkg)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("apt-get: %w: %s", err, lastLine(out))
	}
	return nil
}

// lastLine keeps what a program says within a table.
func lastLine(said []byte) string {
	const most = 200
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	last := lines[len(lines)-1]
	return last[:min(len(last), most)]
}

// bench is the folder of one scenario and what must be undone after it.
type bench struct {
	dir  string
	undo []func()
}

// later runs f when the scenario is over, last in first out.
func (b *bench) later(f func()) { b.undo = append(b.undo, f) }

func (b *bench) close() {
	for i := len(b.undo) - 1; i >= 0; i-- {
		b.undo[i]()
	}
	os.RemoveAll(b.dir)
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

// write writes a file that only we can read and returns its path.
func (b *bench) write(name string, data []byte) (string, error) {
	return b.path(name), os.WriteFile(b.path(name), data, 0o600)
}

// run runs a program to its end in the folder of the scenario.
func (b *bench) run(ctx context.Context, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), "GNUPGHOME="+b.dir, "DEBUGINFOD_URLS=")
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if err != nil {
		return out, fmt.Errorf("%s: %w: %s", name, err, lastLine(out))
	}
	return out, nil
}
