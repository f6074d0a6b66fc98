#include "holder.h"
#include <gcrypt.h>

/* This library reads S-expressions: each of these files holds one. */
static gcry_sexp_t keys[3];
static gcry_cipher_hd_t gcm;

static void load(char **files) {
	must(gcry_check_version(NULL) != NULL, "init");
	gcry_control(GCRYCTL_INIT_SECMEM, 65536, 0);
	gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
	for (int i = 0; i < 3; i++) {
		size_t n;
		unsigned char *p = read_file(files[i], &n);
		must(gcry_sexp_new(&keys[i], p, n, 1) == 0, files[i]);
		must(gcry_pk_testkey(keys[i]) == 0, files[i]);
		free(p);
	}
	unsigned char aes[32];
	secret_of(files[3], aes);
	must(gcry_cipher_open(&gcm, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_GCM, 0) == 0, "gcm");
	must(gcry_cipher_setkey(gcm, aes, sizeof aes) == 0, "gcm");
	wipe(aes, sizeof aes);
}

static void use(int thread) {
	static const char *data[3] = {
		"(data (flags pkcs1) (hash sha256 #000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f#))",
		"(data (flags raw) (value #000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f#))",
		"(data (flags eddsa) (hash-algo sha512) (value #0001020304#))",
	};
	for (int i = 0; i < 3; i++) {
		gcry_sexp_t d, sig;
		int k = (thread + i) % 3;
		must(gcry_sexp_new(&d, data[k], 0, 1) == 0, "data");
		must(gcry_pk_sign(&sig, d, keys[k]) == 0, "signing");
		gcry_sexp_release(d);
		gcry_sexp_release(sig);
	}
	unsigned char iv[12] = {1}, text[64] = "text", out[64];
	pthread_mutex_lock(&cipher);
	must(gcry_cipher_setiv(gcm, iv, sizeof iv) == 0, "gcm");
	must(gcry_cipher_encrypt(gcm, out, sizeof out, text, sizeof text) == 0, "gcm");
	pthread_mutex_unlock(&cipher);
}
