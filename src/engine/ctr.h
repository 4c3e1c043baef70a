/* ctr.h - one container as it is: its definition and the state that files and the kernel tell.
 * Shape:  <graphroot>/containers/<id>/{definition.json, upper/, work/, exit, started, ctr.log}
 *         <runroot>/containers/<id>/{state.json, attach, exit (of --rm), resolv.conf, hosts, hostname, …}
 *         Running means that process (pid, start time) of this boot is alive; exited means an exit record, or a start
 *         without a live process. Nothing else is remembered.
 * Owner:  ctr_free.
 * Errors: ERR_NOT_FOUND no such container; ERR_USAGE ambiguous prefix; ERR_CORRUPT.
 * Locks:  ctr_lock on the container's own directory while it is started, stopped or removed. Reading takes none.
 */
#pragma once

#include "base/proc.h"
#include "engine/ctr_def.h"
#include "engine/engine.h"
#include "storage/store.h"

enum ctr_state {
	CTR_CREATED,
	CTR_INITIALIZED,
	CTR_RUNNING,
	CTR_PAUSED,
	CTR_STOPPING,
	CTR_EXITED,
	CTR_REMOVING,
	CTR_STATE_COUNT
};
const char *ctr_state_word(enum ctr_state state); /* "running" */

/* One published address of a running container, as inspect shows it. */
struct ctr_net {
	char *network;		/* "podman", "" for pasta, host, none */
	char *ip, *gateway, *mac, *ip6, *gateway6, *device;
	int prefix, prefix6;
	char *own_ip, *host_ip, *dns_ip; /* with pasta: for hosts and resolv.conf, see net/net.h */
};

struct ctr_status {
	enum ctr_state state;
	struct proc_id process;	/* pid 0: not running */
	struct proc_id monitor;
	int64_t started_ns, finished_ns; /* 0: never */
	int exit_code;
	bool oom_killed;
	int64_t log_lost;	/* pieces of its output that the journal did not take */
	bool held;		/* its program is ready and was not let go (ctr_hold.h) */
	uint32_t restarts;
	char *error;		/* why the last start failed, or NULL */
	char *cgroup;		/* below the v2 mount, or NULL */
	struct ctr_net net;
	char *health;		/* "healthy"; NULL without a check, "" before the first start */
};

struct ctr {
	char id[65];
	int dir_fd;		/* <graphroot>/containers/<id>, or -EBADF: see ctr_need_dir */
	struct store_stage stage; /* of one that is not published yet, */
	int image_fd;		/* keeps its image until then; or -EBADF */
	int *mount_image_fds;	/* the same for images that are mounted; ends with -EBADF; or NULL */
	int secrets_fd;		  /* and the copies of its secrets, or -EBADF */
	struct ctr_def def;
	struct ctr_status status;
};
struct ctr *ctr_new(void); /* of which nothing is open */
void ctr_free(struct ctr *ctr);
/* Its definition keeps its images from now on, or it will never be. */
void ctr_let_images_go(struct ctr *ctr);
AUTO_PTR(ctr, ctr_free);

/* By name, id, or unambiguous prefix of an id. */
int ctr_open(struct engine *engine, const char *word, struct ctr **ret, struct err *err) must_check;
/* The newest one (--latest). */
int ctr_open_latest(struct engine *engine, struct ctr **ret, struct err *err) must_check;
/* Every container that can be read, oldest first, without their directories: thousands are listed. Damaged ones are warned
 * about and left out. */
int ctr_list(struct engine *engine, struct ctr ***ret, size_t *ret_count, struct err *err) must_check;
void ctr_list_free(struct ctr **ctrs, size_t count);
/* Opens dir_fd where it is not open. ERR_NOT_FOUND. */
int ctr_need_dir(struct engine *engine, struct ctr *ctr, struct err *err) must_check;
/* Reads the status again. */
int ctr_refresh(struct engine *engine, struct ctr *ctr, struct err *err) must_check;

int ctr_lock(struct engine *engine, struct ctr *ctr, struct err *err) must_check;
void ctr_unlock(struct ctr *ctr); /* closes dir_fd, too */

/* Does it match KEY=VALUE of --filter? id name label label! exited status ancestor before since volume health pod network
 * command restart-policy until. ERR_USAGE for an unknown key. */
int ctr_match(struct engine *engine, const struct ctr *ctr, const char *filter, bool *ret, struct err *err) must_check;
/* All of --filter's: of one key one value is enough; each label, before and until is a condition. NULL: it does. */
int ctr_match_all(struct engine *engine, const struct ctr *ctr, char *const *filters, bool *ret, struct err *err) must_check;
/* Is it one at all? For where there may be no container to ask it of. */
int ctr_match_check(struct engine *engine, const char *filter, struct err *err) must_check;
