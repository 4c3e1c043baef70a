/* inode_names.c - see inode_names.h */
#include "storage/inode_names.h"

#include <stdint.h>
#include <stdlib.h>

enum { CAP_MIN = 64 };

struct inode_name {
	dev_t dev;
	ino_t inode;
	char *path;
};

static struct inode_name *slot(const struct inode_names *n, dev_t dev, ino_t inode)
{
	size_t at = (size_t)(((uint64_t)inode ^ (uint64_t)dev << 32) * 0x9e3779b97f4a7c15u >> 7) & (n->cap - 1);
	while (n->rows[at].path && (n->rows[at].inode != inode || n->rows[at].dev != dev))
		at = (at + 1) & (n->cap - 1);
	return &n->rows[at];
}

static void grow(struct inode_names *n)
{
	struct inode_name *old = n->rows;
	size_t count = n->cap;
	n->cap = count ? count * 2 : CAP_MIN;
	n->rows = mem_array(n->cap, sizeof(*n->rows));
	for (size_t i = 0; i < count; i++)
		if (old[i].path)
			*slot(n, old[i].dev, old[i].inode) = old[i];
	free(old);
}

const char *inode_names_first(struct inode_names *n, dev_t dev, ino_t inode, const char *path)
{
	if (n->count * 2 >= n->cap)
		grow(n);
	struct inode_name *row = slot(n, dev, inode);
	if (row->path)
		return row->path;
	*row = (struct inode_name){ dev, inode, mem_strdup(path) };
	n->count++;
	return NULL;
}

void inode_names_done(struct inode_names *n)
{
	for (size_t i = 0; i < n->cap; i++)
		free(n->rows[i].path);
	free(n->rows);
	*n = (struct inode_names){ 0 };
}
