/* dl.c - see dl.h */
#include "base/dl.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#ifdef CPOD_STATIC
int dl_need(struct err *err)
{
	return err_set(err, ERR_LIBRARIES, "the program cpod-full is needed for this: install cpod again");
}
#else
int dl_need(struct err *err)
{
	return 0;
}
#endif

int dl_load(const char *const *sonames, const char *package, const struct dl_symbol *symbols, size_t count,
	    void **handle, struct err *err)
{
	void *lib = NULL;

	if (*handle)
		return 0;
	if (dl_need(err) < 0)
		return -1;
	for (size_t i = 0; sonames[i] && !lib; i++)
		lib = dlopen(sonames[i], RTLD_NOW | RTLD_LOCAL);
	if (!lib)
		return err_set(err, ERR_UNSUPPORTED, "cannot load the library '%s': install the package %s", sonames[0], package);
	for (size_t i = 0; i < count; i++) {
		void *address = dlsym(lib, symbols[i].name);

		if (!address) {
			dlclose(lib);
			return err_set(err, ERR_UNSUPPORTED, "the library '%s' lacks '%s': install a newer %s", sonames[0],
				       symbols[i].name, package);
		}
		*symbols[i].slot = address;
	}
	*handle = lib;
	return 0;
}
