/* image_trust.c - the policy held against what is pulled and loaded; see policy.h */
#include "image/image_load_priv.h"

#include <stdlib.h>

#include "config/conf_registries_d.h"
#include "image/signature_store.h"

/* ---- from a registry ---- */

static int bring_signatures(const struct policy *policy, const struct policy_image *image, const struct image_trust_source *from,
			    struct signature_list *ret, struct err *err)
{
	auto_val(conf_signatures) where = { 0 };
	auto_val(ref) place = { 0 };

	if (conf_registries_d_find(policy_registries_d(policy), from->place, &where, err) < 0 || ref_parse(from->place, &place, err) < 0)
		return -1;
	if (policy_wants(policy, image, SIGNATURE_SIMPLE) && where.lookaside &&
	    signature_store_lookaside(where.lookaside, place.path, from->doc->digest, ret, err) < 0)
		return -1;
	if (policy_wants(policy, image, SIGNATURE_SIGSTORE) && where.attachments &&
	    signature_store_attached(from->registry, from->doc->digest, ret, err) < 0)
		return -1;
	return 0;
}

/* The texts are borrowed by the image. */
static struct policy_image registry_image(const struct ref *ref, char **ret_name, char **ret_shown)
{
	*ret_name = ref_text(ref);
	*ret_shown = mem_printf("docker://%s", *ret_name);
	return (struct policy_image){ .transport = "docker", .name = *ret_name, .ref = ref, .shown = *ret_shown };
}

int image_trust_allows(const struct policy *policy, const struct ref *ref, struct err *err)
{
	auto_free char *name = NULL, *shown = NULL;
	struct policy_image image = registry_image(ref, &name, &shown);

	return policy_allows(policy, &image, err);
}

int image_trust_check(const struct policy *policy, const struct ref *ref, const struct image_trust_source *from, struct err *err)
{
	auto_free char *name = NULL, *shown = NULL;
	auto_val(signature_list) list = { 0 };
	struct policy_image image = registry_image(ref, &name, &shown);

	if (bring_signatures(policy, &image, from, &list, err) < 0)
		return err_wrap(err, "the signatures of %s", shown);
	return policy_check(policy, &image, from->doc->data, from->doc->len, &list, err);
}

/* ---- from an archive or a directory ---- */

static const char *transport_of(const struct load *l)
{
	switch (l->found) {
	case IMAGE_LOAD_DOCKER:
		return "docker-archive";
	case IMAGE_LOAD_OCI:
		return l->archive.dir_fd >= 0 ? "oci" : "oci-archive";
	case IMAGE_LOAD_DIR:
		return "dir";
	case IMAGE_LOAD_ANY:
		break;
	}
	return "";
}

int image_trust_load(const struct load *l, struct err *err)
{
	auto_ptr(policy) policy = NULL;
	auto_val(signature_list) list = { 0 };
	auto_free char *real = l->opts->path ? realpath(l->opts->path, NULL) : NULL;
	auto_free char *shown = mem_printf("%s:%s", transport_of(l), l->opts->path ? l->opts->path : l->archive.what);
	/* COMPAT: a docker-archive has no scopes */
	struct policy_image image = { .transport = transport_of(l), .shown = shown,
				      .name = real && l->found != IMAGE_LOAD_DOCKER ? real : "" };

	if (l->opts->own)
		return 0;
	if (policy_open(l->opts->signature_policy, NULL, &policy, err) < 0)
		return -1;
	if (l->found == IMAGE_LOAD_DIR && signature_store_dir(l->archive.dir_fd, &list, err) < 0)
		return -1;
	for (size_t i = 0; i < l->count; i++) {
		const struct loaded *one = &l->images[i];

		/* a docker-archive's manifest is made later, and signed by nobody */
		if (policy_check(policy, &image, one->manifest_data ? one->manifest_data : "", one->manifest_len, &list, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- what nobody has signed ---- */

int image_trust_unsigned(const char *file, const char *transport, const char *name, struct err *err)
{
	auto_ptr(policy) policy = NULL;
	auto_val(signature_list) none = { 0 };
	auto_free char *shown = mem_printf("%s:%s", transport, name);
	const struct policy_image image = { .transport = transport, .shown = shown, .name = "" };

	if (policy_open(file, NULL, &policy, err) < 0)
		return -1;
	return policy_check(policy, &image, "", 0, &none, err);
}
