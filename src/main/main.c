/* main.c - the program: cpod, and podman or docker when it is called so.
 *
 * Everything is in the tables of cli/; nothing is built when the program starts.
 */
#include "cli/command.h"

int main(int argc, char **argv)
{
	(void)argc;
	return dispatch_main(argv);
}
