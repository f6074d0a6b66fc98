#include "holder.h"
#include <openssl/evp.h>
#include <openssl/pem.h>

static EVP_PKEY *keys[3];
static EVP_CIPHER_CTX *gcm;

static void load(char **files) {
	for (int i = 0; i < 3; i++) {
		FILE *f = fopen(files[i], "r");
		must(f != NULL, files[i]);
		must((keys[i] = PEM_read_PrivateKey(f, NULL, NULL, NULL)) != NULL, files[i]);
		fclose(f);
	}
	unsigned char aes[32];
	secret_of(files[3], aes);
	gcm = EVP_CIPHER_CTX_new();
	must(EVP_EncryptInit_ex(gcm, EVP_aes_256_gcm(), NULL, aes, NULL) == 1, "gcm");
	wipe(aes, sizeof aes);
}

static void use(int thread) {
	for (int i = 0; i < 3; i++) {
		int k = (thread + i) % 3;
		EVP_MD_CTX *c = EVP_MD_CTX_new();
		unsigned char sig[1024];
		size_t n = sizeof sig;
		must(EVP_DigestSignInit(c, NULL, k == 2 ? NULL : EVP_sha256(), NULL, keys[k]) == 1, "signing");
		must(EVP_DigestSign(c, sig, &n, (const unsigned char *)"data", 4) == 1, "signing");
		EVP_MD_CTX_free(c);
	}
	unsigned char iv[12] = {1}, text[64] = "text", out[64];
	int n;
	pthread_mutex_lock(&cipher);
	must(EVP_EncryptInit_ex(gcm, NULL, NULL, NULL, iv) == 1, "gcm");
	must(EVP_EncryptUpdate(gcm, out, &n, text, sizeof text) == 1, "gcm");
	must(EVP_EncryptFinal_ex(gcm, out, &n) == 1, "gcm");
	pthread_mutex_unlock(&cipher);
}
