package secret

import (
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
)

// Public is data that looks like a secret to a hasty reader and holds none.
type Public struct {
	Name string
	Data []byte
}

// Decoys returns the public halves of fresh keys in every encoding, and the
// texts that only speak of keys. None of it may be found.
func Decoys(src *Source) []Public {
	ds := publicKeys(src)
	ds = append(ds, publicTexts(src)...)
	ds = append(ds, mentions()...)
	return append(ds, lookalikes(src)...)
}

func publicKeys(src *Source) (ds []Public) {
	add := func(name string, data []byte) { ds = append(ds, Public{name, data}) }
	ca, k := src.rsaOf(1024), src.rsaOf(1024)
	for _, serial := range []int64{0, 1, 1<<40 + int64(src.IntN(1<<30))} {
		add(fmt.Sprintf("certificate-serial-%d", serial), ca.certificate(serial, "www.example.org", k.spki()))
	}
	add("pkcs1-public", k.public().der().b)
	add("spki-rsa", k.spki().der().b)
	add("cng-rsa1", k.cngPublic().b)
	add("capi-public", k.capiPublic(calgKeyX).b)
	add("ssh-wire-rsa", k.ssh().public.b)
	add("jks-trust-store", trustStore(ca.certificate(3, "root", k.spki())))
	for _, c := range curves() {
		e := src.ec(c)
		add("spki-"+c.name, e.spki().der().b)
		add("cng-ecdsa-"+c.name, e.cngPublic('S').b)
		add("cng-ecdh-"+c.name, e.cngPublic('K').b)
		add("ssh-wire-"+c.ssh, e.sshKey().public.b)
		add("certificate-"+c.name, ca.certificate(2, "ec.example.org", e.spki()))
	}
	ed, x := src.ed25519(), src.x25519()
	add("spki-ed25519", ed.spki().der().b)
	add("spki-x25519", x.spki().der().b)
	add("ssh-wire-ed25519", ed.ssh().public.b)
	for i := range 3 {
		add(fmt.Sprintf("spki-ml-dsa-%d", i), src.mldsa(i).spki().der().b)
		add(fmt.Sprintf("spki-ml-kem-%d", i), src.mlkem(i).spki().der().b)
	}
	for _, p := range []pgpKey{k, ed} {
		algorithm, public, _ := p.pgp()
		var m marked
		m.pgpPacket(6, true, pgpPublic(algorithm, public))
		add("pgp-public-packet", m.b)
		m.app(pgpUser())
		add("pgp-public-armor", armor("PUBLIC KEY", m).b)
	}
	return ds
}

func publicTexts(src *Source) (ds []Public) {
	add := func(name string, m marked) {
		ds = append(ds, Public{name, m.b}, Public{name + "-utf16le", Widen(m.b)})
	}
	k, e, ed := src.rsaOf(1024), src.ec(curves()[0]), src.ed25519()
	cert := marked{b: k.certificate(0, "pem.example.org", k.spki())}
	for _, style := range pemStyles()[:3] {
		add("pem-certificate-"+style.name, pem("CERTIFICATE", cert, style))
		add("pem-public-rsa-"+style.name, pem("RSA PUBLIC KEY", k.public().der(), style))
		add("pem-public-"+style.name, pem("PUBLIC KEY", e.spki().der(), style))
	}
	for _, style := range jsonStyles() {
		add("jwk-public-rsa-"+style.name, src.json(public(k.jwk()), style))
		add("jwk-public-ec-"+style.name, src.json(public(e.jwk()), style))
		add("jwk-public-okp-"+style.name, src.json(public(ed.jwk()), style))
		add("jwks-public-"+style.name, src.jwks(style, public(k.jwk()), public(e.jwk())))
	}
	for _, s := range []sshKey{k.ssh(), e.sshKey(), ed.ssh()} {
		line := s.name + " " + base64.StdEncoding.EncodeToString(s.public.b) + " deploy@build-7\n"
		add("authorized-keys", marked{b: []byte(line)})
	}
	return ds
}

// mentions are texts of programs and manuals that name keys.
func mentions() []Public {
	begin, end := "-----BEGIN ", "-----END "
	texts := []string{
		begin + "PRIVATE KEY-----\n%s\n" + end + "PRIVATE KEY-----\n",
		begin + "%s PRIVATE KEY-----\x00" + end + "%s PRIVATE KEY-----\x00",
		begin + "RSA PRIVATE KEY-----\x00" + begin + "EC PRIVATE KEY-----\x00" + begin + "OPENSSH PRIVATE KEY-----\n\x00",
		"if strings.HasPrefix(s, \"" + begin + "PRIVATE KEY-----\") { return errNotPEM }",
		"expected " + begin + "ENCRYPTED PRIVATE KEY----- but the file starts with something else\x00",
		begin + "PRIVATE KEY-----\n...\n" + end + "PRIVATE KEY-----\n",
		begin + "RSA PRIVATE KEY-----\nMII[snipped]\n" + end + "RSA PRIVATE KEY-----\n",
		begin + "PGP PRIVATE KEY BLOCK-----\n\n<your key here>\n" + end + "PGP PRIVATE KEY BLOCK-----\n",
		"PuTTY-User-Key-File-2: \x00PuTTY-User-Key-File-3: \x00Private-Lines: \x00Private-MAC: \x00",
		"openssh-key-v1\x00\x00aes256-ctr\x00bcrypt\x00",
		`{"kty":"RSA","d":"%s","n":"%s"} {"kty":"","crv":"","x":"","y":"","d":""}`,
		`json:"kty" json:"d,omitempty" json:"p,omitempty" json:"q,omitempty" json:"dp,omitempty" json:"k,omitempty"`,
		"eyJ eyJhbGciOiJ header.payload.signature Authorization: Bearer <token>",
		"RSA1 RSA2 RSA3 ECS1 ECS2 ECK1 ECK2 KDBM RSAPRIVATEBLOB ECCPRIVATEBLOB CAPIPRIVATEBLOB",
		"ssh-rsa,ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,rsa-sha2-512",
	}
	var ds []Public
	for i, t := range texts {
		ds = append(ds, Public{fmt.Sprintf("mention-%d", i), []byte(t)})
		ds = append(ds, Public{fmt.Sprintf("mention-%d-utf16le", i), Widen([]byte(t))})
	}
	return ds
}

// lookalikes are random data under headers and alphabets that keys use too.
func lookalikes(src *Source) (ds []Public) {
	add := func(name string, data []byte) { ds = append(ds, Public{name, data}) }
	std := base64.StdEncoding.EncodeToString
	add("base64-line", []byte(std(src.Bytes(300+src.IntN(600)))+"\n"))
	var m marked
	m.base64(marked{b: src.Bytes(1200)}, pemStyle{eol: "\n", width: pemWidth})
	add("base64-lines", m.b)
	add("base64url", []byte(b64(src.Bytes(400))))
	add("base64-json", []byte(std([]byte(`{"version":3,"sources":["app.js","lib.js"],"names":["a","b"],"mappings":"AAAA"}`))))
	add("source-map-url", []byte("//# sourceMappingURL=data:application/json;base64,"+
		b64([]byte(`{"version":3,"file":"bundle.js","sourcesContent":["export default 1"]}`))))
	add("data-url", []byte("data:image/png;base64,iVBORw0KGgo"+std(src.Bytes(500))))
	add("dotted-name", []byte(strings.Repeat("com.example.service.internal.Handler.", 4)))
	for _, n := range []int{32, 64, 176, 240, 1024, 4096} {
		add(fmt.Sprintf("random-%d", n), src.Bytes(n))
	}
	hex := fmt.Sprintf("%x", src.Bytes(32))
	add("sha256sum", []byte(hex+"  release.tar.gz\n"))
	// A SEQUENCE of small INTEGERs, as SNMP and LDAP messages hold them.
	add("der-integers", seq(small(0), small(1), small(65537), small(7), octets([]byte("public"))).der().b)
	add("ecdsa-signature", seq(num(new(big.Int).SetBytes(src.Bytes(32))), num(new(big.Int).SetBytes(src.Bytes(32)))).der().b)
	return ds
}
