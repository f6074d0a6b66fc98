package context

import (
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// nouns are words that programs put before "key" when it is one of a map, a table, a message
// or a keyboard, or the public one of a pair. Any other word is taken for the name of whoever
// gave out the key: there are more providers than a list could hold.
const nouns = ` a action actor agg aggregate alert alias alt and any app apt arg array arrow artifact asset attr attribute audio audit ` +
	` avatar b back base batch blob block board bool branch breadcrumb bucket build bundle business button buffer bytes ` +
	` c ca call callback candidate card cart catalog category cell cert certificate channel char chart check child chunk ` +
	` class cluster cmp code coll collection column com command comment commit common company compare component composite ` +
	` concat condition config connection const consistency constraint consumer content context control cookie coord ` +
	` correlation count country css csv ctrl cur current currency cursor custom customer d data database dataset date day ` +
	` deb debug decl dedup def default delete dep dependency depth der deployment des desc descriptor device dh diff digest ` +
	` dimension dir direction dispatch dns doc docs document domain down draft dst dup duplicate dynamic each ecdh ecdsa ed25519 ` +
	` edge edit elem element else email empty enc end entity entry enum env environment error escape etag event exclude ` +
	` exists ext extension extra facet factory fallback feature field file filter final fingerprint first flag fn ` +
	` folder for form format frame from front func g generic geo get global go gpg grade graph grid group guid h handler has ` +
	` hash head header heap history hit home hook hotkey html http i i18n icon id idempotency identity idx if image import ` +
	` in inner input insert instance int internal is issuer item iter iterator j job join json jwk jwks k kex key kernel keyboard kind ` +
	` l label lang language last layer layout leaf left len let level line link list listener local locale lock log logical long ` +
	` m mac main major map mapping mask match max media member menu merge message meta metadata method metric min minor ` +
	` mod mode model module month mouse msg mt multi mutation mutex my n name namespace natural nav nested network new node ` +
	` none normal not null num number o obj object observer of offset old on op open openpgp option options or order org ` +
	` organization origin other out outer output owner p package packet page pair panel param parameter parent parse ` +
	` part patch path pattern payload peer pem pending perm permission person pgp phase photo pick pin pipeline pixel ` +
	` placement player plugin pod point policy pool pos position post pref preference prefix press presence prev primitive ` +
	` print process producer product profile prop property props provider ps q quality query queue r range rank rate raw react ` +
	` reaction read real record reducer redux ref reference region registration registry regex relation release remote ` +
	` remove render replace report req request res reservation resource response result return reverse revision rh right role ` +
	` room root route router routing row rsa rule run s s3 same sample save schedule schema scope score screen script scroll ` +
	` search section segment select selected selector semaphore sensor sequence series set setting settings shape shard sheet ` +
	` shift shortcut side sig signal signature signer site size slice slot slug smart socket some sorted source space span spec split sql src ` +
	` ssh stack stage start stat state static stats status step stop store str stream string struct struct style sub subject ` +
	` subkey subscriber suffix super surrogate switch symbol system t tab table tag target task team temp template tenant term test ` +
	` text theme there this thread threshold thumb thumbnail tile time timer timestamp title tls tmp to toggle tool topic total trace ` +
	` track transaction transition translation translate tree trigger trust trusted type u ui uid unit up update upload url user ` +
	` uuid v val valid validation value values var variable variant vec vector vendor verify verifying version video view ` +
	` vote w wait weak web week widget wifi window with word worker workflow workspace wrap x x509 xml y yaml year z zip zone ` +
	` publishable published `

// noun reports whether w, which is in lower case, is one of them, or its plural.
func noun(w string) bool {
	return strings.Contains(nouns, " "+w+" ") || strings.Contains(nouns, " "+strings.TrimSuffix(w, "s")+" ")
}

// minBranded is the fewest characters of a key that has only somebody's name before it, and
// minMixed that of one in which small letters, capitals and digits are mixed, as in no number.
const (
	minBranded = 20
	minMixed   = 16
)

// branded reports whether the value s, which is random, is a key that somebody gave out: its
// name n is that of no thing, and "key".
func branded(t probe.Text, n ident, s span) bool {
	if s.len() < minBranded && !mixedIn(t, s) || public(t, s) {
		return false
	}
	end := n.end
	for end > n.start && (isDigit(t.At(end-1)) || t.At(end-1) == '_') {
		end--
	}
	end -= len("key")
	if end <= n.start || !hasFold(t, end, "key") {
		return false
	}
	if c := t.At(end - 1); isAlnum(c) && !(isUpper(t.At(end)) && !isUpper(c)) {
		return false // hotkey, monkey
	}
	for end > n.start && !isAlnum(t.At(end-1)) {
		end--
	}
	var w [maxName]byte
	k := len(w)
	for i := end - 1; i >= n.start && isAlnum(t.At(i)) && k > 0; i-- {
		k--
		w[k] = lower(t.At(i))
		if isUpper(t.At(i)) && (isLower(t.At(i+1)) || isLower(t.At(i-1))) {
			break // the word of a name in camel case begins here
		}
	}
	return len(w)-k >= 3 && kindOfWord(w[k:]) == "" && !noun(string(w[k:]))
}

// mixedIn reports whether s is short and mixed.
func mixedIn(t probe.Text, s span) bool {
	var buf [minBranded]byte
	c := count(t.Append(buf[:0], s.start, s.end))
	return s.len() >= minMixed && c.upper > 1 && c.lower > 1 && c.digit > 1
}

// public reports whether s is a public key, or a UUID, which names things more often than it
// opens them.
func public(t probe.Text, s span) bool {
	for _, p := range [...]string{"MII", "MFk", "MCo", "AAAA", "ssh-", "age1", "pk_", "pub-"} {
		if t.Has(s.start, p) {
			return true
		}
	}
	return s.len() == 36 && t.At(s.start+8) == '-' && t.At(s.start+13) == '-' && t.At(s.start+18) == '-' && t.At(s.start+23) == '-'
}

// called reports whether the word before the name n, which is "key", says that it is a secret
// one, as in "API key: …".
func called(t probe.Text, n ident) bool {
	if n.len() != len("key") || !isBlank(t.At(n.start-1)) || !hasFold(t, n.start, "key") {
		return false
	}
	var w [16]byte
	k := len(w)
	for i := n.start - 2; k > 0 && isLetter(t.At(i)); i-- {
		k--
		w[k] = lower(t.At(i))
	}
	return k > 0 && k < len(w) && kindOfWord(w[k:]) == "key"
}

// queried reports whether n is the parameter of a request to an API: its host or its path
// says so.
func queried(t probe.Text, n ident) bool {
	const most = 256
	i := n.start - 1
	if c := t.At(i); c != '?' && c != '&' || n.len() != len("key") {
		return false
	}
	named := false
	for ; n.start-i < most && isGraph(t.At(i)) && !isQuote(t.At(i)); i-- {
		switch {
		case t.Has(i, "://"):
			return named || hasFold(t, i+len("://"), "api")
		case hasFold(t, i, ".api."), hasFold(t, i, "apis."), hasFold(t, i, "/api/"), hasFold(t, i, "-api."), t.Has(i, "/v") && isDigit(t.At(i+2)):
			named = true
		}
	}
	return false
}
