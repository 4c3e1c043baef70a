/* choose.c - see choose.h */
#include "cli/choose.h"

#include "base/fd.h"
#include "base/num.h"
#include "base/str.h"
#include "cli/session.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#define QUESTION "Please select an image:"

enum { MARGIN = 4, KEY_UP = 'P' & 0x1f, KEY_DOWN = 'N' & 0x1f, KEY_ESCAPE = 0x1b, KEY_CANCEL = 'C' & 0x1f, KEY_END = 'D' & 0x1f };

static int nothing(struct err *err)
{
	return err_set(err, ERR_USAGE, "no image was selected: name one in full, or select one");
}

/* --- the numbered list --- */

static int ask_number(char *const *names, size_t *ret, struct err *err)
{
	char answer[16];
	uint64_t number;
	printf("? %s\n", QUESTION);
	for (size_t i = 0; names[i]; i++)
		printf("%4zu  %s\n", i + 1, names[i]);
	printf("Number: ");
	fflush(stdout);
	if (!fgets(answer, sizeof(answer), stdin))
		return nothing(err);
	answer[strcspn(answer, "\r\n")] = '\0';
	if (num_u64(answer, strv_len(names), &number) < 0 || number < 1)
		return nothing(err);
	*ret = (size_t)number - 1;
	return 0;
}

/* --- the list that is walked --- */

struct walk {
	char *const *names;
	size_t count, at;
	struct termios shown;
	sigset_t blocked, before;
	int signal_fd;
};

static void draw(const struct walk *w)
{
	printf("\r\x1b[2K\x1b[34m?\x1b[0m %s\n", QUESTION);
	for (size_t i = 0; i < w->count; i++)
		printf(i == w->at ? "\x1b[2K  \x1b[1m▸\x1b[0m \x1b[4m%s\x1b[0m\n" : "\x1b[2K    %s\n", w->names[i]);
	fflush(stdout);
}

/* To where the question begins. */
static void go_back(const struct walk *w)
{
	printf("\x1b[%zuA\r", w->count + 1);
}

/* Whatever ends the program meanwhile must give the terminal back: signals are read. */
static int begin(struct walk *w, struct err *err)
{
	static const int ending[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT };
	struct termios keys;
	if (tcgetattr(STDIN_FILENO, &w->shown) < 0)
		return err_sys(err, errno, "cannot read the terminal's modes");
	sigemptyset(&w->blocked);
	for (size_t i = 0; i < ARRAY_LEN(ending); i++)
		sigaddset(&w->blocked, ending[i]);
	w->signal_fd = signalfd(-1, &w->blocked, SFD_CLOEXEC);
	if (w->signal_fd < 0)
		return err_sys(err, errno, "cannot watch for signals");
	sigprocmask(SIG_BLOCK, &w->blocked, &w->before);
	keys = w->shown;
	keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
	keys.c_iflag &= ~(tcflag_t)ICRNL;
	keys.c_cc[VMIN] = 1;
	keys.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &keys);
	printf("\x1b[?25l");
	draw(w);
	return 0;
}

static void end(struct walk *w, bool chosen)
{
	go_back(w);
	printf("\x1b[J");
	if (chosen)
		printf("\x1b[32m✔\x1b[0m \x1b[2m%s\x1b[0m\n", w->names[w->at]);
	printf("\x1b[?25h");
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &w->shown);
	w->signal_fd = fd_close(w->signal_fd);
	/* one that came ends the program here */
	sigprocmask(SIG_SETMASK, &w->before, NULL);
}

/* One byte of the keyboard; KEY_END where there is none any more, or a signal came. */
static int read_byte(const struct walk *w)
{
	struct pollfd fds[] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .fd = w->signal_fd, .events = POLLIN } };
	unsigned char byte = KEY_END;
	while (poll(fds, ARRAY_LEN(fds), -1) < 0 && errno == EINTR)
		;
	if (fds[1].revents || read(STDIN_FILENO, &byte, 1) != 1)
		return KEY_END;
	return byte;
}

/* Arrows are ESC [ A or ESC O A; other sequences end with a letter or a tilde, and mean nothing. */
static int read_key(const struct walk *w)
{
	int key = read_byte(w);
	if (key != KEY_ESCAPE)
		return key;
	key = read_byte(w);
	if (key != '[' && key != 'O')
		return key == KEY_CANCEL || key == KEY_END || key == '\r' ? key : 0;
	do {
		key = read_byte(w);
	} while (key != KEY_END && key < '@');
	return key == 'A' ? KEY_UP : key == 'B' ? KEY_DOWN : key == KEY_END ? KEY_END : 0;
}

static int ask_list(char *const *names, size_t *ret, struct err *err)
{
	struct walk w = { .names = names, .count = strv_len(names), .signal_fd = -EBADF };
	int key;
	if (begin(&w, err) < 0)
		return -1;
	while ((key = read_key(&w)) != '\r' && key != '\n' && key != KEY_CANCEL && key != KEY_END) {
		if (key == KEY_UP && w.at > 0)
			w.at--;
		else if (key == KEY_DOWN && w.at + 1 < w.count)
			w.at++;
		go_back(&w);
		draw(&w);
	}
	end(&w, key == '\r' || key == '\n');
	if (key == KEY_CANCEL || key == KEY_END)
		return nothing(err);
	*ret = w.at;
	return 0;
}

/* A line that wraps, or one that has scrolled away, cannot be drawn again. */
static bool fits(char *const *names)
{
	struct winsize size;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || strv_len(names) + 2 > size.ws_row)
		return false;
	for (; *names; names++)
		if (strlen(*names) + MARGIN >= size.ws_col)
			return false;
	return true;
}

int choose_name(char *const *names, size_t *ret, struct err *err)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return 1;
	return session_in_colour() && fits(names) ? ask_list(names, ret, err) : ask_number(names, ret, err);
}
