/* monitor_proto.h - what the engine, the commands and cpod-monitor say to each other.
 * Shape:  attach: a SOCK_SEQPACKET socket, <runroot>/containers/<id>/attach; one packet is one byte of kind and its payload.
 *         The command that started a container in the foreground has such a socket from birth.
 *         start: the monitor is exec'd with words KEY=VALUE; values that end in _fd name inherited descriptors.
 *         exit record: {"code":N,"finished_ns":N,"oom":true|false,"log_lost":N}, written whole under its name; log_lost: pieces of
 *         output that the journal did not take.
 * Units:  sizes in bytes, times in nanoseconds since 1970, integers little endian.
 */
#pragma once

#include <stdint.h>

enum monitor_msg {
	MONITOR_OUT = 'O',   /* monitor → client: the container's stdout, or its terminal */
	MONITOR_ERR = 'E',   /* its stderr */
	MONITOR_EXIT = 'X',  /* it has ended: struct monitor_exit; the last packet */
	MONITOR_IN = 'I',    /* client → monitor: bytes for its stdin */
	MONITOR_EOF = 'Z',   /* its stdin ends */
	MONITOR_SIZE = 'W',  /* the terminal's new size: struct monitor_size */
	MONITOR_HEALTH = 'H', /* the health check's new times: struct monitor_health; the next one comes at once */
	MONITOR_GO = 'G',    /* where control_fd was given: payload a byte, 1 for a client that is the foreground command. The answer is the
			      * same kind with that descriptor, which is the client's from then on: it lets the program go */
	MONITOR_QUIET = 'Q', /* this client wants the exit only, no output */
	MONITOR_DONE = 'D',  /* the foreground client has cleaned up; without it the monitor does. Payload: nothing, or the
			      * name the container's directory has in trash: then the monitor takes away what cgroup, run and
			      * trash name, when nobody waits any more */
};

struct monitor_exit {
	int32_t code;	/* 128+n for a signal */
	uint32_t oom;
};

/* As probe_ms and startup_ms. */
struct monitor_health {
	int32_t regular_ms, startup_ms;
};

struct monitor_size {
	uint16_t rows, cols;
};

enum {
	MONITOR_CHUNK_BYTES = 8 * 1024, /* largest payload; COMPAT: the piece in which k8s-file logs are cut */
	MONITOR_CLIENTS_MAX = 16,
	MONITOR_TRASH_NAME_MAX = 64, /* [0-9a-f] */
};

/* How a probe ends, for the monitor: which interval comes next. Any other code changes nothing. */
enum monitor_probe {
	MONITOR_PROBE_REGULAR = 0,
	MONITOR_PROBE_STARTUP = 3,
	MONITOR_PROBE_UNKNOWN = 4,
};
enum { MONITOR_PROBE_WORDS_MAX = 8 };

/* The words of its command line. Everything after "--" is the command that cleans up (exec'd at the end).
 *
 *	pid=N            the container's process 1, a child
 *	pid_fd=N         its pidfd
 *	console_fd=N     the master of its terminal; or:
 *	in_fd=N out_fd=N err_fd=N   our ends of its stdio; in_fd only with -i
 *	keep_in=1        the end of a client's input is not the end of the container's
 *	listen_fd=N      where clients attach
 *	client_fd=N      the foreground command
 *	log_fd=N         the k8s-file log, O_APPEND
 *	log_dir_fd=N     the directory it is in, where it has a bound; then also:
 *	log_name=TEXT    its name; older ones are TEXT.1, TEXT.2, …
 *	log_max=N        bytes of one
 *	log_files=N      how many there may be
 *	journal=NAME=VALUE   a field of the entries in the journal, to which the log goes then; may be repeated
 *	zone=N           minutes east of Greenwich, for the log's times
 *	exit_dir_fd=N    where the record "exit" goes
 *	durable=1        the record is synced (after it was told)
 *	events_dir_fd=N  the directory of the file of events, events_name=TEXT its name there; event=TEXT is the line's beginning, without its last members and '}'
 *	event_journal=NAME=VALUE   a field of the event in the journal, where events go there; may be repeated. event_text=TEXT: its sentence's end
 *	oom_fd=N         a cgroup file with a line "oom_kill N"
 *	timeout=N        seconds after which it is killed
 *	cgroup=PATH      a control group of the container; may be repeated
 *	run=PATH         its run directory
 *	trash=PATH       the store's trash
 *	probe=WORD       a word of the command that checks its health, once a word, in order; run once a probe, and never two at once.
 *	                 Given to every container: a check may come later
 *	probe_ms=N       from a probe's end to the next one's beginning; the first comes at once. 0 or left out: no timer
 *	startup_ms=N     the same while a probe ends with MONITOR_PROBE_STARTUP; as it begins where the word is there
 *	control_fd=N     the socket to the stage of a program that is held back: see MONITOR_GO
 *	hold_fd=N        kept open to the end (namespaces, ports); may be repeated
 */
