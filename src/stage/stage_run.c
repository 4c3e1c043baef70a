#include "stage/stage.h"
#include "stage/sys.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

int stage_stands(struct stage *s, const struct plan_op *op)
{
	(void)op;
	return stage_say(s, PLAN_SAYS_STANDS, 0, -1);
}

int stage_workdir(struct stage *s, const struct plan_op *op)
{
	int fd = stage_path_make(s, plan_text(s->plan, op->ref[0]), 0);
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

/* By a descriptor and without magic links: /proc/self/fd/N must not lead out. Then the kernel is asked where we are. */
int stage_chdir(struct stage *s, const struct plan_op *op)
{
	char where[PLAN_MAX_PATH];
	int fd = sys_openat2(AT_FDCWD, plan_text(s->plan, op->ref[0]), O_PATH | O_DIRECTORY, 0, RESOLVE_NO_MAGICLINKS);
	if (fd < 0)
		return fd;
	int rc = fchdir(fd) < 0 ? -errno : 0;
	close(fd);
	if (rc == 0 && (syscall(__NR_getcwd, where, sizeof(where)) < 0 || where[0] != '/'))
		rc = -EXDEV;
	return rc;
}

/* --- the command (COMPAT: found and refused as crun does) --- */

static int usable(struct stage *s)
{
	struct stat st;
	if (stat(s->path, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode)) {
		s->reason = PLAN_REASON_NOT_REGULAR;
		return -EPERM;
	}
	if (syscall(__NR_faccessat2, AT_FDCWD, s->path, X_OK, AT_EACCESS) < 0) {
		s->reason = PLAN_REASON_NOT_EXECUTABLE;
		return -EPERM;
	}
	return 0;
}

static int compose(struct stage *s, const char *dir, size_t dir_len, const char *name)
{
	size_t len = strlen(name);
	if (dir_len + 1 + len >= sizeof(s->path))
		return -ENAMETOOLONG;
	memcpy(s->path, dir, dir_len);
	s->path[dir_len] = '/';
	memcpy(s->path + dir_len + 1, name, len + 1);
	return 0;
}

static const char *path_of(struct stage *s, struct plan_ref environment)
{
	const char *found = NULL;
	for (const char *at = NULL; (at = plan_list_next(s->plan, environment, at));)
		if (strncmp(at, "PATH=", 5) == 0)
			found = at + 5;
	return found ? found : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

static int search(struct stage *s, const char *name, const char *path)
{
	uint32_t refused = PLAN_REASON_NOT_IN_PATH;
	for (const char *end; *path; path = *end ? end + 1 : end) {
		end = path + strcspn(path, ":");
		if (compose(s, path, (size_t)(end - path), name) < 0)
			continue;
		s->reason = 0;
		int rc = usable(s);
		if (rc == 0)
			return 0;
		if (s->reason == PLAN_REASON_NOT_EXECUTABLE)
			refused = s->reason;
	}
	s->reason = refused;
	return refused == PLAN_REASON_NOT_IN_PATH ? -ENOENT : -EPERM;
}

static int locate(struct stage *s, const char *name, struct plan_ref environment)
{
	if (!strchr(name, '/'))
		return search(s, name, path_of(s, environment));
	char cwd[PLAN_MAX_PATH] = "";
	int rc = 0;
	if (name[0] == '/') {
		rc = compose(s, "", 0, name + 1);
	} else {
		if (syscall(__NR_getcwd, cwd, sizeof(cwd)) < 0)
			return -errno;
		rc = compose(s, cwd, strcmp(cwd, "/") == 0 ? 0 : strlen(cwd), name);
	}
	s->subject[0] = s->path;
	s->reason = PLAN_REASON_NOT_FOUND;
	return rc < 0 ? rc : usable(s);
}

int stage_command(struct stage *s, const struct plan_op *op)
{
	const char *name = plan_list_next(s->plan, op->ref[0], NULL);
	s->subject[0] = name ? name : "";
	s->reason = PLAN_REASON_EMPTY;
	if (!name || !*name)
		return -ENOENT;
	int rc = locate(s, name, op->ref[1]);
	s->command = op;
	if (rc == 0)
		s->reason = PLAN_REASON_NONE;
	return rc;
}

static char **list_in_place(struct stage *s, struct plan_ref list, char **at)
{
	for (const char *text = NULL; (text = plan_list_next(s->plan, list, text));)
		*at++ = (char *)(uintptr_t)text;
	*at++ = NULL;
	return at;
}

int stage_run(struct stage *s, const struct plan_op *op)
{
	(void)op;
	const struct plan_op *command = s->command;
	size_t words = plan_list_len(s->plan, command->ref[0]), environment = plan_list_len(s->plan, command->ref[1]);
	size_t bytes = (words + environment + 2) * sizeof(char *);
	char go = 0, **argv = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (argv == MAP_FAILED)
		return -errno;
	char **envp = list_in_place(s, command->ref[0], argv);
	list_in_place(s, command->ref[1], envp);
	int rc = stage_say(s, PLAN_SAYS_READY, 0, -1);
	if (rc < 0)
		return rc;
	/* the engine is gone, or has given up: nobody will ever release us */
	if (read(s->control_fd, &go, 1) != 1 || go != PLAN_RELEASE)
		_exit(125);
	execve(s->path, argv, envp);
	s->subject[0] = s->path;
	s->reason = PLAN_REASON_EXEC;
	return -errno;
}
