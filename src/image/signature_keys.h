/* signature_keys.h - the keys of one requirement; see signature.h
 */
#pragma once

#include "host/gpg.h"
#include "image/signature.h"

struct signature_keys {
	struct gpg_ring *ring; /* of simple signatures */
	char **pems;	       /* of sigstore's */
};
