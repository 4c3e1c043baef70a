# For those who stay: meson and ninja do the work.
.PHONY: all check lint fuzz install clean

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

install:
	./bootstrap install

clean:
	rm -rf build build-release build-static
