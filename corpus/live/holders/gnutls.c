#include "holder.h"
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>

static gnutls_privkey_t keys[3];
static gnutls_aead_cipher_hd_t gcm;

static void load(char **files) {
	for (int i = 0; i < 3; i++) {
		size_t n;
		gnutls_datum_t d;
		d.data = read_file(files[i], &n);
		d.size = n;
		must(gnutls_privkey_init(&keys[i]) == 0, "init");
		must(gnutls_privkey_import_x509_raw(keys[i], &d, GNUTLS_X509_FMT_PEM, NULL, 0) == 0, files[i]);
		free(d.data);
	}
	unsigned char aes[32];
	secret_of(files[3], aes);
	gnutls_datum_t k = {aes, sizeof aes};
	must(gnutls_aead_cipher_init(&gcm, GNUTLS_CIPHER_AES_256_GCM, &k) == 0, "gcm");
	wipe(aes, sizeof aes);
}

static void use(int thread) {
	for (int i = 0; i < 3; i++) {
		gnutls_datum_t data = {(unsigned char *)"some data", 9}, sig;
		must(gnutls_privkey_sign_data(keys[(thread + i) % 3], (thread + i) % 3 == 2 ? GNUTLS_DIG_SHA512 : GNUTLS_DIG_SHA256, 0, &data, &sig) == 0, "signing");
		gnutls_free(sig.data);
	}
	unsigned char iv[12] = {1}, text[64] = "text", out[80];
	size_t n = sizeof out;
	pthread_mutex_lock(&cipher);
	must(gnutls_aead_cipher_encrypt(gcm, iv, sizeof iv, NULL, 0, 16, text, sizeof text, out, &n) == 0, "gcm");
	pthread_mutex_unlock(&cipher);
}
