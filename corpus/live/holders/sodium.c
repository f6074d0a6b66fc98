#include "holder.h"
#include <sodium.h>

/* This library reads no files of keys: it takes the last 32 bytes of a PKCS #8
 * structure of an Ed25519 key (RFC 8410, section 7), which are the seed. */
static unsigned char secret[crypto_sign_SECRETKEYBYTES], public[crypto_sign_PUBLICKEYBYTES];
static crypto_aead_aes256gcm_state gcm;

static void load(char **files) {
	must(sodium_init() >= 0, "init");
	size_t n, der_len;
	unsigned char der[128], *p = read_file(files[2], &n);
	char *body = strchr((char *)p, '\n') + 1;
	must(sodium_base642bin(der, sizeof der, body, strcspn(body, "-"), "\n", &der_len, NULL, sodium_base64_VARIANT_ORIGINAL) == 0, "reading the key");
	crypto_sign_seed_keypair(public, secret, der + der_len - 32);
	sodium_memzero(der, sizeof der);
	free(p);
	unsigned char aes[32];
	secret_of(files[3], aes);
	must(crypto_aead_aes256gcm_beforenm(&gcm, aes) == 0, "gcm");
	wipe(aes, sizeof aes);
}

static void use(int thread) {
	unsigned char sig[crypto_sign_BYTES], iv[12] = {1}, text[64] = {thread}, out[80];
	unsigned long long n;
	crypto_sign_detached(sig, NULL, text, sizeof text, secret);
	must(crypto_sign_verify_detached(sig, text, sizeof text, public) == 0, "verifying");
	must(crypto_aead_aes256gcm_encrypt_afternm(out, &n, text, sizeof text, NULL, 0, NULL, iv, &gcm) == 0, "gcm");
}
