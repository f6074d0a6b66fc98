#include "holder.h"
#include <botan/ffi.h>

static botan_privkey_t keys[3];
static botan_cipher_t gcm;

static void load(char **files) {
	for (int i = 0; i < 3; i++) {
		size_t n;
		unsigned char *p = read_file(files[i], &n);
		must(botan_privkey_load(&keys[i], NULL, p, n + 1, NULL) == 0, files[i]);
		free(p);
	}
	unsigned char aes[32];
	secret_of(files[3], aes);
	must(botan_cipher_init(&gcm, "AES-256/GCM", 0) == 0, "gcm");
	must(botan_cipher_set_key(gcm, aes, sizeof aes) == 0, "gcm");
	wipe(aes, sizeof aes);
}

static void use(int thread) {
	static const char *pad[3] = {"EMSA3(SHA-256)", "EMSA1(SHA-256)", ""};
	botan_rng_t rng;
	must(botan_rng_init(&rng, "user") == 0, "seeding");
	for (int i = 0; i < 3; i++) {
		int k = (thread + i) % 3;
		botan_pk_op_sign_t op;
		unsigned char sig[1024];
		size_t n = sizeof sig;
		must(botan_pk_op_sign_create(&op, keys[k], pad[k], 0) == 0, "signing");
		must(botan_pk_op_sign_update(op, (const unsigned char *)"data", 4) == 0, "signing");
		must(botan_pk_op_sign_finish(op, rng, sig, &n) == 0, "signing");
		botan_pk_op_sign_destroy(op);
	}
	botan_rng_destroy(rng);
	unsigned char iv[12] = {1}, text[64] = "text", out[128];
	size_t n, used;
	pthread_mutex_lock(&cipher);
	must(botan_cipher_start(gcm, iv, sizeof iv) == 0, "gcm");
	must(botan_cipher_update(gcm, BOTAN_CIPHER_UPDATE_FLAG_FINAL, out, sizeof out, &n, text, sizeof text, &used) == 0, "gcm");
	pthread_mutex_unlock(&cipher);
}
