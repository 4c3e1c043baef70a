/* progress.c - see progress.h */
#include "cli/progress.h"

#include "base/ntime.h"
#include "base/num.h"
#include "base/str.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { ID_SHORT = 12, BAR_MAX = 40, BAR_MIN = 8, WIDTH_DEFAULT = 80, FRAME_MS = 100 };

/* --- one line --- */

static const char *short_digest(const char *digest)
{
	const char *hex = strchr(digest, ':');
	return hex ? hex + 1 : digest;
}

static void add_bar(struct str *out, uint64_t bytes, uint64_t total, size_t width)
{
	size_t full = total ? (size_t)((double)bytes / (double)total * (double)width) : 0;
	str_add_char(out, '[');
	for (size_t i = 0; i < width; i++)
		str_add_char(out, i < full ? '=' : i == full ? '>' : '-');
	str_add_char(out, ']');
}

char *progress_line_dup(const struct progress_item *item, int64_t elapsed_ns, size_t width)
{
	auto_str out = { 0 };
	str_addf(&out, "Copying %s %.*s ", item->kind, ID_SHORT, short_digest(item->digest));
	if (item->step == IMAGES_STEP_EXISTS) {
		str_add(&out, "skipped: already exists");
	} else if (item->step == IMAGES_STEP_DONE) {
		str_add(&out, "done");
	} else {
		uint64_t bytes = item->bytes < item->total || !item->total ? item->bytes : item->total;
		auto_free char *numbers = item->total ? mem_printf(" %s / %s", num_size_text(bytes).text, num_size_text(item->total).text) :
							 mem_strdup(num_size_text(bytes).text);
		size_t used = out.len + strlen(numbers) + 2, bar = width > used ? width - used : 0;
		if (bar >= BAR_MIN && item->total)
			add_bar(&out, bytes, item->total, bar < BAR_MAX ? bar : BAR_MAX);
		str_add(&out, numbers);
		if (elapsed_ns >= NS_PER_S && out.len + 16 < width)
			str_addf(&out, " | %s/s", num_size_text((uint64_t)((double)bytes / ((double)elapsed_ns / NS_PER_S))).text);
	}
	if (out.len > width)
		str_cut(&out, width);
	return str_take(&out);
}

/* --- the screen --- */

static size_t screen_width(void)
{
	struct winsize size;
	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? (size_t)size.ws_col - 1 : WIDTH_DEFAULT;
}

static void draw(struct progress *p)
{
	auto_str out = { 0 };
	int64_t now = ntime_monotonic();
	size_t width = screen_width();
	if (p->drawn)
		str_addf(&out, "\033[%zuA", p->drawn);
	for (size_t i = 0; i < p->item_count; i++) {
		auto_free char *line = progress_line_dup(&p->items[i], now - p->started_ns, width);
		str_addf(&out, "\r%s\033[K\n", line);
	}
	p->drawn = p->item_count;
	p->drawn_at_ns = now;
	fputs(str_text(&out), stderr);
}

static void forget_items(struct progress *p)
{
	for (size_t i = 0; i < p->item_count; i++) {
		free(p->items[i].kind);
		free(p->items[i].digest);
	}
	free(p->items);
	p->items = NULL;
	p->item_count = p->drawn = 0;
}

static void say(void *ctx, const char *text)
{
	struct progress *p = ctx;
	if (p->tty && p->drawn)
		draw(p);
	if (p->tty)
		forget_items(p); /* what is above the words stays as it is */
	fprintf(stderr, "%s\n", text);
}

/* --- items --- */

static struct progress_item *find_item(struct progress *p, const char *kind, const char *digest, bool *ret_new)
{
	*ret_new = false;
	for (size_t i = 0; i < p->item_count; i++)
		if (strcmp(p->items[i].digest, digest) == 0)
			return &p->items[i];
	*ret_new = true;
	p->items = mem_resize(p->items, p->item_count + 1, sizeof(*p->items));
	struct progress_item *item = &p->items[p->item_count++];
	*item = (struct progress_item){ .kind = mem_strdup(kind), .digest = mem_strdup(digest) };
	return item;
}

static void show_item(void *ctx, const char *kind, const char *digest, enum images_step step, uint64_t bytes, uint64_t total)
{
	struct progress *p = ctx;
	bool is_new;
	struct progress_item *item = find_item(p, kind, digest, &is_new);
	bool changed = is_new || item->step != step;
	item->step = step;
	item->bytes = bytes;
	item->total = total;
	if (p->tty) {
		if (changed || ntime_monotonic() - p->drawn_at_ns >= FRAME_MS * NS_PER_MS)
			draw(p);
	} else if (is_new) {
		fprintf(stderr, "Copying %s %s%s\n", kind, digest, step == IMAGES_STEP_EXISTS ? " skipped: already exists" : "");
	}
}

void progress_init(struct progress *p, bool quiet)
{
	*p = (struct progress){ .quiet = quiet, .tty = isatty(STDERR_FILENO), .started_ns = ntime_monotonic() };
	p->images = (struct images_progress){ .say = say, .item = show_item, .ctx = p };
}

void progress_done(struct progress *p)
{
	forget_items(p);
}

const struct images_progress *progress_images(struct progress *p)
{
	return p->quiet ? NULL : &p->images;
}
