package context

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// commands is the detector of passwords among the arguments of programs that take them behind
// an option of one or a few letters, as shells keep them in their history and Linux in argv.
type commands struct{}

// maxCommand bounds the characters of a command line on either side of an option.
const maxCommand = 256

// NewCommand returns the detector of passwords in command lines.
func NewCommand() probe.Detector { return commands{} }

// Spec implements [probe.Detector].
func (commands) Spec() probe.Spec {
	return probe.Spec{
		ID: "command-password", About: "passwords behind options of programs that take them, in command lines and argv",
		Kinds: []string{Password},
		Anchors: []string{
			" -pw ", "\x00-pw\x00", " -p ", "\x00-p\x00", " -w ", "\x00-w\x00", " -a ", "\x00-a\x00", " -s ", "\x00-s\x00", " -k ", "\x00-k\x00",
			" /p:", "\x00/p:", "-passin ", "-passin\x00", "-passout ", "-passout\x00",
			"-storepass ", "-storepass\x00", "-keypass ", "-keypass\x00",
			"sshpass -p", "sshpass\x00-p", "-pass ", "-passwd ", "-password ", "mysql -", "mysql\x00-", "mysqldump -", "mysqldump\x00-", "mariadb -", "mariadb\x00-", "mysqladmin -", "mysqladmin\x00-",
		},
		Text: true, Fold: true, Before: maxCommand + 32, After: 2*maxCommand + 64,
	}
}

// programsOf returns which programs take a password behind an option. Sources: their manual pages.
func programsOf(option string) []string {
	switch option {
	case "-P":
		return []string{"mosquitto_pub", "mosquitto_sub", "zip", "unzip", "sqlcmd", "bcp", "isql", "tsql", "ipmitool"}
	case "-w":
		return []string{
			"kadmin", "kadmin.local", "ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldappasswd", "ldapwhoami",
			"ldapcompare", "ldapmodrdn", "ldapexop",
		}
	case "-a":
		return []string{"redis-cli", "valkey-cli"}
	case "-s":
		return []string{"ldappasswd", "slappasswd"}
	case "-k":
		return []string{"openssl"}
	case "-p":
		return []string{
			"sshpass", "mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport", "rdesktop", "cqlsh", "mcrcon", "racadm",
			"ncftp", "ncftpput", "ncftpget", "twine", "psexec", "psexec64", "crackmapexec", "netexec", "nxc", "evil-winrm",
		}
	case "/p:":
		return []string{"xfreerdp", "xfreerdp3", "wlfreerdp", "sdl-freerdp"}
	}
	return nil
}

// Detect implements [probe.Detector].
func (commands) Detect(v probe.View, emit func(probe.Match)) {
	t, at := textOf(v)
	c := command{statement{t, at, emit}}
	sep := t.At(at)
	switch {
	case sep != ' ' && sep != 0:
		c.named(at)
	case t.At(at+1) == '/':
		if c.runs(at, "/p:") {
			c.value(at + len(" /p:"))
		}
	case lower(t.At(at+2)) == 'p' && t.At(at+3) == 'w':
		c.value(at + len(" -pw "))
	default:
		if c.runs(at, string(t.Append(nil, at+1, at+3))) {
			c.value(at + len(" -p "))
		}
	}
}

// command is what is read around an option.
type command struct{ statement }

// value judges what begins at i, in quotes or not.
func (c command) value(i int) {
	if c.At(i-1) == 0 {
		judgeArgument(c.text, c.start, span{i, c.line(i, maxCommand)}, 0, c.emit)
		return
	}
	if q := c.At(i); isQuote(q) {
		c.judge(Password, stringAt(c.text, i+1, 0, q), chosen)
		return
	}
	s := span{i, run(c.Text, i, maxCommand, isGraph)}
	if next := c.At(s.end); s.end > s.start && isQuote(c.At(s.end-1)) && (next == ' ' || next == 0 || next == ')') {
		s.end-- // of a line that is quoted as a whole
	}
	c.judge(Password, s, chosen)
}

// named reads what begins at i with a program or an option that speaks for itself.
func (c command) named(i int) {
	end := run(c.Text, i, maxName, func(c byte) bool { return isAlnum(c) || c == '-' })
	switch name := string(c.Append(nil, i, end)); {
	case c.At(i) == '-':
		dash := i
		for i-dash < 2 && c.At(dash-1) == '-' {
			dash--
		}
		if isAlnum(c.At(dash - 1)) {
			return // a dash of prose
		}
		k := end + 1
		if c.Has(k, "pass:") {
			k += len("pass:")
		} else if hasFold(c.Text, i, "-passin") || hasFold(c.Text, i, "-passout") {
			return
		}
		if hasFold(c.Text, i, "-passw") || hasFold(c.Text, i, "-pass ") && k == end+1 {
			judgeArgument(c.text, i, wordAt(c.text, k).span, c.At(end), c.emit)
			return
		}
		c.value(k)
	case hasFold(c.Text, i, "sshpass"):
		if k := i + len("sshpass -p"); isGraph(c.At(k)) && c.Has(i+len("sshpass "), "-p") {
			c.value(k)
		}
	default:
		c.glued(i + len(name))
	}
}

// glued looks for -pPASSWORD among the arguments from i on, as clients of MySQL take it.
func (c command) glued(i int) {
	sep := c.At(i)
	for limit := i + maxCommand; i < limit && c.At(i) == sep; {
		end := run(c.Text, i+1, maxCommand, isGraph)
		if end == i+1 {
			return
		}
		if c.Has(i+1, "-p") && end > i+4 {
			c.value(i + len(" -p"))
			return
		}
		i = end
	}
}

// runs reports whether the command line before i is of a program that takes a password behind
// the option.
func (c command) runs(i int, option string) bool {
	names := programsOf(option)
	if len(names) == 0 {
		return false
	}
	login := false
	sep := c.At(i)
	for end, limit := i, i-maxCommand; end > limit; {
		start := end
		for start > limit && isGraph(c.At(start-1)) {
			start--
		}
		if start == end && sep == 0 || start == limit {
			return false // an empty argument is where argv begins
		}
		word := start
		for k := start; k < end; k++ {
			if c := c.At(k); c == '/' || c == '(' || isQuote(c) {
				word = k + 1
			}
		}
		name := string(c.Append(nil, word, end))
		if slices.Contains(names, name) {
			return true
		}
		if option == "-p" {
			switch name {
			case "login":
				login = true
			case "docker", "podman", "nerdctl", "helm", "oc", "az", "skopeo", "buildah", "oras":
				return login
			}
		}
		if before := c.At(start - 1); before != sep && before != ' ' {
			return false
		}
		end = start - 1
	}
	return false
}
