/* image.h - the room's door: images by the words people use, brought here, given away, and the registries' logins.
 * Shape:  what is here already is storage/image_db.h's; the configuration inside is image_config.h's, names are ref.h's.
 * Owner:  ret_* are owned by the caller; struct image by image_free.
 * Units:  bytes.
 * Errors: ERR_NOT_FOUND no such image or host answer 404, ERR_DENIED refused login or policy, ERR_NETWORK unreachable,
 *         reset, timed out or a server error, ERR_MISMATCH a digest or size differs, ERR_INVALID a document is not what
 *         it claims, ERR_UNSUPPORTED no such platform in the index, ERR_USAGE the word is no reference.
 * Locks:  image_db_hold, shared, while layers come. Whatever fails leaves nothing: no image, and no layer that nothing
 *         needs (unless another pull is under way; the next sweep takes those).
 */
#pragma once

#include "image/image_config.h"
#include "image/ref.h"
#include "storage/image_db.h"

#include <stdbool.h>
#include <stdint.h>

/* A word → an image that is here, as Podman looks it up: the full id or a prefix of it, the exact reference (tag latest
 * when none is given), then with localhost/, docker.io/library/ or docker.io/ in front, then any name whose path ends so.
 * NAME@sha256:… finds an image whose manifest has that digest. ret_name (may be NULL): the reference that matched, owned,
 * or NULL when it was an id. ERR_NOT_FOUND: "x: image not known". */
int image_resolve(struct store *store, const char *word, struct image **ret, char **ret_name, struct err *err) must_check;
/* Its configuration, checked and decoded; image_config_done when finished with it. */
int image_config_load(struct store *store, const struct image *image, struct image_config *ret, struct err *err) must_check;

/* ---- bringing ---- */

enum image_step { IMAGE_STEP_WAIT, IMAGE_STEP_LOAD, IMAGE_STEP_EXISTS, IMAGE_STEP_DONE };
struct image_progress {
	/* A line a person reads: "Trying to pull docker.io/library/x:latest...". */
	void (*say)(void *ctx, const char *text);
	/* kind: "blob" or "config". digest: "sha256:…"; bytes of total so far (total 0: unknown). Called often: the
	 * receiver decides how often to draw. */
	void (*item)(void *ctx, const char *kind, const char *digest, enum image_step step, uint64_t bytes, uint64_t total);
	void *ctx;
};

/* Which of several names a short one stands for: 1 there is nobody to ask. */
typedef int image_choose(char *const *names, size_t *ret, struct err *err);

/* "always" asks the registry each time, "missing" (and NULL) only when nothing here answers to the word, "newer" takes
 * what differs and keeps what is here when the registry does not answer, "never" asks nobody. */
struct image_pull_opts {
	const char *policy;
	const char *os, *arch, *variant; /* NULL: this host's */
	const char *authfile;		 /* NULL: the default places (config/conf_auth.h) */
	const char *creds;		 /* "user:password"; wins over the file */
	const char *cert_dir;		 /* NULL: certs.d of the host */
	const char *signature_policy;	 /* NULL: policy.json of the usual places */
	bool insecure;			 /* --tls-verify=false: certificates are not checked, plain HTTP is allowed */
	unsigned parallel;		 /* layers at once; 0: by the processors, at most 6 */
	int retries;			 /* of each request after a failure that may pass; 0: 3, negative: none */
	unsigned retry_delay_ms;	 /* before the first of them; 0: 1000; it doubles */
	unsigned idle_s;		 /* a transfer that stands still this long has failed; 0: 30 */
	const struct image_progress *progress; /* NULL: quiet */
	image_choose *choose;		 /* NULL: nobody is asked. What was chosen and came is remembered */
};
/* A digest in `word` names the manifest and is checked. */
int image_pull(struct store *store, const char *word, const struct image_pull_opts *opts, struct image **ret,
	       struct err *err) must_check;

struct image_load_opts {
	enum image_load_form { IMAGE_LOAD_ANY, IMAGE_LOAD_DOCKER, IMAGE_LOAD_OCI, IMAGE_LOAD_DIR } form; /* ANY: told from the bytes */
	const char *path;	/* where it lies, for the policy; NULL: in a pipe */
	const char *signature_policy;
	bool own;		/* it comes with cpod: no policy is asked */
	const char *reference; /* only the image of this name (a docker-archive: in full); NULL: all */
	const struct image_progress *progress;
};
/* docker-archive or oci-archive, plain or compressed; in_fd may be a pipe, or a directory (an OCI layout, or dir:). what: its name
 * in sentences ("standard input"). ret_names: the references that point there now, or "sha256:<id>" for an image without
 * a name; owned list. Nothing of the archive is kept when any of its images is wrong. */
int image_load(struct store *store, int in_fd, const char *what, const struct image_load_opts *opts, char ***ret_names,
	       struct err *err) must_check;

/* Words with a transport in front: oci:DIR[:NAME], oci-archive:FILE[:NAME], docker-archive:FILE[:NAME], dir:DIR, and
 * containers-storage:NAME, which is what is here. image_pull knows them too, and gives the last image of several. */
bool image_file_is(const char *word);
/* ret_ids: 64 digits each; one for each name of each image. */
int image_file_pull(struct store *store, const char *word, const char *signature_policy, const struct image_progress *progress, char ***ret_ids,
		    struct err *err) must_check;

/* The image that comes with cpod, localhost/hello:latest: put into the store when it is asked for and not there. */
bool image_is_builtin(const char *word);
int image_builtin(struct store *store, struct err *err) must_check;

/* ---- giving ---- */

struct image_save_opts {
	const char *format; /* NULL and "docker-archive"; "oci-archive", "oci-dir", "docker-dir" (the transport dir:) */
	const char *dir;    /* of the last two: where; made when it is missing */
	bool multi;	    /* several images into one docker-archive; otherwise further words are names of the first */
	bool compress;	    /* the layers of a docker-dir */
	bool uncompressed;  /* the layers of an OCI layout, which are compressed otherwise */
	bool zstd;	    /* what is compressed, and not by gzip: not for what Docker's manifests tell of */
	int level;	    /* 0: the library's */
	bool as_it_came;    /* a docker-dir with an OCI manifest when the image has one */
	bool only_names;    /* the names that an OCI layout tells: `names`, not what the words say */
	char *const *names;
	const struct image_progress *progress;
};
/* The policy for what has no signatures: what save reads ("containers-storage"), what import makes an image of ("tarball").
 * file: --signature-policy; NULL: the usual places. */
int image_trust_unsigned(const char *file, const char *transport, const char *name, struct err *err) must_check;

/* out_fd may be a pipe; not used for a directory. */
int image_save(struct store *store, char *const *words, int out_fd, const struct image_save_opts *opts, struct err *err) must_check;

/* OpenPGP signatures: by a key of the user's own ring, put where registries.d says. */
struct image_sign_opts {
	const char *key;	     /* as gpg takes it; NULL: nothing is signed */
	const char *passphrase_file; /* of a push: its first line; NULL: the user's agent asks */
	/* the rest is image_sign's */
	const char *dir;	     /* where they go; NULL: where registries.d says */
	const char *authfile, *cert_dir;
	bool all;		     /* the images of an index, too */
};
/* What a registry has under that name. */
int image_sign(const char *word, const struct image_sign_opts *opts, struct err *err) must_check;

struct image_push_opts {
	struct image_sign_opts sign;
	const char *format;	 /* NULL: as it came; "oci", "v2s2" */
	const char *compression; /* NULL: gzip where something is compressed; "gzip", "zstd" */
	int level;		 /* 0: the library's */
	bool compress;		 /* the layers of a dir: */
	bool force;		 /* what the registry has in another compression will not do */
	char *const *also;	 /* of a list: its images once more in these compressions; NULL none */
	const char *authfile, *creds, *cert_dir;
	bool insecure;
	unsigned parallel;	 /* layers at once; 0: by the processors */
	int retries;		 /* as for a pull */
	unsigned retry_delay_ms, idle_s;
	const struct image_progress *progress;
	struct image_pushed {	 /* not NULL: an instance of a list: it is put under its digest, not a tag, and told of */
		const char *media_type;
		uint64_t size;
	} *instance;
};
/* destination: a reference, with or without docker:// in front, or a place with a transport (see image_file_is); NULL: the name that `word` found. A pulled image that is pushed
 * again keeps its manifest, bit for bit, when the registry has its layers or can mount them from a repository that the image has
 * a name or a digest in; otherwise the layers are compressed anew and the manifest tells of them. ret_digest: of the manifest as
 * pushed; owned. ret_id: of the image. */
int image_push(struct store *store, const char *word, const char *destination, const struct image_push_opts *opts,
	       char **ret_digest, char ret_id[STORE_ID_MAX + 1], struct err *err) must_check;

/* An index and the images it names, all of them here: they go under their digests, then the index, which tells of them as they went,
 * under its tag. words: for each entry what image_push takes; NULL: only the index (the registry has the rest). */
struct list_index;
int list_push(struct store *store, const struct list_index *index, char *const *words, const char *destination,
		    const struct image_push_opts *opts, char **ret_digest, struct err *err) must_check;
/* The manifest or index that a registry has under a reference, as it is. */
int image_remote_manifest(const char *word, const struct image_pull_opts *opts, char **ret_data, size_t *ret_len, struct err *err) must_check;

/* ---- artifacts (storage/artifact_db.h) ---- */

/* What a registry has under that name; it takes the place of an artifact of the same name. ret_digest: of its manifest; owned.
 * ERR_UNSUPPORTED an index. */
int artifact_pull(struct store *store, const char *word, const struct image_pull_opts *opts, char **ret_digest, struct err *err) must_check;
/* An artifact goes where its name says; the bytes of its manifest as they are. What the registry has is not sent. */
int artifact_push(struct store *store, const char *word, const struct image_push_opts *opts, char **ret_digest, struct err *err) must_check;

/* ---- logins ---- */

struct image_login_opts {
	const char *registry; /* "host", "host:port" or "host/repository" */
	const char *user, *password;
	const char *authfile; /* NULL: the default place */
	const char *cert_dir;
	bool insecure;
};
/* Asks the registry first; what it refuses is not remembered. ret_where: what keeps it now, for a person; owned. */
int image_login(const struct image_login_opts *opts, char **ret_where, struct err *err) must_check;
/* The user logged in there, owned; NULL none. */
int image_get_login(const char *registry, const char *authfile, char **ret_user, struct err *err) must_check;
/* registry NULL: every one. ret_removed false: was not logged in. */
int image_logout(const char *registry, const char *authfile, bool *ret_removed, struct err *err) must_check;
