/* What the programs that hold keys in a C library have in common.
 *
 *   PROGRAM READY BUSY RSA EC ED AES
 *
 * READY is made when all keys have been used; BUSY is how many threads use them over and
 * over from the first SIGUSR1 on. The keys are PEM files (PKCS #8), AES one of 32 raw bytes, of which
 * only what the library makes of it stays; ED and the others
 * may be ignored by libraries that have no use for them. A library's file defines
 * load and use. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void load(char **files);
static void use(int thread);

static void must(int ok, const char *what) {
	if (!ok) {
		fprintf(stderr, "%s failed\n", what);
		exit(1);
	}
}

/* read_file returns the bytes of a file and a final zero. */
static unsigned char *read_file(const char *path, size_t *n) {
	FILE *f = fopen(path, "rb");
	must(f != NULL, path);
	unsigned char *p = calloc(1, 1 << 16);
	*n = fread(p, 1, (1 << 16) - 1, f);
	fclose(f);
	return p;
}

/* secret_of reads the 32 bytes of the symmetric key. */
static void secret_of(const char *path, unsigned char *key) {
	size_t n;
	unsigned char *p = read_file(path, &n);
	must(n == 32, path);
	memcpy(key, p, 32);
	memset(p, 0, n);
	free(p);
}

/* wipe clears what a library has taken over. */
static void wipe(void *p, size_t n) {
	memset(p, 0, n);
	__asm__ volatile("" : : "r"(p) : "memory");
}

static pthread_mutex_t cipher = PTHREAD_MUTEX_INITIALIZER;

static void *busy(void *arg) {
	sigset_t set;
	int got;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	must(sigwait(&set, &got) == 0, "sigwait");
	kill(getpid(), SIGUSR1); /* and the next thread */
	for (;;) use((int)(size_t)arg);
	return NULL;
}

int main(int argc, char **argv) {
	must(argc == 7, "reading the arguments");
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	load(argv + 3);
	for (int i = 0; i < 5; i++) use(0);
	for (long i = 0; i < atoi(argv[2]); i++) {
		pthread_t t;
		must(pthread_create(&t, NULL, busy, (void *)(i + 1)) == 0, "pthread_create");
	}
	FILE *f = fopen(argv[1], "w");
	must(f != NULL, argv[1]);
	fclose(f);
	for (;;) pause();
}
