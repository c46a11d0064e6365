/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/pack/image.h"

#include "base/digest.h"
#include "extract/pack/image_layout.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* Address space for making a thing; only what is used becomes memory. */
#define MAKE_MAX ((size_t)256 << 20)

#define WORD sizeof(uintptr_t)

/* What a file begins with; where it is mapped, this is the image. */
struct pk_image {
	char magic[8];
	char layout[PK_SHA256_SIZE]; /* PEYK_IMAGE_LAYOUT */
	char sum[PK_ID_SIZE];        /* of the relocations */
	uint64_t bytes;              /* of the thing, behind the header */
	uint64_t root;               /* offset in it */
	uint64_t n_relocations;      /* uint32_t word numbers, behind the thing */
	uint64_t mapped;             /* how much is mapped */
};

static const char magic[8] = "PEYKPACK";

/* The thing begins on a page of its own. */
#define HEADER_BYTES 4096
static_assert(sizeof(struct pk_image) <= HEADER_BYTES, "the header fits its page");

static void
sum_of(const uint32_t *relocations, size_t n, char ret_sum[static PK_ID_SIZE])
{
	struct pk_span bytes = { (const char *)relocations, n * sizeof(*relocations) };

	pk_id_of(&bytes, 1, ret_sum);
}

/* One of the two makings. */
struct making {
	char *base;
	size_t bytes;
	char *root;
};

static void
unmake(struct making *making)
{
	if (making->base != NULL)
		munmap(making->base, MAKE_MAX);
}

static int
make_once(
    struct making *making, pk_image_make *make, void *data, struct pk_diag *reterr_diag)
{
	void *base = mmap(NULL, MAKE_MAX, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	void *root;

	if (base == MAP_FAILED)
		return -ENOMEM;
	making->base = base;
	struct pk_arena *arena = pk_arena_new_in(base, MAKE_MAX);
	int r = arena == NULL ? -ENOMEM : make(data, arena, &root, reterr_diag);
	if (r < 0)
		return r;
	making->root = root;
	/* the arena and its block lie before what it gave: a page is more than both */
	making->bytes = (pk_arena_used(arena) + HEADER_BYTES) & ~(size_t)(WORD - 1);
	return 0;
}

static uintptr_t *
word_of(const struct making *making, size_t word)
{
	return (uintptr_t *)(void *)making->base + word;
}

static bool
is_pointer(const struct making *a, const struct making *b, size_t word)
{
	uintptr_t at = *word_of(a, word), first = (uintptr_t)a->base;

	return at >= first && at <= first + a->bytes &&
	       *word_of(b, word) - at == (uintptr_t)b->base - first;
}

/* Turns the pointers of `a` into offsets and lists them. Returns how many. */
static size_t
take_pointers(const struct making *a, const struct making *b, uint32_t *relocations)
{
	size_t n = 0;

	for (size_t word = 0; word < a->bytes / WORD; word++) {
		if (!is_pointer(a, b, word))
			continue;
		*word_of(a, word) -= (uintptr_t)a->base;
		relocations[n++] = (uint32_t)word;
	}
	return n;
}

static int
write_all(const char *path, const struct pk_image *header, const struct making *making,
    const uint32_t *relocations, struct pk_diag *reterr_diag)
{
	pk_cleanup(pk_fclosep) FILE *f = fopen(path, "we");
	char page[HEADER_BYTES] = { 0 };
	size_t n = header->n_relocations;

	memcpy(page, header, sizeof(*header));
	if (f == NULL || fwrite(page, sizeof(page), 1, f) != 1 ||
	    fwrite(making->base, 1, making->bytes, f) != making->bytes ||
	    fwrite(relocations, sizeof(*relocations), n, f) != n || fflush(f) != 0)
		return pk_diag_at(reterr_diag, -EIO, path, 0, "cannot write");
	return 0;
}

int
pk_image_write(
    const char *path, pk_image_make *make, void *data, struct pk_diag *reterr_diag)
{
	pk_cleanup(unmake) struct making a = { .base = NULL };
	pk_cleanup(unmake) struct making b = { .base = NULL };
	pk_cleanup(pk_freep) uint32_t *relocations = NULL;
	struct pk_image header = { .layout = PEYK_IMAGE_LAYOUT };

	int r = make_once(&a, make, data, reterr_diag);
	if (r == 0)
		r = make_once(&b, make, data, reterr_diag);
	if (r < 0)
		return r;
	relocations = calloc(a.bytes / WORD + 1, sizeof(*relocations));
	if (relocations == NULL)
		return -ENOMEM;
	memcpy(header.magic, magic, sizeof(magic));
	header.bytes = a.bytes;
	header.root = (uint64_t)(a.root - a.base);
	header.n_relocations = take_pointers(&a, &b, relocations);
	sum_of(relocations, header.n_relocations, header.sum);
	return write_all(path, &header, &a, relocations, reterr_diag);
}

/* Are the sizes in the header those of the file, and is it of this build? */
static bool
fits(const struct pk_image *image, size_t size)
{
	size_t rest = size - HEADER_BYTES;

	return memcmp(image->magic, magic, sizeof(magic)) == 0 &&
	       memcmp(image->layout, PEYK_IMAGE_LAYOUT, PK_SHA256_SIZE) == 0 &&
	       image->bytes % WORD == 0 && image->bytes <= rest &&
	       image->root < image->bytes &&
	       image->n_relocations == (rest - image->bytes) / sizeof(uint32_t);
}

/* Points every pointer of the thing to where it lies now. */
static int
relocate(const struct pk_image *image, char *thing)
{
	const uint32_t *relocations = (const void *)(thing + image->bytes);
	size_t n = image->n_relocations, words = image->bytes / WORD;
	char sum[PK_ID_SIZE];

	sum_of(relocations, n, sum);
	if (memcmp(sum, image->sum, sizeof(sum)) != 0)
		return -ESTALE;
	for (size_t i = 0; i < n; i++) {
		if (relocations[i] >= words)
			return -ESTALE;
		uintptr_t *at = (uintptr_t *)(void *)thing + relocations[i];
		if (*at > image->bytes)
			return -ESTALE;
		*at += (uintptr_t)thing;
	}
	return 0;
}

int
pk_image_open(const char *path, struct pk_image **ret_image, void **ret_root)
{
	pk_cleanup(pk_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -ENOENT;
	if (fstat(fd, &st) < 0 || st.st_size < HEADER_BYTES)
		return -ESTALE;
	size_t size = (size_t)st.st_size;
	char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return -ENOMEM;
	struct pk_image *image = (struct pk_image *)(void *)map;
	char *thing = map + HEADER_BYTES;
	int r = fits(image, size) ? relocate(image, thing) : -ESTALE;
	if (r < 0) {
		munmap(map, size);
		return r;
	}
	image->mapped = size;
	*ret_root = thing + image->root;
	*ret_image = image;
	return 0;
}

struct pk_image *
pk_image_close(struct pk_image *image)
{
	if (image != NULL)
		munmap(image, image->mapped);
	return NULL;
}
