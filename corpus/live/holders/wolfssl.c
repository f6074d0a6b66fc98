#include <wolfssl/options.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/rsa.h>
#include "holder.h"

static RsaKey rsa;
static ecc_key ec;
static Aes gcm;
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;

/* der_of returns the traditional structure in a PEM file of PKCS #8. */
static unsigned char *der_of(const char *path, int *n) {
	size_t len;
	unsigned char *p = read_file(path, &len), *der = calloc(1, len);
	*n = wc_KeyPemToDer(p, (int)len, der, (int)len, NULL);
	must(*n > 0, path);
	free(p);
	return der;
}

static void load(char **files) {
	int n;
	word32 at = 0;
	wolfSSL_Init();
	unsigned char *der = der_of(files[0], &n);
	must(wc_InitRsaKey(&rsa, NULL) == 0, "init");
	must(wc_RsaPrivateKeyDecode(der, &at, &rsa, n) == 0, files[0]);
	free(der);
	at = 0;
	der = der_of(files[1], &n);
	must(wc_ecc_init(&ec) == 0, "init");
	must(wc_EccPrivateKeyDecode(der, &at, &ec, n) == 0, files[1]);
	free(der);
	unsigned char aes[32];
	secret_of(files[3], aes);
	must(wc_AesInit(&gcm, NULL, INVALID_DEVID) == 0, "gcm");
	must(wc_AesGcmSetKey(&gcm, aes, sizeof aes) == 0, "gcm");
	wipe(aes, sizeof aes);
}

static void use(int thread) {
	WC_RNG rng;
	unsigned char hash[32] = {thread}, sig[1024];
	word32 n = sizeof sig;
	must(wc_InitRng(&rng) == 0, "seeding");
	pthread_mutex_lock(&one);
#ifdef WC_RSA_BLINDING
	wc_RsaSetRNG(&rsa, &rng);
#endif
	must(wc_RsaSSL_Sign(hash, sizeof hash, sig, sizeof sig, &rsa, &rng) > 0, "signing");
	must(wc_ecc_sign_hash(hash, sizeof hash, sig, &n, &rng, &ec) == 0, "signing");
	pthread_mutex_unlock(&one);
	wc_FreeRng(&rng);
	unsigned char iv[12] = {1}, text[64] = "text", out[64], tag[16];
	pthread_mutex_lock(&cipher);
	must(wc_AesGcmEncrypt(&gcm, out, text, sizeof text, iv, sizeof iv, tag, sizeof tag, NULL, 0) == 0, "gcm");
	pthread_mutex_unlock(&cipher);
}
