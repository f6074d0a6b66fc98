package context

import (
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// operands is the detector of passwords that only their place among the arguments of a
// program tells.
type operands struct{}

// NewOperand returns the detector of passwords by their place in command lines.
func NewOperand() probe.Detector { return operands{} }

// Spec implements [probe.Detector].
func (operands) Spec() probe.Spec {
	s := probe.Spec{
		ID: "operand-password", About: "passwords by their place among the arguments of programs, in command lines and argv",
		Kinds: []string{Password}, Text: true, Fold: true, Before: 64, After: 2*maxCommand + 64,
	}
	for _, u := range usages {
		for _, sep := range []string{" ", "\x00"} {
			for _, w := range u.words {
				s.Anchors = append(s.Anchors, strings.ReplaceAll(u.program+" "+w, " ", sep)+sep)
			}
			if len(u.words) == 0 {
				s.Anchors = append(s.Anchors, u.program+sep)
			}
		}
	}
	return s
}

// usage says where among its arguments a program takes a password.
type usage struct {
	program  string
	words    []string // of which one is the first argument
	password func(arguments) argument
}

// usages are from the manual pages of the programs and what they print of their usage.
var usages = append([]usage{
	{"htpasswd", nil, batch}, {"htpasswd.exe", nil, batch}, {"mosquitto_passwd", nil, batch},
	{"net", []string{"user"}, operand(1)}, {"net.exe", []string{"user"}, operand(1)},
	{"net", []string{"use"}, share}, {"net.exe", []string{"use"}, share},
	{"rabbitmqctl", []string{"add_user", "change_password", "authenticate_user"}, operand(1)},
	{"ejabberdctl", []string{"register", "change_password"}, operand(2)}, {"prosodyctl", []string{"register"}, operand(2)},
	{"wpa_passphrase", nil, operand(1)}, {"cf", []string{"auth"}, operand(1)}, {"mysqladmin", nil, changed},
	{"sqlplus", nil, divided}, {"sqlldr", nil, divided}, {"expdp", nil, divided}, {"impdp", nil, divided}, {"rman", []string{"target"}, divided},
	{"configure", []string{"set"}, variable}, {"config", []string{"set", "--global", "--add"}, variable},
	{"7z", []string{"a", "x", "e", "t", "l", "u"}, behind("-p")}, {"7za", []string{"a", "x", "e"}, behind("-p", "-hp")}, {"7zz", []string{"a", "x", "e"}, behind("-p", "-hp")},
	{"7z.exe", []string{"a", "x", "e"}, behind("-p", "-hp")}, {"rar", []string{"a", "x"}, behind("-p", "-hp")}, {"unrar", []string{"x", "e"}, behind("-p", "-hp")},
	{"zip", nil, behind("-P")}, {"unzip", nil, behind("-P")}, {"sqlcmd", nil, behind("-P")}, {"bcp", nil, behind("-P")}, {"ssh-keygen", nil, optionValue("-N")}, {"ssh-keygen", nil, optionValue("-P")},
	{"secret", []string{"set"}, optionValue("--value", "--body")}, {"setx", nil, variable}, {"convertto-securestring", nil, operand(0)},
	{"composer", []string{"config"}, registry}, {"poetry", []string{"config"}, registry},
	{"cargo", []string{"login"}, operand(0)}, {"authtoken", nil, operand(0)}, {"add-authtoken", nil, operand(0)}, {"redis-cli", nil, auth},
	{"snmpwalk", nil, optionValue("-A")}, {"snmpwalk", nil, optionValue("-X")}, {"snmpget", nil, optionValue("-A")}, {"snmpget", nil, optionValue("-X")},
	{"nmcli", nil, changed}, {"lftp", nil, logins(',', "-u", "--user")},
	{"curl", nil, logins(':', "-u", "-U", "--proxy-user", "--user")}, {"etcdctl", nil, logins(':', "--user")}, {"http", nil, logins(':', "-a", "--auth")},
	{"smbclient", nil, samba}, {"rpcclient", nil, samba}, {"smbget", nil, samba}, {"smbcacls", nil, samba}, {"winexe", nil, samba},
	{"net", []string{"rpc", "ads"}, samba},
}, scripts()...)

// scripts are the usages of impacket's, which take [domain/]user:password@host.
func scripts() []usage {
	var us []usage
	for _, name := range [...]string{
		"secretsdump", "psexec", "smbexec", "wmiexec", "atexec", "dcomexec", "smbclient", "mssqlclient", "lookupsid", "samrdump",
		"gettgt", "getuserspns", "getnpusers", "getadusers",
	} {
		us = append(us, usage{name + ".py", nil, target}, usage{"impacket-" + name, nil, target})
	}
	return us
}

// Detect implements [probe.Detector].
func (operands) Detect(v probe.View, emit func(probe.Match)) {
	t, at := textOf(v)
	if c := t.At(at - 1); isAlnum(c) || c == '_' || c == '-' || c == '.' {
		return
	}
	for _, u := range usages {
		if !hasFold(t.Text, at, u.program) {
			continue
		}
		i := at + len(u.program)
		sep := t.At(i)
		if sep != ' ' && sep != 0 {
			continue
		}
		for _, w := range u.words {
			if k := i + 1 + len(w); hasFold(t.Text, i+1, w) && t.At(k) == sep {
				i = k
				break
			}
		}
		if len(u.words) > 0 && (i == at+len(u.program) || u.program == "net" && prose(t, at)) {
			continue
		}
		list := argumentsAt(t, i)
		if a := u.password(list); a.len() >= minSecret {
			judgeArgument(t, at, a.span, sep, emit)
		}
	}
}

// judgeArgument judges what stands where a program takes a password. In a line of text,
// which may be prose, words are none; in an argument vector they are.
func judgeArgument(t text, start int, s span, sep byte, emit func(probe.Match)) {
	least := chosen
	if sep == 0 {
		least = word
	}
	switch g := gradeOf(t.Text, s, false); {
	case g == nothing, g < least && g != numbered:
	default:
		found{kind: Password, confidence: probe.Likely, whole: span{start, s.end}, secret: s}.emitTo(t, emit)
	}
}

// prose reports whether the word before i is one of letters, as in sentences: programs that
// have the names of common words are not written behind one.
func prose(t text, i int) bool {
	if t.At(i-1) != ' ' || !isLetter(t.At(i-2)) {
		return false
	}
	k := i - 2
	for i-k < maxName && isLetter(t.At(k)) {
		k--
	}
	return isBlank(t.At(k)) && !t.Has(k+1, "sudo ") && !t.Has(k+1, "exec ")
}
