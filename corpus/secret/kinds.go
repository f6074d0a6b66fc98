package secret

// The kinds, as reports name them.
const (
	KindRSA       = "rsa-private-key"
	KindEC        = "ec-private-key"
	KindEd25519   = "ed25519-private-key"
	KindX25519    = "x25519-private-key"
	KindMLDSA     = "ml-dsa-private-key"
	KindMLKEM     = "ml-kem-private-key"
	KindEncrypted = "encrypted-private-key"
	KindPGP       = "pgp-secret-key"
	KindSymmetric = "symmetric-key"
	KindPKCS12    = "pkcs12-keystore"
	KindJava      = "java-keystore"
	KindJWT       = "jwt"
	KindJWE       = "jwe"
	KindAES       = "aes-key-schedule"
	KindEd448     = "ed448-private-key"
	KindX448      = "x448-private-key"
	KindSM4       = "sm4-key-schedule"
	KindARIA      = "aria-key-schedule"
	KindCamellia  = "camellia-key-schedule"
	KindDES       = "des-key-schedule"
	KindChaCha    = "chacha20-state"
	KindSalsa     = "salsa20-state"
	KindHMAC      = "hmac-key"
	KindTLS       = "tls-secret"
)
