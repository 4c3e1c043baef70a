/* sandbox_probe.c - what hostile code inside a container tries; a static program that the tests of the sandbox put into images.
 *   sandbox_probe socket FAMILY        "open", or the name of the error
 *   sandbox_probe socket_high FAMILY   the same with bits set that the kernel drops and a filter may see
 *   sandbox_probe socket32 FAMILY      the same through int 0x80 and socketcall(2), as a program of 32 bits would
 *   sandbox_probe tiocsti TEXT         types TEXT into the terminal of standard input
 *   sandbox_probe keyring NAME         a key NAME in the session keyring: "found" or "none"; add puts it there
 *   sandbox_probe add NAME
 *   sandbox_probe swap A B             exchanges A and B for ever (renameat2)
 *   sandbox_probe peek                 tries to open what new processes have, for ever; prints "open PATH COMM" at each success
 *   sandbox_probe overwrite PATH       tries to write to the program /proc/PID/exe of every process, for ever: "wrote PID"
 *   sandbox_probe fds                  the open descriptors beyond 0-2, one a line
 *   sandbox_probe bomb N               forks N children that stay: how many there were, and the error
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int number(const char *text)
{
	int value = 0;
	while (*text >= '0' && *text <= '9' && value < 100000000)
		value = value * 10 + (*text++ - '0');
	return value;
}

static void answer(long rc)
{
	/* names, for the libc's sentences differ */
	static const struct { int code; const char *name; } names[] = {
		{ EPERM, "EPERM" }, { EACCES, "EACCES" }, { ENOSYS, "ENOSYS" }, { EAFNOSUPPORT, "EAFNOSUPPORT" }, { EIO, "EIO" },
		{ ENOTTY, "ENOTTY" }, { EINVAL, "EINVAL" }, { EAGAIN, "EAGAIN" }, { ENOKEY, "ENOKEY" }, { EPROTONOSUPPORT, "EPROTONOSUPPORT" },
		{ ESOCKTNOSUPPORT, "ESOCKTNOSUPPORT" },
	};
	for (size_t i = 0; rc < 0 && i < sizeof(names) / sizeof(*names); i++)
		if (names[i].code == -rc) {
			puts(names[i].name);
			return;
		}
	if (rc < 0)
		printf("errno %ld\n", -rc);
	else
		puts("open");
}

static int try_socket(char **words)
{
	int type = strcmp(words[0], "38") == 0 ? SOCK_SEQPACKET : SOCK_STREAM;
	int fd = socket(number(words[0]), type, 0);
	answer(fd < 0 ? -errno : fd);
	return 0;
}

static int try_socket_high(char **words)
{
	long fd = syscall(SYS_socket, number(words[0]) | (1L << 32), SOCK_SEQPACKET, 0);
	answer(fd < 0 ? -errno : fd);
	return 0;
}

static int try_socket32(char **words)
{
#if defined(__x86_64__)
	/* its argument block has to be where 32 bits reach */
	unsigned *args = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	long rc = 102 /* socketcall */, call = 1 /* SYS_SOCKET */;
	if (args == MAP_FAILED)
		return 1;
	args[0] = (unsigned)number(words[0]);
	args[1] = SOCK_SEQPACKET;
	args[2] = 0;
	__asm__ volatile("int $0x80" : "+a"(rc) : "b"(call), "c"(args) : "memory", "r8", "r9", "r10", "r11");
	answer((int)rc);
#else
	puts("ENOSYS");
#endif
	return 0;
}

static int try_tiocsti(char **words)
{
	for (const char *c = words[0]; *c; c++)
		if (ioctl(0, TIOCSTI, c) < 0) {
			answer(-errno);
			return 0;
		}
	puts("open");
	return 0;
}

static int try_keyring(char **words)
{
	long key = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", words[0], 0);
	if (key < 0)
		key = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, "user", words[0], 0);
	if (key < 0)
		answer(-errno);
	else
		puts("found");
	return 0;
}

static int add_key_named(char **words)
{
	long key = syscall(SYS_add_key, "user", words[0], "secret", 6, KEY_SPEC_SESSION_KEYRING);
	answer(key < 0 ? -errno : 0);
	if (words[1]) { /* and go on with what follows, within the session that has it */
		fflush(stdout);
		execvp(words[1], words + 1);
	}
	return key < 0;
}

static int swap(char **words)
{
	for (;;)
		syscall(SYS_renameat2, AT_FDCWD, words[0], AT_FDCWD, words[1], 2 /* RENAME_EXCHANGE */);
	return 0;
}

/* What the joining process would give away: memory, descriptors, the host's root, the environment. Its own kin is not asked. */
static void peek_at(int pid)
{
	static const char *const files[] = { "mem", "environ", "root/proc/1/root", "fd/3", "fd/4", "fd/5", "fd/6", "fd/7", "fd/8", "cwd/../../../../etc" };
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char path[64], comm[32] = "";
		snprintf(path, sizeof(path), "/proc/%d/comm", pid);
		int fd = open(path, O_RDONLY);
		ssize_t n = fd < 0 ? 0 : read(fd, comm, sizeof(comm) - 1);
		if (fd >= 0)
			close(fd);
		comm[n > 0 ? n - 1 : 0] = 0;
		if (!strstr(comm, "cpod") && !strstr(comm, "stage"))
			return;
		snprintf(path, sizeof(path), "/proc/%d/%s", pid, files[i]);
		fd = open(path, O_RDONLY);
		if (fd < 0)
			continue;
		printf("open %s of %s\n", path, comm);
		fflush(stdout);
		close(fd);
	}
}

static int each_process(void (*what)(int pid))
{
	for (;;) {
		DIR *dir = opendir("/proc");
		for (struct dirent *e; dir && (e = readdir(dir));)
			if (e->d_name[0] >= '1' && e->d_name[0] <= '9' && number(e->d_name) != getpid())
				what(number(e->d_name));
		if (dir)
			closedir(dir);
	}
	return 0;
}

static int peek(char **words)
{
	return each_process(peek_at);
}

static ino_t own_program;

static void overwrite_of(int pid)
{
	char path[64];
	struct stat st;
	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	int read_fd = open(path, O_PATH);
	if (read_fd < 0)
		return;
	/* the image's own programs may well be written to: they are the container's */
	if (fstat(read_fd, &st) == 0 && st.st_dev != own_program) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", read_fd);
		int fd = open(path, O_WRONLY);
		if (fd >= 0) {
			printf("wrote %d\n", pid);
			fflush(stdout);
			close(fd);
		}
	}
	close(read_fd);
}

static int overwrite(char **words)
{
	struct stat st;
	own_program = stat("/proc/self/exe", &st) == 0 ? st.st_dev : 0;
	return each_process(overwrite_of);
}

static int show_fds(char **words)
{
	for (int fd = 3; fd < 4096; fd++) {
		char path[32], target[256];
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		ssize_t n = readlink(path, target, sizeof(target) - 1);
		if (n >= 0)
			printf("%d %.*s\n", fd, (int)n, target);
	}
	return 0;
}

static int bomb(char **words)
{
	int count = 0, wanted = number(words[0]), error = 0;
	for (; count < wanted; count++) {
		pid_t pid = fork();
		if (pid == 0) {
			pause();
			_exit(0);
		}
		if (pid < 0) {
			error = errno;
			break;
		}
	}
	printf("%d ", count);
	answer(error ? -error : 0);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int words;
		int (*run)(char **words);
	} modes[] = {
		{ "socket", 1, try_socket }, { "socket_high", 1, try_socket_high }, { "socket32", 1, try_socket32 }, { "tiocsti", 1, try_tiocsti }, { "keyring", 1, try_keyring },
		{ "add", 1, add_key_named }, { "swap", 2, swap }, { "peek", 0, peek }, { "overwrite", 0, overwrite },
		{ "fds", 0, show_fds }, { "bomb", 1, bomb },
	};
	for (size_t i = 0; argc > 1 && i < sizeof(modes) / sizeof(*modes); i++)
		if (strcmp(argv[1], modes[i].name) == 0 && argc - 2 >= modes[i].words)
			return modes[i].run(argv + 2);
	fputs("sandbox_probe: unknown words\n", stderr);
	return 2;
}
