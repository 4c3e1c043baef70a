/* tty.h - the caller's terminal: raw mode and back, its size.
 * Errors: -errno. Whatever ends the program, tty_restore must have run: it is safe to call twice and from atexit.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

bool tty_is(int fd);
int tty_raw(int fd);
void tty_restore(void);
int tty_size(int fd, uint16_t *ret_rows, uint16_t *ret_cols);
int tty_set_size(int fd, uint16_t rows, uint16_t cols);
