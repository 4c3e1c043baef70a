# For those who stay: meson and ninja do the work.
.PHONY: all check lint tidy fuzz format docs install clean

all: build/build.ninja
	ninja -C build

build/build.ninja:
	meson setup build -Db_sanitize=address,undefined -Db_lundef=false

check: all
	tests/run build

lint:
	tools/check-layers
	tools/check-names
	tools/check-banned
	tools/check-docs
	tools/check-needed
	tools/check-size

build-tidy/build.ninja:
	CC=clang meson setup build-tidy >/dev/null

tidy: build-tidy/build.ninja
	git ls-files 'src/*.c' | xargs -P "$$(nproc)" -n 4 clang-tidy -p build-tidy --quiet

# every parser for a minute; build-fuzz keeps what was found
fuzz:
	tests/fuzz/run

format:
	git clang-format

# docs/commands, from the program's own tables
docs: all
	rm -f docs/commands/*.md
	build/src/main/cpod __man --markdown docs/commands

install:
	./bootstrap install

clean:
	rm -rf build build-release build-static build-tidy build-fuzz
