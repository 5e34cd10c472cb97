# package.mk -- wf as others get it.
#
# make dist           a tarball of the last commit
# make static         a wf without shared libraries
# make deb            a Debian package
# make check-reproducible, check-deb, check-debian     are they right?  The latter two as root

# The same program without shared libraries.  ISA-L is left out where, as on Debian, it comes
# without libisal.a: zlib reads gzip then.
ISAL_A   = $(filter /%,$(shell $(CC) -print-file-name=libisal.a))
static:
	$(MAKE) OBJ=build/static WF=build/static/wf LDFLAGS=-static STATIC=--static \
		CODECS='$(if $(ISAL_A),$(CODECS),$(CODECS:libisal=zlib))' build/static/wf
	build/static/wf --version

# A file that is linked with the libraries that wf loads: see debian/rules.
build/codecs.so:
	@mkdir -p build
	$(CC) -shared -o $@ -Wl,--no-as-needed $(CODEC_LIBS)

# What git has of the last commit.
DIST     = wf-$(VERSION)
dist:
	@mkdir -p build
	git archive --prefix=$(DIST)/ -o build/$(DIST).tar.gz HEAD

# Two builds in two folders have to be the same bytes.
check-reproducible: dist
	for folder in build/again/one build/again/the-other; do \
		rm -rf $$folder && mkdir -p $$folder && \
		tar -xzf build/$(DIST).tar.gz -C $$folder && \
		$(MAKE) -s -C $$folder/$(DIST) && sha256sum $$folder/$(DIST)/wf || exit; \
	done
	cmp build/again/*/$(DIST)/wf

deb: dist
	@./deps.sh package
	rm -rf build/deb && mkdir -p build/deb && tar -xzf build/$(DIST).tar.gz -C build/deb
	cd build/deb/$(DIST) && dpkg-buildpackage -us -uc -b
	lintian --fail-on error,warning build/deb/*.changes

check-deb: deb
	test/debian deb

check-debian:
	@./deps.sh package
	test/debian source

.PHONY: static dist deb check-reproducible check-deb check-debian
