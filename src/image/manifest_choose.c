/* manifest_choose.c - the entry of an index for one platform; see manifest.h */
#include "image/manifest.h"

#include <string.h>
#include <sys/utsname.h>

#include "base/str.h"

/* uname's machine → Go's words, as registries use them */
static const struct {
	const char *machine;
	struct manifest_wish wish;
} machines[] = {
	{ "x86_64", { "linux", "amd64", "" } },
	{ "aarch64", { "linux", "arm64", "v8" } },
	{ "armv7l", { "linux", "arm", "v7" } },
	{ "armv8l", { "linux", "arm", "v7" } },
	{ "armv6l", { "linux", "arm", "v6" } },
	{ "i686", { "linux", "386", "" } },
	{ "ppc64le", { "linux", "ppc64le", "" } },
	{ "s390x", { "linux", "s390x", "" } },
	{ "riscv64", { "linux", "riscv64", "" } },
	{ "mips64", { "linux", "mips64le", "" } },
	{ "loongarch64", { "linux", "loong64", "" } },
};

struct manifest_wish manifest_host_platform(void)
{
	struct utsname uts;

	if (uname(&uts) == 0)
		for (size_t i = 0; i < ARRAY_LEN(machines); i++)
			if (strcmp(machines[i].machine, uts.machine) == 0)
				return machines[i].wish;
	return (struct manifest_wish){ "linux", "unknown", "" };
}

struct manifest_wish manifest_wish_of(const char *os, const char *architecture, const char *variant)
{
	struct manifest_wish wish = manifest_host_platform();

	/* another architecture's default variant is not this host's */
	if (architecture && strcmp(architecture, wish.architecture) != 0) {
		wish.architecture = architecture;
		wish.variant = strcmp(architecture, "arm64") == 0 ? "v8" : strcmp(architecture, "arm") == 0 ? "v7" : "";
	}
	if (os)
		wish.os = os;
	if (variant)
		wish.variant = variant;
	return wish;
}

enum { FIT_NOT, FIT_UNTOLD, FIT_OLDEST, FIT_OLDER, FIT_EXACT = 100 };

/* How well an entry fits. An older variant of arm runs on a newer one; none given is the oldest. One without a platform, which it need
 * not have, is taken when nothing else will do. */
static int fit(const struct manifest_platform *p, const struct manifest_wish *wish)
{
	const char *variant = p->variant ? p->variant : "";
	bool known_order = strcmp(wish->architecture, "arm") == 0 || strcmp(wish->architecture, "arm64") == 0 ||
			   strcmp(wish->architecture, "amd64") == 0;

	if (!p->os && !p->architecture)
		return FIT_UNTOLD;
	if (!str_eq(p->os, wish->os) || !str_eq(p->architecture, wish->architecture))
		return FIT_NOT;
	if (strcmp(variant, wish->variant) == 0)
		return FIT_EXACT;
	if (!*variant)
		return FIT_OLDEST;
	if (known_order && strlen(variant) == 2 && variant[0] == 'v' && strlen(wish->variant) == 2 && variant[1] < wish->variant[1])
		return FIT_OLDER + (variant[1] - '0');
	return FIT_NOT;
}

int manifest_choose(const struct manifest *index, const struct manifest_wish *wish, const struct manifest_blob **ret,
		    struct err *err)
{
	const struct manifest_blob *best = NULL;
	int best_fit = FIT_NOT;

	for (size_t i = 0; i < index->entry_count; i++) {
		const struct manifest_blob *entry = &index->entries[i];
		int f = fit(&entry->platform, wish);

		/* an index inside an index has no platform of its own to go by */
		if (strcmp(entry->media_type, MANIFEST_OCI) != 0 && strcmp(entry->media_type, MANIFEST_DOCKER) != 0)
			continue;
		if (f > best_fit) {
			best = entry;
			best_fit = f;
		}
	}
	if (!best)
		return err_set(err, ERR_UNSUPPORTED,
			       "no image found in image index for architecture \"%s\", variant \"%s\", OS \"%s\"",
			       wish->architecture, wish->variant, wish->os);
	*ret = best;
	return 0;
}
