package live

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a running program that ends with its scenario.
type process struct {
	cmd  *exec.Cmd
	said string // file that holds its output
	done chan struct{}
}

// start starts a program in the folder of the scenario, with standard input open
// and silent.
func (b *bench) start(name string, args ...string) (*process, error) {
	p := &process{cmd: exec.Command(name, args...), said: b.path("output"), done: make(chan struct{})}
	out, err := os.OpenFile(p.said, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = b.dir, out, out
	// Go's runtime turns SIGABRT into a tidy end unless it is told not to.
	p.cmd.Env = append(os.Environ(), "GNUPGHOME="+b.dir, "GOTRACEBACK=crash")
	// The whole group ends with us, even when we are killed.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait()
		close(p.done)
	}()
	b.later(func() {
		stdin.Close()
		p.end()
	})
	return p, nil
}

// end asks the program to end, so that it can wait for its children, and then
// kills what is left of its group.
func (p *process) end() {
	const patience = time.Second
	select {
	case <-p.done: // its number may belong to another by now
		return
	default:
	}
	_ = syscall.Kill(p.pid(), syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(patience):
	}
	_ = syscall.Kill(-p.pid(), syscall.SIGKILL)
	<-p.done
}

// wake makes a program's threads begin to use their keys; they go on to its end.
func (p *process) wake(context.Context) (stop func()) {
	_ = syscall.Kill(p.pid(), syscall.SIGUSR1)
	return func() {}
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// poll calls ready until it succeeds, ctx ends, or the process does.
func (p *process) poll(ctx context.Context, what string, ready func() bool) error {
	const pause = 50 * time.Millisecond
	for !ready() {
		select {
		case <-p.done:
			out, _ := os.ReadFile(p.said)
			return fmt.Errorf("%s ended before %s: %s", filepath.Base(p.cmd.Path), what, lastLine(out))
		case <-ctx.Done():
			return fmt.Errorf("%s: waiting for %s: %w", filepath.Base(p.cmd.Path), what, ctx.Err())
		case <-time.After(pause):
		}
	}
	return nil
}

// listens waits until something accepts connections at addr.
func (p *process) listens(ctx context.Context, addr string) error {
	return p.poll(ctx, "listening", func() bool {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// exists waits until there is a file at path.
func (p *process) exists(ctx context.Context, path string) error {
	return p.poll(ctx, "making "+filepath.Base(path), func() bool {
		_, err := os.Stat(path)
		return err == nil
	})
}

// freeAddr returns a local address that nobody listens at.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// child returns the first child of the process.
func child(pid int) (int, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return 0, err
	}
	f := strings.Fields(string(data))
	if len(f) == 0 {
		return 0, fmt.Errorf("process has no child")
	}
	return strconv.Atoi(f[0])
}
