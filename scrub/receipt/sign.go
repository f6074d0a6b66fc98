package receipt

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
)

// Marshal returns s as the bytes of a receipt file, signed when key is not nil.
func Marshal(ctx context.Context, s Statement, key ed25519.PrivateKey) ([]byte, error) {
	if key == nil {
		out, err := json.MarshalIndent(s, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("writing the receipt: %w", err)
		}
		return append(out, '\n'), nil
	}
	payload, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("writing the receipt: %w", err)
	}
	signer, err := dsse.NewEnvelopeSigner(keyPair{public: key.Public().(ed25519.PublicKey), private: key})
	if err != nil {
		return nil, fmt.Errorf("signing the receipt: %w", err)
	}
	env, err := signer.SignPayload(ctx, payloadType, payload)
	if err != nil {
		return nil, fmt.Errorf("signing the receipt: %w", err)
	}
	out, err := json.MarshalIndent(env, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing the receipt: %w", err)
	}
	return append(out, '\n'), nil
}

// Read parses the bytes of a receipt file. With a key, the receipt must be signed
// by it. Without one a signature is not looked at: the result then says what the
// file claims, not who claims it.
func Read(ctx context.Context, data []byte, key ed25519.PublicKey) (*Statement, error) {
	var env dsse.Envelope
	if err := json.Unmarshal(data, &env); err != nil {
		return nil, fmt.Errorf("%w: it is not JSON", ErrInvalid)
	}
	if env.Payload == "" && len(env.Signatures) == 0 {
		if key != nil {
			return nil, fmt.Errorf("%w: it is not signed at all", ErrSignature)
		}
		return parse(data)
	}
	if env.PayloadType != payloadType {
		return nil, fmt.Errorf("%w: the envelope holds something else", ErrInvalid)
	}
	if key != nil {
		v, err := dsse.NewEnvelopeVerifier(keyPair{public: key})
		if err != nil {
			return nil, fmt.Errorf("checking the receipt: %w", err)
		}
		if _, err := v.Verify(ctx, &env); err != nil {
			return nil, ErrSignature
		}
	}
	payload, err := env.DecodeB64Payload()
	if err != nil {
		return nil, fmt.Errorf("%w: the payload is not base64", ErrInvalid)
	}
	return parse(payload)
}

// keyPair is an Ed25519 key in the form in which the DSSE library takes signers.
type keyPair struct {
	public  ed25519.PublicKey
	private ed25519.PrivateKey
}

func (k keyPair) Sign(_ context.Context, data []byte) ([]byte, error) {
	if k.private == nil {
		return nil, errors.New("no private key")
	}
	return ed25519.Sign(k.private, data), nil
}

func (k keyPair) Verify(_ context.Context, data, sig []byte) error {
	if !ed25519.Verify(k.public, data, sig) {
		return ErrSignature
	}
	return nil
}

// KeyID is the SHA-256 of the SubjectPublicKeyInfo, in hexadecimal.
func (k keyPair) KeyID() (string, error) {
	der, err := x509.MarshalPKIXPublicKey(k.public)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:]), nil
}

func (k keyPair) Public() crypto.PublicKey { return k.public }

// ParseSignKey reads an Ed25519 private key from PEM (PKCS #8, RFC 8410).
func ParseSignKey(data []byte) (ed25519.PrivateKey, error) {
	block, _ := pem.Decode(data)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, errors.New("the signing key is not a PEM file with a PRIVATE KEY")
	}
	defer clear(block.Bytes)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("the signing key is not PKCS #8")
	}
	ed, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, errors.New("the signing key is not an Ed25519 key")
	}
	return ed, nil
}

// ParseVerifyKey reads an Ed25519 public key from PEM (SubjectPublicKeyInfo, RFC
// 8410).
func ParseVerifyKey(data []byte) (ed25519.PublicKey, error) {
	block, _ := pem.Decode(data)
	if block == nil || block.Type != "PUBLIC KEY" {
		return nil, errors.New("the verification key is not a PEM file with a PUBLIC KEY")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, errors.New("the verification key is not a SubjectPublicKeyInfo")
	}
	ed, ok := key.(ed25519.PublicKey)
	if !ok {
		return nil, errors.New("the verification key is not an Ed25519 key")
	}
	return ed, nil
}
