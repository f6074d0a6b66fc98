GO      ?= go
BIN     := bin/dumpscrub
FUZZTIME ?= 20s
TEST    ?= $(GO) test

.PHONY: all build test check vet fmt imports race noasm score bench bench-deep live live-text quiet demo fuzz model torture clean

all: build

build:
	$(GO) build -trimpath -o $(BIN) ./cmd/dumpscrub

test:
	$(TEST) ./...

# What must hold before a change lands; .ci/run runs it too.
check: fmt vet test noasm race

fmt:
	@out=$$(gofmt -l .); if [ -n "$$out" ]; then echo "gofmt would change:"; echo "$$out"; exit 1; fi

vet:
	$(GO) vet ./...
	GOARCH=386 $(GO) vet ./...
	GOARCH=arm64 $(GO) vet ./...

# Not what runs the tool as a process of its own, nor what has no goroutines.
race:
	$(TEST) -race -short $$(.ci/racy)

noasm:
	$(TEST) -short -tags=noasm ./scrub ./scrub/sweep ./detect/kernel ./detect/survey ./detect/wordmap ./detect/search ./detect/encoded ./detect/aeskey ./detect/cipherkeys ./detect/rsapair ./detect/mont ./detect/lanes ./detect/tlssecret ./detect/ecscalar

# Recall, precision, surviving bytes and false redactions on a fresh corpus.
score: build
	$(GO) run ./corpus/cmd/score -bin $(BIN)

# Speed and memory beside cp, sha256sum and other scanners, on dumps of live processes;
# ends within about ten minutes. BENCHSIZES=64MiB,512MiB,4GiB BENCHBUDGET=40m for all.
BENCHSIZES  ?= 64MiB,512MiB
BENCHBUDGET ?= 8m
bench: build
	corpus/cmd/bench/tools.sh bin/tools
	$(GO) run ./corpus/cmd/bench -bin $(BIN) -tools bin/tools -sizes $(BENCHSIZES) -budget $(BENCHBUDGET)

# What deep scans of servers with 200 MiB of records take.
bench-deep: build
	$(GO) run ./corpus/cmd/bench -bin $(BIN) -deep

# Real servers with fresh keys: dumped, scrubbed, searched, debugged.
live: build
	$(GO) run ./corpus/cmd/live -bin $(BIN) -install -timeout 20m

# Tokens and passwords in live CPython and Java: 40 kinds in three encodings.
live-text: build
	$(GO) run ./corpus/cmd/livetext -bin $(BIN)

# What is taken for secrets in seven kinds of processes that hold none.
quiet: build
	$(GO) run ./corpus/cmd/quiet -bin $(BIN)

# One crash of a real program on this machine, from memory to receipt.
demo: build
	./corpus/demo.sh $(BIN)

# Every fuzz target, each for FUZZTIME.
fuzz:
	./corpus/fuzz.sh $(FUZZTIME)

# The order of the work, checked by spin in every state, with and without each safeguard.
model:
	./scrub/model/run.sh

# Every attack, for half an hour at most.
torture:
	./corpus/torture.sh

clean:
	rm -rf bin out
