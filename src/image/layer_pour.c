/* layer_pour.c - see layer_pour.h */
#include "image/layer_pour.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

int layer_pour(int input_fd, const void *data, size_t len)
{
	const char *at = data;

	while (len) {
		ssize_t n = write(input_fd, at, len);

		if (n < 0 && errno == EAGAIN) {
			poll(&(struct pollfd){ .fd = input_fd, .events = POLLOUT }, 1, -1);
			continue;
		}
		if (n < 0 && errno != EINTR)
			return 1;
		if (n > 0) {
			at += n;
			len -= (size_t)n;
		}
	}
	return 0;
}
