package quiet

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrMissing says that a program is not installed.
var ErrMissing = errors.New("missing")

// program is how one of the programs is started in a folder that holds the feed. start
// returns once the feed is in memory, with the process to dump.
type program struct {
	name  string
	tools []string
	start func(ctx context.Context, r *run) (pid int, err error)
}

func programs() []program {
	return []program{
		{"nginx", []string{"nginx"}, startNginx},
		{"postgresql", []string{"initdb", "postgres", "psql"}, startPostgres},
		{"redis", []string{"redis-server"}, startRedis},
		{"python", []string{"python3"}, holder("hold.py", nil, "python3")},
		{"node", []string{"node"}, holder("hold.js", nil, "node")},
		{"java", []string{"java", "javac"}, holder("Hold.java", []string{"javac", "-d", "."}, "java", "-Xmx1536m", "-XX:+UseSerialGC",
			"-XX:CompressedClassSpaceSize=16m", "-XX:ReservedCodeCacheSize=32m", "-cp", ".", "Hold")},
		{"go", []string{"go"}, holder("hold/main.go", []string{"go", "build", "-o", "hold.bin"}, "./hold.bin")},
	}
}

// run is one program in its folder.
type run struct {
	dir  string
	cred *syscall.Credential // whose process it is; nil for ours
	cmds []*exec.Cmd
}

func (r *run) path(name string) string { return filepath.Join(r.dir, name) }

// spawn starts a process with an empty environment that ends with us.
func (r *run) spawn(name string, args ...string) (*exec.Cmd, error) {
	path, err := exec.LookPath(name)
	if strings.HasPrefix(name, "./") {
		path, err = name, nil
	}
	if err != nil {
		return nil, err
	}
	log, err := os.OpenFile(r.path("output"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o666)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = r.dir, log, log
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "HOME=" + r.dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL, Credential: r.cred}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	r.cmds = append(r.cmds, cmd)
	return cmd, nil
}

// end kills what was started, the last first.
func (r *run) end() {
	for i := len(r.cmds) - 1; i >= 0; i-- {
		_ = syscall.Kill(-r.cmds[i].Process.Pid, syscall.SIGKILL)
		_ = r.cmds[i].Wait()
	}
}

// await polls until ready says yes.
func await(ctx context.Context, ready func() bool) error {
	const pause = 100 * time.Millisecond
	for !ready() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for it to hold the feed: %w", ctx.Err())
		case <-time.After(pause):
		}
	}
	return nil
}

func (r *run) exists(name string) func() bool {
	return func() bool { _, err := os.Stat(r.path(name)); return err == nil }
}

// holder starts one of the programs in the folder holders, after building it.
func holder(source string, build []string, argv ...string) func(context.Context, *run) (int, error) {
	return func(ctx context.Context, r *run) (int, error) {
		data, err := holders.ReadFile("holders/" + source)
		if err != nil {
			return 0, err
		}
		name := filepath.Base(source)
		if err := os.WriteFile(r.path(name), data, 0o644); err != nil {
			return 0, err
		}
		if len(build) > 0 {
			cmd := exec.CommandContext(ctx, build[0], append(build[1:], name)...)
			cmd.Dir = r.dir
			if out, err := cmd.CombinedOutput(); err != nil {
				return 0, fmt.Errorf("building %s: %w: %s", name, err, out)
			}
		} else {
			argv = append(argv, name)
		}
		cmd, err := r.spawn(argv[0], append(argv[1:], "feed", "ready")...)
		if err != nil {
			return 0, err
		}
		return cmd.Process.Pid, await(ctx, r.exists("ready"))
	}
}

// startRedis stores every hundred lines of the feed under a key.
func startRedis(ctx context.Context, r *run) (int, error) {
	cmd, err := r.spawn("redis-server", "--port", "0", "--unixsocket", "sock", "--save", "", "--daemonize", "no")
	if err != nil {
		return 0, err
	}
	var conn net.Conn
	if err := await(ctx, func() bool { conn, err = net.Dial("unix", r.path("sock")); return err == nil }); err != nil {
		return 0, err
	}
	defer conn.Close()
	go func() { _, _ = io.Copy(io.Discard, conn) }()
	w := bufio.NewWriter(conn)
	err = chunks(r.path("feed"), 100, func(i int, text string) {
		key := "doc:" + strconv.Itoa(i)
		fmt.Fprintf(w, "*3\r\n$3\r\nSET\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n", len(key), key, len(text), text)
	})
	if err == nil {
		err = w.Flush()
	}
	time.Sleep(time.Second) // the server reads on
	return cmd.Process.Pid, err
}

// chunks calls yield for every n lines of a file.
func chunks(path string, n int, yield func(i int, text string)) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	lines := strings.SplitAfter(string(data), "\n")
	for i := 0; i < len(lines); i += n {
		yield(i/n, strings.Join(lines[i:min(i+n, len(lines))], ""))
	}
	return nil
}

// nobody is who runs what refuses to be run by root; nil when we are not root.
func nobody(dir string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		return nil, err
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(dir, int(uid), int(gid))
}
