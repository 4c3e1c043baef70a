/* userns_priv.h - what the userns files share.
 */
#pragma once

#include "host/userns.h"

/* The name of a user, owned, NULL when nobody knows. */
char *userns_user_name_dup(uid_t uid);
