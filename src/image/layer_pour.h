/* layer_pour.h - bytes into a layer that is being unpacked (storage/layer.h: layer_job_start).
 */
#pragma once

#include <stddef.h>

/* 0: all of it went; 1: the job has ended, and layer_job_finish says why. SIGPIPE must be ignored (image_quiet_pipe). */
int layer_pour(int input_fd, const void *data, size_t len);
