/* test_ctr_idmap_words.c - --uidmap and --gidmap as Podman 5.8.6 read them, for root and for a user with 65536 subordinate ids. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "engine/ctr_idmap_words.h"

#include <string.h>

static const struct userns_map user_ids[] = { { 0, 1000, 1 }, { 1, 100000, 65536 }, { 0 } };

struct row {
	bool user;
	const char *uids, *gids;  /* words between blanks */
	const char *users, *groups; /* what comes of them; users: the sentence when groups is NULL */
};

static const struct row rows[] = {
	{ false, "0:1:10", "0:1:20", "0:1:10", "0:1:20" },
	{ false, "0:5", "", "0:5:1", "0:5:1" },
	{ false, "", "0:7:100", "0:7:100", "0:7:100" },
	{ false, "0:0:1 1:5:10", "", "0:0:1 1:5:10", "0:0:1 1:5:10" },
	{ false, "1:5:10 0:0:1", "", "0:0:1 1:5:10", "0:0:1 1:5:10" },
	{ false, "+0:@1000", "", "0:1000:1", "0:1000:1" },
	{ false, "g0:1:10", "", "0:0:1", "0:1:10" },
	{ false, "0:0:100 +50:200:2", "", "0:0:50 50:200:2 52:52:48", "0:0:50 50:200:2 52:52:48" },
	{ false, "0:0:100 +500:50:2", "", "0:0:50 52:52:48 500:50:2", "0:0:50 52:52:48 500:50:2" },
	{ false, "+5:100:2", "", "5:100:2", "5:100:2" },
	{ true, "0:1:10", "0:1:20", "0:1:10", "0:1:20" },
	{ true, "+0:@1000", "", "0:0:65537", "0:0:65537" },
	{ true, "5:@100010:2", "", "5:11:2", "5:11:2" },
	{ true, "u0:1:10", "", "0:1:10", "0:0:65537" },
	{ true, "0:1:10", "u5:50:1", "0:1:10", "0:0:65537" },
	{ true, "+5:100:2", "", "0:0:5 5:100:2 7:5:95 102:102:65435", "0:0:5 5:100:2 7:5:95 102:102:65435" },
	{ true, "u+5:100:2", "", "0:0:5 5:100:2 7:5:95 102:102:65435", "0:0:65537" },
	{ true, "0:0:100 +50:200:2", "", "0:0:50 50:200:2 52:52:48", "0:0:50 50:200:2 52:52:48" },
	{ true, "+5:@0", "", "parent ID UID 0 is not mapped/delegated", NULL },
	{ true, "0:100000:1000", "", "mapping 0:100000:1000: this user has users 0 to 65536 only (0 is the user, the others are the subordinate ids)", NULL },
	{ false, "0:1:10 5:30:10", "", "the specified UID and/or GID mapping 5:30:10 conflicts with other mappings: invalid mappings specified", NULL },
	{ false, "0:1:10 20:5:1", "", "the specified UID and/or GID mapping 20:5:1 conflicts with other mappings: invalid mappings specified", NULL },
	{ false, "a:b", "", "invalid mapping: [a b 1]. Unknown flag 97", NULL },
	{ false, "@1000:0", "", "invalid mapping: [@1000 0 1]. Unknown flag 64", NULL },
	{ false, "0:1:0", "", "must provide at least one UID or GID mapping to configure a user namespace", NULL },
	{ false, "0", "", "invalid mapping \"0\": [FLAGS]CONTAINER_ID:ID[:COUNT] is expected", NULL },
	{ false, "0:x", "", "invalid mapping \"0:x\": numbers of 32 bits are expected", NULL },
	{ false, "0:4294967290:10", "", "invalid mapping \"0:4294967290:10\": numbers of 32 bits are expected", NULL },
};

static char *joined_dup(const struct userns_map *maps)
{
	auto_strv words = ctr_idmap_words_from(maps);
	return strv_join(words, " ");
}

static void check(const struct row *row)
{
	auto_strv uids = strv_split(row->uids, ' ');
	auto_strv gids = strv_split(row->gids, ' ');
	struct userns_map *users = NULL, *groups = NULL;
	struct err err = { 0 };
	const struct ctr_idmap_words words = { uids, gids };
	const struct userns_map *ours = row->user ? user_ids : NULL;
	int rc = ctr_idmap_words_read(&words, ours, ours, &users, &groups, &err);
	if (!row->groups) {
		assert_int_equal(rc, -1);
		assert_string_equal(err.text, row->users);
		return;
	}
	if (rc < 0)
		fail_msg("'%s' '%s': %s", row->uids, row->gids, err.text);
	auto_free char *u = joined_dup(users), *g = joined_dup(groups);
	assert_string_equal(u, row->users);
	assert_string_equal(g, row->groups);
	free(users);
	free(groups);
}

static void test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check(&rows[i]);
}

static void test_there_and_back(void **state)
{
	(void)state;
	const struct userns_map maps[] = { { 0, 1, 10 }, { 10, 50, 4 }, { 0 } };
	auto_strv words = ctr_idmap_words_from(maps);
	struct userns_map *back = NULL;
	struct err err = { 0 };
	assert_int_equal(ctr_idmap_words_to(words, &back, &err), 0);
	assert_memory_equal(back, maps, sizeof(maps));
	free(back);
}

static void test_fill(void **state)
{
	(void)state;
	/* auto:uidmapping=0:5:1,size=500 of a user whose ids 1 to 100 are another's */
	auto_val(ctr_idmap_list) list = { 0 }, ids = { 0 };
	ctr_idmap_list_put(&ids, (struct userns_map){ 1, 1, 65536 });
	ctr_idmap_list_drop(&ids, 1, 100);
	ctr_idmap_list_put(&list, (struct userns_map){ 0, 5, 1 });
	ctr_idmap_list_fill(&list, ids.maps, 500);
	auto_free char *text = joined_dup(list.maps);
	assert_string_equal(text, "0:5:1 1:101:499");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_words), cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_fill) };
	return cmocka_run_group_tests_name("ctr_idmap_words", tests, NULL, NULL);
}
