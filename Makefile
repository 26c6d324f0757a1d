# Muster. `make run` and `make test` are all a fresh machine needs: Go, Node and,
# for the tests' browser and database, apt as root or with sudo.

GO      ?= go
BUDGET  ?= 12s
SEED    ?=
HOURS   ?= 0
PACKAGES = ./...

.PHONY: all build ui run test test-go test-ui test-sdk soak mutate lint bench compare deps clean

all: build

## build: the admin UI and the binary, into bin/muster
build: ui
	$(GO) build -o bin/muster ./cmd/muster

## ui: the admin UI, into internal/webui/dist
ui: web/node_modules/.package-lock.json
	cd web && npm run build

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund

## run: build everything and start the demonstration
run: build
	bin/muster demo

## test: install what tests need and run all of them
test: deps build test-go test-ui test-sdk

# Crash tests, permuted replays and other random runs have MUSTER_TEST_BUDGET
# each, with a seed that they print; MUSTER_TEST_SEED repeats one.
test-go:
	MUSTER_TEST_BUDGET=$(BUDGET) MUSTER_TEST_SEED=$(SEED) $(GO) test -timeout 19m $(PACKAGES)

test-ui: build
	cd web && npm test
	cd web && $(GO) run ../test/withdb npm run test-smoke

## test-sdk: SDKs that others wrote, and the website's snippet, against the binary
test-sdk: build test/sdk/node_modules/.package-lock.json
	cd test/sdk && npm test

test/sdk/node_modules/.package-lock.json: test/sdk/package.json test/sdk/package-lock.json
	cd test/sdk && npm ci --no-audit --no-fund

## soak: everything that takes long, with a summary; make soak HOURS=1 within about an hour
soak: deps build test/sdk/node_modules/.package-lock.json
	nice -n 10 $(GO) run ./test/soak -hours $(HOURS)

## mutate: make mistakes in the code that decides, and count how many the tests notice
mutate:
	nice -n 10 $(GO) run ./test/mutation -budget 15m

## lint: formatting, vet, staticcheck, types and rules of the UI
lint: web/node_modules/.package-lock.json
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "gofmt:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet $(PACKAGES)
	$(GO) tool -modfile=tools/go.mod staticcheck $(PACKAGES)
	cd web && npm run lint && npm run types && npm run generate -- --check

## bench: measure this machine with a million contacts and 20 million activities
bench: build
	bin/muster bench

## compare: the same questions asked of DuckDB, in one run
compare: build
	bin/muster bench --only load --reuse bench-data
	cd test/compare && $(GO) run . -reuse ../../bench-data

deps:
	@tools/deps

clean:
	rm -rf bin bench-data web/node_modules test/sdk/node_modules
