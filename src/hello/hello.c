/* hello.c - what `./bootstrap demo` runs: says that a container ran, and what to try next. */
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

int main(void)
{
	struct utsname host;
	if (uname(&host) < 0)
		return 1;
	printf("Hello from a container!\n\n"
	       "It runs on Linux %s as user %u of its own, process %d of its own process tree, on a host called %s\n"
	       "that nobody outside knows.\n\n"
	       "Try next:\n"
	       "    cpod run --rm -it docker.io/library/debian bash\n"
	       "    cpod run -d -p 8080:80 docker.io/library/nginx\n"
	       "    cpod ps\n",
	       host.release, geteuid(), getpid(), host.nodename);
	return fflush(stdout) ? 1 : 0;
}
