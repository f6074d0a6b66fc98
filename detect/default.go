package detect

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/aeskey"
	"github.com/dumpscrub/dumpscrub/detect/cipherkeys"
	"github.com/dumpscrub/dumpscrub/detect/context"
	"github.com/dumpscrub/dumpscrub/detect/digitpair"
	"github.com/dumpscrub/dumpscrub/detect/ecpair"
	"github.com/dumpscrub/dumpscrub/detect/ecscalar"
	"github.com/dumpscrub/dumpscrub/detect/encoded"
	"github.com/dumpscrub/dumpscrub/detect/hpack"
	"github.com/dumpscrub/dumpscrub/detect/jose"
	"github.com/dumpscrub/dumpscrub/detect/keyder"
	"github.com/dumpscrub/dumpscrub/detect/keystore"
	"github.com/dumpscrub/dumpscrub/detect/keytail"
	"github.com/dumpscrub/dumpscrub/detect/mnemonic"
	"github.com/dumpscrub/dumpscrub/detect/openssh"
	"github.com/dumpscrub/dumpscrub/detect/pem"
	"github.com/dumpscrub/dumpscrub/detect/pgp"
	"github.com/dumpscrub/dumpscrub/detect/pkcs12"
	"github.com/dumpscrub/dumpscrub/detect/pqpair"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/publickey"
	"github.com/dumpscrub/dumpscrub/detect/putty"
	"github.com/dumpscrub/dumpscrub/detect/randomrun"
	"github.com/dumpscrub/dumpscrub/detect/rsapair"
	"github.com/dumpscrub/dumpscrub/detect/storepass"
	"github.com/dumpscrub/dumpscrub/detect/tlssecret"
	"github.com/dumpscrub/dumpscrub/detect/tokens"
	"github.com/dumpscrub/dumpscrub/detect/tokens/azurekey"
	"github.com/dumpscrub/dumpscrub/detect/winkeys"
	"github.com/dumpscrub/dumpscrub/detect/wrapped"
)

// Default returns all detectors. Where two see the same bytes in the same way,
// the one that stands first is reported.
func Default() []probe.Detector { return With(nil) }

// With returns all detectors, and before them rules of a user, which see what is decoded too.
func With(rules []probe.Detector) []probe.Detector {
	return Encoded(slices.Concat(rules, direct()))
}

// Encoded returns ds, and behind them the detectors of what they find in base64,
// hexadecimal, percent-encoding and JSON's escapes, and in header fields of HTTP/2. Of detectors that contradict
// the contract it returns ds alone: a searcher will say what is wrong with them.
func Encoded(ds []probe.Detector) []probe.Detector {
	more, err := encoded.New(ds)
	if err != nil {
		return ds
	}
	fields, err := hpack.New(ds)
	if err != nil {
		return ds
	}
	return slices.Concat(ds, more, fields)
}

// direct returns the detectors of secrets as they lie there.
func direct() []probe.Detector {
	return slices.Concat([]probe.Detector{
		pem.New(),
		putty.New(),
		keystore.New(),
		pkcs12.Keystore(),
		keyder.PKCS8(),
		keyder.PKCS1(),
		keyder.SEC1(),
		keyder.DSA(),
		keyder.EncryptedPKCS8(),
		openssh.NewBlob(),
		openssh.NewSection(),
		pgp.NewPacket(),
		pgp.NewFields(),
		pgp.NewSexp(),
		pgp.NewSexpText(),
		pgp.NewSexpNative(),
		winkeys.NewCNG(),
		winkeys.NewCAPI(),
		winkeys.NewPlaintext(),
		winkeys.NewSymCrypt(),
		jose.JWK(),
		jose.JWT(),
		jose.JWE(),
		aeskey.New(),
		aeskey.NewVPAES(),
		cipherkeys.NewSM4(),
		cipherkeys.NewDES(),
		cipherkeys.NewCamellia(),
		cipherkeys.NewCamelliaFolded(),
		cipherkeys.NewARIA(),
		cipherkeys.NewChaCha(),
		cipherkeys.NewHMAC(),
		cipherkeys.NewHMACState(),
		cipherkeys.NewHashState(),
		tlssecret.NewSession(),
		tlssecret.NewPacked(),
		wrapped.NewKeyLog(),
		wrapped.NewAge(),
		wrapped.NewWireGuard(),
		wrapped.NewOpenVPN(),
		wrapped.NewSignify(),
		wrapped.NewMinisignTail(),
		wrapped.NewKeytab(),
		wrapped.NewCredentialCache(),
		wrapped.NewKerberosEntry(),
		wrapped.NewEncryptionKey(),
		wrapped.NewDPAPIBlob(),
		wrapped.NewDPAPIHex(),
		wrapped.NewDPAPIMasterKeyFile(),
		wrapped.NewDPAPIMasterKeyCache(),
		wrapped.NewBCryptKey(),
		wrapped.NewBKS(),
		wrapped.NewUBER(),
		rsapair.New(),
		keytail.RSA(),
		keytail.EC(),
		keytail.DSA(),
		azurekey.New(),
		mnemonic.New(),
	}, tokens.Detectors(), []probe.Detector{
		context.NewNamed(),
		context.NewURL(),
		context.NewAuthorization(),
		context.NewCookie(),
		context.NewPasswordHash(),
		context.NewPasswordFile(),
		context.NewSharedAccess(),
		context.NewSAML(),
		context.NewKubernetes(),
		context.NewSourceName(),
		context.NewStatement(),
		context.NewCryptoCall(),
		context.NewCommand(),
		context.NewOperand(),
		context.NewPiped(),
		context.NewSignedURL(),
		context.NewAppToken(),
	})
}

// Statistical returns the detectors of what nothing explains. They stand behind
// all others, and report possible secrets only.
func Statistical() []probe.Detector { return []probe.Detector{randomrun.New()} }

// Deep returns further detectors of the first pass of deep runs, which cost too much for
// fast ones.
func Deep() []probe.Detector {
	return []probe.Detector{aeskey.NewArrays(), ecpair.New(), pqpair.New(), digitpair.New()}
}

// Harvesters returns the detectors that find public keys, randoms of TLS connections and
// tokens without an end, the facts of the second pass. They redact nothing.
func Harvesters() []probe.Detector {
	return slices.Concat(publickey.Detectors(), digitpair.Points(), ecscalar.Limbs(), tlssecret.Randoms(), storepass.Keys(), tokens.Glued())
}
