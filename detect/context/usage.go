package context

import "strings"

// The places at which programs take a password. Each function returns the argument that is
// one, or an empty one.

// operand returns the operand with that index.
func operand(index int) func(arguments) argument {
	return func(a arguments) argument { return nth(a.operands(), index) }
}

func nth(list []argument, i int) argument {
	if i >= len(list) {
		return argument{}
	}
	return list[i]
}

// batch is for htpasswd and mosquitto_passwd: the password is the last operand with -b only;
// -n leaves the file out, and the cost of bcrypt, of SHA-2 or a count follows -C, -r and -I.
func batch(a arguments) argument {
	index, list := 2, []argument(nil)
	on, skip := false, false
	for _, arg := range a.list {
		switch {
		case skip:
			skip = false
		case a.At(arg.start) == '-' && !arg.quoted:
			for i := arg.start + 1; i < arg.end; i++ {
				switch a.At(i) {
				case 'b':
					on = true
				case 'n':
					index = 1
				case 'C', 'r', 'I':
					skip = i == arg.end-1
				}
			}
		default:
			list = append(list, arg)
		}
	}
	if !on {
		return argument{}
	}
	return nth(list, index)
}

// share is for "net use": the password follows the name of the share.
func share(a arguments) argument {
	for i, arg := range a.list {
		if a.Has(arg.start, `\\`) {
			next := nth(a.list, i+1)
			if hasFold(a.Text, next.start, "/user:") {
				next = nth(a.list, i+2)
			}
			if a.At(next.start) != '/' {
				return next
			}
		}
	}
	return argument{}
}

// changed is for programs to which the word "password" is an operand that the password follows.
func changed(a arguments) argument {
	list := a.operands()
	for i, arg := range list {
		if arg.len() == len("password") && hasFold(a.Text, arg.start, "password") || arg.len() > len(".psk") && a.Has(arg.end-len(".psk"), ".psk") {
			return nth(list, i+1)
		}
	}
	return argument{}
}

// variable is for "set NAME VALUE", where the name is of a secret.
func variable(a arguments) argument {
	list := a.operands()
	for i, arg := range list[:min(len(list), 2)] {
		name := arg.span
		if c := a.At(name.start); c == '/' {
			name.start = max(name.start, name.end-len(":_authToken")+1) // a registry of npm
		}
		if n := identAt(a.Text, name.end-1); n.role >= keyRole {
			return nth(list, i+1)
		}
	}
	return argument{}
}

// divided is for programs of Oracle: user/password[@service], the first operand or behind
// userid=.
func divided(a arguments) argument {
	list := a.operands()
	if len(list) == 0 {
		return argument{}
	}
	arg := list[0]
	if hasFold(a.Text, arg.start, "userid=") {
		arg.start += len("userid=")
	}
	slash := run(a.Text, arg.start, arg.len(), isName)
	if slash == arg.start || slash >= arg.end-1 || a.At(slash) != '/' {
		return argument{}
	}
	end := arg.end
	for k := arg.end - 1; k > slash+1; k-- {
		if a.At(k) == '@' {
			end = k
			if isName(a.At(k+1)) || a.Has(k+1, "//") || a.At(k+1) == '(' {
				break
			}
		}
	}
	s := span{slash + 1, end}
	if a.At(s.start) == '"' && a.At(s.end-1) == '"' {
		s = span{s.start + 1, s.end - 1}
	}
	return argument{span: s}
}

// target is for impacket: [domain/]user:password@host.
func target(a arguments) argument {
	for _, arg := range a.operands() {
		colon := run(a.Text, arg.start, arg.len(), func(c byte) bool { return isName(c) || c == '/' || c == '\\' || c == '$' || c == ' ' })
		if a.At(colon) != ':' || colon == arg.start {
			continue
		}
		for k := arg.end - 1; k > colon; k-- {
			if a.At(k) == '@' {
				return argument{span: span{colon + 1, k}}
			}
		}
	}
	return argument{}
}

// behind returns what stands behind one of these options in the same argument.
func behind(options ...string) func(arguments) argument {
	return func(a arguments) argument {
		for _, arg := range a.list {
			for _, o := range options {
				if s := (span{arg.start + len(o), arg.end}); !arg.quoted && a.Has(arg.start, o) && s.len() > 0 {
					if q := a.At(s.start); isQuote(q) {
						s = stringAt(a.text, s.start+1, 0, q)
					}
					return argument{span: s}
				}
			}
		}
		return argument{}
	}
}

// logins returns what stands behind the sign that divides it from a user's name in the
// argument behind one of these options, or in the same argument.
func logins(sign byte, options ...string) func(arguments) argument {
	return func(a arguments) argument {
		for i, arg := range a.list {
			for _, o := range options {
				if arg.quoted || !a.Has(arg.start, o) {
					continue
				}
				s := span{arg.start + len(o), arg.end}
				if s.len() == 0 {
					s = nth(a.list, i+1).span
				} else if a.At(s.start) == '=' {
					s.start++
				} else if strings.HasPrefix(o, "--") {
					continue
				}
				if q := a.At(s.start); isQuote(q) {
					s = stringAt(a.text, s.start+1, 0, q)
				}
				k := s.start
				for k < s.end && a.At(k) != sign {
					k++
				}
				if k > s.start && k < s.end {
					return argument{span: span{k + 1, s.end}}
				}
			}
		}
		return argument{}
	}
}

// samba is for clients of Samba: user%password.
var samba = logins('%', "-U", "--user")

// optionValue returns the argument behind one of these options.
func optionValue(names ...string) func(arguments) argument {
	return func(a arguments) argument {
		for i, arg := range a.list {
			for _, name := range names {
				if !arg.quoted && arg.len() == len(name) && a.Has(arg.start, name) {
					if next := nth(a.list, i+1); next.len() > 0 {
						return next
					}
				}
			}
		}
		return argument{}
	}
}

// registry is for the settings of package managers: http-basic.HOST USER PASSWORD, pypi-token.NAME
// TOKEN, github-oauth.HOST TOKEN.
func registry(a arguments) argument {
	list := a.operands()
	switch first := nth(list, 0); {
	case a.Has(first.start, "http-basic."):
		return nth(list, 2)
	case a.Has(first.start, "pypi-token."), a.Has(first.start, "github-oauth."), a.Has(first.start, "gitlab-token."):
		return nth(list, 1)
	}
	return argument{}
}

// auth is for clients of Redis: AUTH [user] password.
func auth(a arguments) argument {
	for i, arg := range a.list {
		if arg.len() == len("auth") && hasFold(a.Text, arg.start, "auth") {
			return a.list[min(i+2, len(a.list)-1)]
		}
	}
	return argument{}
}
