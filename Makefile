# SPDX-License-Identifier: GPL-3.0-or-later
# make demo   the main job on real speech, from a fresh Debian machine with Swift, git and make
# make test   the tests, but for those of make system-test, which need more than a laptop has
# Both install the Debian packages they lack, and say so before they do.

SHELL := /bin/bash
.DELETE_ON_ERROR:

BUILD_PACKAGES := pkg-config libfftw3-dev libsqlite3-dev libsndfile1-dev libsoxr-dev libgsl-dev libssl-dev libpng-dev portaudio19-dev libncurses-dev libebur128-dev
SYSTEM_TEST_PACKAGES := util-linux sqlite3 jq locales libxml2-utils curl unzip python3-pip chromium chromium-driver espeak-ng \
  pulseaudio pulseaudio-utils libasound2-plugins tmux sox perl procps slurm-wlm munge
PREFIX ?= /usr/local
TTSEVAL := .build/release/ttseval
# One configuration for everything: numeric code without optimisation is a hundred times slower, and what is tested is
# what is shipped.
SWIFT_FLAGS := -c release --explicit-target-dependency-import-check error

.PHONY: demo demo-neural examples build test system-test lint bench oracles simulate install clean audio

# $(call install_packages,names): installs what is missing, with sudo only when needed.
define install_packages
@missing=$$(for p in $(1); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done | xargs); \
if [ -n "$$missing" ]; then \
  if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi; \
  echo "Installing Debian packages$${sudo:+ with sudo}: $$missing"; \
  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq; \
  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
fi
endef

# Systems that keep the reference's time, then those that speak in their own: a run has one class of alignment.
systems = $(shell awk -F, '$$2 == "$(1)" { print "reference_audio/systems/" $$1 }' reference_audio/systems.csv)

demo: build audio
	@echo; $(TTSEVAL) compare reference_audio/reference $(call systems,aligned) --metrics all --label demo
	@echo; $(TTSEVAL) compare reference_audio/reference $(call systems,tts) --label demo-tts
	@mkdir -p reports && reference_audio/texts >reports/texts.txt
	@echo; $(TTSEVAL) synthesize --command 'espeak-ng -w {out} -f {textfile}' reports/texts.txt reports/espeak-ng \
	  --reference reference_audio/reference --label demo-espeak-ng
	@echo; $(TTSEVAL) synthesize --command 'text2wave {textfile} -o {out}' reports/texts.txt reports/festival \
	  --reference reference_audio/reference --label demo-festival
	@echo; $(TTSEVAL) diff demo-espeak-ng demo-festival

# A neural voice from PyPI, in three takes, by a worker that loads it once.
demo-neural: build audio
	$(call install_packages,python3-venv)
	[ -x .build-neural/bin/hibari ] || { python3 -m venv .build-neural && .build-neural/bin/pip install -q hibari-tts==0.2.1; }
	@mkdir -p reports && reference_audio/texts >reports/texts.txt
	$(TTSEVAL) synthesize --worker --command '.build-neural/bin/python reference_audio/voices/hibari_worker.py' \
	  --repeat 3 reports/texts.txt reports/hibari --reference reference_audio/reference --label demo-neural \
	  --compare '--python .build-neural/bin/python'

# What reports/examples holds, from the demo's runs. Sounds are linked: they are prepared, and not in the repository.
examples: demo
	$(TTSEVAL) report demo-espeak-ng --baseline demo-festival --embed 0 --clips 1 \
	  --report reports/examples/diff.html,reports/examples/diff.md,reports/examples/junit.xml
	$(TTSEVAL) compare reference_audio/reference reference_audio/systems/mp3-32k reference_audio/systems/gsm \
	  --label example --quiet --no-provenance --host-name example >/dev/null
	$(TTSEVAL) report example --embed 0 --clips 1 --report reports/examples/page.html,reports/examples/run.prom,reports/examples/run.csv \
	  --plot reports/examples/estoi.svg

build:
	$(call install_packages,$(BUILD_PACKAGES))
	swift build $(SWIFT_FLAGS)

audio: build
	$(call install_packages,$(shell reference_audio/prepare --packages))
	reference_audio/prepare

test: build audio
	swift build $(SWIFT_FLAGS) --build-tests
	Tests/lint-vectors
	swift test $(SWIFT_FLAGS) --skip-build

# What needs more than a laptop has; a missing tool fails.
system-test: build audio
	$(call install_packages,$(SYSTEM_TEST_PACKAGES))
	Tests/System/run

lint:
	swift format lint --strict --recursive Package.swift Sources Tests
	Tests/lint-imports

bench: build audio
	$(call install_packages,python3-venv valgrind)
	Benchmarks/run

oracles: build audio
	Tests/Oracles/run $(COLLECTION)

# What verdicts and intervals are worth, on comparisons and panels whose truth is known; some minutes.
simulate:
	$(call install_packages,$(BUILD_PACKAGES))
	swift build $(SWIFT_FLAGS) --product simulate
	.build/release/simulate
	.build/release/simulate panel

install: build
	install -D $(TTSEVAL) $(DESTDIR)$(PREFIX)/bin/ttseval

clean:
	rm -rf .build
