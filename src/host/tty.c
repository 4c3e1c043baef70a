#include "host/tty.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct {
	struct termios saved;
	int fd;
	bool raw, registered;
} terminal; /* there is one, and whatever ends the program has to give it back */

bool tty_is(int fd)
{
	return isatty(fd) == 1;
}

void tty_restore(void)
{
	if (terminal.raw)
		tcsetattr(terminal.fd, TCSANOW, &terminal.saved);
	terminal.raw = false;
}

int tty_raw(int fd)
{
	struct termios raw;
	if (tcgetattr(fd, &terminal.saved) < 0)
		return -errno;
	raw = terminal.saved;
	cfmakeraw(&raw);
	if (tcsetattr(fd, TCSANOW, &raw) < 0)
		return -errno;
	terminal.fd = fd;
	terminal.raw = true;
	if (!terminal.registered)
		terminal.registered = atexit(tty_restore) == 0;
	return 0;
}

int tty_size(int fd, uint16_t *ret_rows, uint16_t *ret_cols)
{
	struct winsize ws;
	if (ioctl(fd, TIOCGWINSZ, &ws) < 0)
		return -errno;
	*ret_rows = ws.ws_row;
	*ret_cols = ws.ws_col;
	return 0;
}

int tty_set_size(int fd, uint16_t rows, uint16_t cols)
{
	struct winsize ws = { .ws_row = rows, .ws_col = cols };
	return ioctl(fd, TIOCSWINSZ, &ws) < 0 ? -errno : 0;
}
