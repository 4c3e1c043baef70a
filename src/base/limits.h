/* limits.h - the largest of everything that somebody else can make us read or keep.
 * Each has a test at the limit and one above it. Units are in the names.
 */
#pragma once

enum {
	LIMIT_PATH_BYTES = 4096,
	LIMIT_NAME_BYTES = 255,
	LIMIT_MANIFEST_BYTES = 4 << 20,	     /* manifest, index or image config */
	LIMIT_TOKEN_BYTES = 1 << 20,	     /* token reply, registry error body, archive manifest */
	LIMIT_SIGNATURE_BYTES = 4 << 20,     /* one signature of an image, and what it says */
	LIMIT_CREDENTIALS_BYTES = 1 << 20,   /* the answer of a credential helper */
	LIMIT_JSON_DEPTH = 512,
	LIMIT_JSON_DEPTH_OUTSIDE = 64,	     /* for documents from registries and archives */
	LIMIT_JSON_VALUES = 400 * 1000,
	LIMIT_JSON_OBJECTS = 50 * 1000,	     /* of one document: each takes up to a kilobyte in memory */
	LIMIT_LAYERS = 500,
	LIMIT_RECORD_BYTES = 16 << 20,	     /* one record of the store */
	LIMIT_CONFIG_FILE_BYTES = 4 << 20,   /* a configuration file of the user */
	LIMIT_ETC_FILE_BYTES = 1 << 20,	     /* /etc/passwd or /etc/group of an image */
	LIMIT_TIME_ZONE_BYTES = 256 << 10,
	LIMIT_PAX_BYTES = 1 << 20,	     /* one pax record block */
	LIMIT_XATTR_BYTES = 64 << 10,
	LIMIT_TAR_ENTRIES = 10 * 1000 * 1000,
	LIMIT_TAR_DEPTH = 4096,		     /* components of one name */
	LIMIT_ZSTD_WINDOW_LOG = 27,
	LIMIT_INFLATE_RATIO = 1100,	     /* deflate cannot do better than 1032; above it is a bomb of another kind */
	LIMIT_REDIRECTS = 10,
	LIMIT_SYMLINKS = 40,
	LIMIT_ARGS = 100 * 1000,
	LIMIT_ENV_FILE_BYTES = 4 << 20,
	LIMIT_SECRET_BYTES = 512000,	     /* COMPAT: a secret is smaller */
	LIMIT_HEALTH_OUTPUT_BYTES = 64 << 10, /* kept of what a health check writes, of each stream */
	LIMIT_HEALTH_ENTRIES = 1000,	     /* of the health log, where it was asked to have no bound */
	LIMIT_HEALTH_LOG_BYTES = 1 << 20,    /* of their output together */
	LIMIT_JOURNAL_FIELD_BYTES = 4 << 20, /* read of one field of an entry */
	LIMIT_PLAN_BYTES = 8 << 20,
};

/* sizes above 2^31 */
#define LIMIT_LAYER_BYTES (1ULL << 40)	/* unpacked size of one layer */
#define LIMIT_FILE_BYTES (1ULL << 38)	/* one file of a layer */
