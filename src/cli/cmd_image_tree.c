/* cmd_image_tree.c - image tree: the layers of an image, and what stands on them */
#include "base/num.h"
#include "base/str.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/images_tree.h"

#include <stdio.h>

enum { ID_SHORT = 12 };

struct tree_values {
	bool what_requires;
};

/* One item of a drawn tree. */
struct item {
	char *text;
	struct item *items;
	size_t count;
};

static struct item *add_item(struct item *to, const struct images_tree_row *row)
{
	auto_free char *tags = row->tags ? strv_join(row->tags, " ") : NULL;
	to->items = mem_resize(to->items, to->count + 1, sizeof(*to->items));
	to->items[to->count] = (struct item){
		.text = mem_printf("ID: %.*s Size: %7s%s%s%s", ID_SHORT, row->id, num_size_tight(row->size).text,
				   tags && *tags ? " Top Layer of: [" : "", tags ? tags : "", tags && *tags ? "]" : ""),
	};
	return &to->items[to->count++];
}

/* COMPAT: a layer stands beside the one below it as long as it is the only one on top of it. */
static void add_children(struct item *root, const struct images_tree_row *row)
{
	bool nested = row->parent && row->parent->child_count > 1;
	struct item own = { 0 };
	struct item *at = add_item(root, row);
	if (!nested) {
		for (size_t i = 0; i < row->child_count; i++)
			add_children(root, row->children[i]);
		return;
	}
	for (size_t i = 0; i < row->child_count; i++)
		add_children(&own, row->children[i]);
	at->items = own.items;
	at->count = own.count;
}

static void draw(const struct item *items, size_t count, const char *before)
{
	for (size_t i = 0; i < count; i++) {
		bool last = i + 1 == count;
		auto_free char *below = mem_printf("%s%s", before, last ? "    " : "│   ");
		printf("%s%s %s\n", before, last ? "└──" : "├──", items[i].text);
		draw(items[i].items, items[i].count, below);
	}
}

static void free_items(struct item *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(items[i].text);
		free_items(items[i].items, items[i].count);
	}
	free(items);
}

static int run_tree(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct tree_values *v = values;
	auto_ptr(engine) engine = NULL;
	auto_val(images_tree) tree = { 0 };
	struct item root = { 0 };
	if (session_open(cli, ENGINE_READ, &engine, err) < 0 || images_tree(engine, words[0], &tree, err) < 0)
		return -1;
	auto_free char *tags = tree.tags ? strv_join(tree.tags, " ") : mem_strdup("");
	size_t n = 0;
	while (tree.chain && tree.chain[n])
		n++;
	if (v->what_requires && n)
		add_children(&root, tree.chain[n - 1]);
	else
		for (size_t i = 0; i < n; i++)
			add_item(&root, tree.chain[i]);
	printf("Image ID: %.*s\nTags:     [%s]\nSize:     %s\n%s\n", ID_SHORT, tree.id, tags, num_size_tight(tree.size).text,
	       n ? "Image Layers" : "No Image Layers");
	draw(root.items, root.count, "");
	printf("\n");
	free_items(root.items, root.count);
	return 0;
}

static const struct flag tree_rows[] = {
	{ "whatrequires", 0, FLAG_BOOL, FLAG_AT(struct tree_values, what_requires), .help = "Show the images and layers that stand on this image" },
};
static const struct flag_group tree_groups[] = { { tree_rows, ARRAY_LEN(tree_rows), 0 }, { 0 } };
const struct verb cmd_image_tree_verb = {
	.about = "Shows the layers of an image as a tree.",
	.groups = tree_groups, .values_size = sizeof(struct tree_values), .args = VERB_EXACT, .arg_count = 1, .run = run_tree,
};
