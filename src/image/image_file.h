/* image_file.h - words with a transport in front: where an image lies that is in no registry.
 * Shape:  TRANSPORT:PATH[:REFERENCE]; a path that holds a colon cannot be written.
 * Owner:  struct image_file by image_file_done.
 * Errors: ERR_USAGE, ERR_NOT_FOUND.
 */
#pragma once

#include "image/image.h"

#include <stdbool.h>

enum image_file_kind { IMAGE_FILE_OCI, IMAGE_FILE_OCI_ARCHIVE, IMAGE_FILE_DOCKER_ARCHIVE, IMAGE_FILE_DIR, IMAGE_FILE_STORE };

struct image_file {
	enum image_file_kind kind;
	char *path;
	char *reference; /* NULL: none given; of a docker-archive in full */
};
void image_file_done(struct image_file *file);
AUTO_VAL(image_file, image_file_done);

int image_file_parse(const char *word, struct image_file *ret, struct err *err) must_check;
