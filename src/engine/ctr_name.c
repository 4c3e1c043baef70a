#include "engine/ctr_name.h"

#include "base/mem.h"

#include <stdint.h>
#include <sys/random.h>

static const char *const left[] = {
	"amber", "ample", "ancient", "balmy", "bold", "brave", "bright", "brisk", "calm", "candid", "clear", "clever", "cosy", "crisp",
	"daring", "deft", "eager", "early", "easy", "fair", "fine", "fleet", "fond", "frank", "free", "fresh", "gentle", "glad", "golden",
	"grand", "happy", "hardy", "hearty", "honest", "humble", "ideal", "jolly", "keen", "kind", "light", "lively", "loyal", "lucid",
	"lucky", "mellow", "merry", "mighty", "mild", "modest", "neat", "nimble", "noble", "patient", "plain", "polite", "prime", "proud",
	"pure", "quick", "quiet", "rapid", "ready", "robust", "rosy", "safe", "sharp", "shiny", "silent", "silver", "simple", "smart",
	"smooth", "snug", "sober", "solid", "sound", "spry", "steady", "still", "stout", "sunny", "swift", "tidy", "tranquil", "trusty",
	"upbeat", "vivid", "warm", "wise", "witty", "young", "zesty",
};

static const char *const right[] = {
	"acorn", "alder", "anchor", "arbour", "ash", "aspen", "badger", "bay", "beacon", "beech", "birch", "bison", "bluff", "brook",
	"canyon", "cedar", "cliff", "clover", "comet", "coral", "cove", "crane", "creek", "curlew", "dale", "delta", "dune", "eagle",
	"elm", "falcon", "fern", "fjord", "forest", "fox", "garden", "glacier", "glade", "grove", "harbour", "hare", "hawk", "hazel",
	"heath", "heron", "hill", "island", "ivy", "jay", "juniper", "lagoon", "lake", "lark", "laurel", "lily", "linden", "lotus",
	"lynx", "maple", "marsh", "meadow", "mesa", "moor", "moss", "oak", "olive", "orchard", "osprey", "otter", "owl", "peak", "pine",
	"plover", "pond", "poplar", "prairie", "rapids", "raven", "reed", "reef", "ridge", "river", "robin", "rowan", "sage", "shore",
	"sparrow", "spring", "spruce", "stork", "stream", "summit", "swan", "thistle", "tide", "valley", "walnut", "willow", "wren",
};

char *ctr_name_random_dup(void)
{
	uint32_t pick[2] = { 0 };
	if (getrandom(pick, sizeof(pick), 0) != sizeof(pick))
		pick[0] = pick[1] = 0; /* the name is then taken, and the next try is as good */
	return mem_printf("%s_%s", left[pick[0] % ARRAY_LEN(left)], right[pick[1] % ARRAY_LEN(right)]);
}

bool ctr_name_valid(const char *name)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	static const char rest[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
	return *name && strchr(first, *name) && !name[strspn(name, rest)] && strlen(name) <= 255;
}
