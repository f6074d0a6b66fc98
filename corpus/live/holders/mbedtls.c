#include "holder.h"
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/gcm.h>
#include <mbedtls/md.h>
#include <mbedtls/pk.h>

static mbedtls_pk_context keys[2];
static mbedtls_gcm_context gcm;
static mbedtls_entropy_context entropy;
static pthread_mutex_t seeding = PTHREAD_MUTEX_INITIALIZER;

static void load(char **files) {
	for (int i = 0; i < 2; i++) {
		mbedtls_pk_init(&keys[i]);
		must(mbedtls_pk_parse_keyfile(&keys[i], files[i], NULL) == 0, files[i]);
	}
	unsigned char aes[32];
	secret_of(files[3], aes);
	mbedtls_gcm_init(&gcm);
	must(mbedtls_gcm_setkey(&gcm, MBEDTLS_CIPHER_ID_AES, aes, 256) == 0, "gcm");
	wipe(aes, sizeof aes);
	mbedtls_entropy_init(&entropy);
}

static void use(int thread) {
	mbedtls_ctr_drbg_context rng;
	mbedtls_ctr_drbg_init(&rng);
	pthread_mutex_lock(&seeding);
	must(mbedtls_ctr_drbg_seed(&rng, mbedtls_entropy_func, &entropy, NULL, 0) == 0, "seeding");
	pthread_mutex_unlock(&seeding);
	/* A key of this library is not for several threads at once. */
	mbedtls_pk_context *k = &keys[thread % 2];
	static pthread_mutex_t one[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
	for (int i = 0; i < 2; i++, k = &keys[(thread + i) % 2]) {
		unsigned char hash[32] = {thread}, sig[1024];
		size_t n;
		pthread_mutex_lock(&one[k - keys]);
		must(mbedtls_pk_sign(k, MBEDTLS_MD_SHA256, hash, sizeof hash, sig, &n, mbedtls_ctr_drbg_random, &rng) == 0, "signing");
		pthread_mutex_unlock(&one[k - keys]);
	}
	unsigned char iv[12] = {1}, text[64] = "text", out[64], tag[16];
	pthread_mutex_lock(&cipher);
	must(mbedtls_gcm_crypt_and_tag(&gcm, MBEDTLS_GCM_ENCRYPT, sizeof text, iv, sizeof iv, NULL, 0, text, out, sizeof tag, tag) == 0, "gcm");
	pthread_mutex_unlock(&cipher);
	mbedtls_ctr_drbg_free(&rng);
}
