/* commands.c - every word of the command line, one row each, in order of the names.
 *
 * A row without verb is known and not done yet: `instead` says what to do meanwhile.
 */
#include "cli/command.h"

#include "cli/verbs.h"

static const struct command children_artifact[] = {
	{ "add", "[options] ARTIFACT PATH [...PATH]", "Add files to a new artifact", .verb = &cmd_artifact_add_verb, COMMAND_MORE(WORD_NONE, WORD_FILE) },
	{ "extract", "[options] ARTIFACT PATH", "Copy the files of an artifact out", .verb = &cmd_artifact_extract_verb, COMMAND_TWO(WORD_ARTIFACT, WORD_FILE) },
	{ "inspect", "[options] ARTIFACT", "Show an artifact in detail", .verb = &cmd_artifact_inspect_verb, COMMAND_ONE(WORD_ARTIFACT) },
	{ "ls", "[options]", "List artifacts", .aliases = "list", .verb = &cmd_artifact_ls_verb },
	{ "pull", "[options] ARTIFACT", "Pull an artifact from a registry", .verb = &cmd_artifact_pull_verb, COMMAND_ONE(WORD_ARTIFACT) },
	{ "push", "[options] ARTIFACT.", "Push an artifact to a registry", .verb = &cmd_artifact_push_verb, COMMAND_ONE(WORD_ARTIFACT) },
	{ "rm", "[options] ARTIFACT [ARTIFACT...]", "Remove artifacts", .aliases = "remove", .verb = &cmd_artifact_rm_verb, COMMAND_EACH(WORD_ARTIFACT) },
	{ 0 },
};

static const struct command children_buildx[] = {
	{ "build", "[options] [CONTEXT]", "Build an image from a Containerfile", .bits = COMMAND_HIDDEN },
	{ "inspect", "", "Show the builder", .bits = COMMAND_HIDDEN },
	{ "prune", "[options]", "Remove build leftovers", .bits = COMMAND_HIDDEN },
	{ "version", "", "Print the version of the builder", .bits = COMMAND_HIDDEN },
	{ 0 },
};

static const struct command children_config[] = {
	{ "show", "[options] [KEY...]", "Show what containers.conf says, and where", .verb = &cmd_config_show_verb, COMMAND_EACH(WORD_KEY) },
	{ 0 },
};

static const struct command children_container[] = {
	{ "attach", "[options] CONTAINER", "Attach to a running container", .verb = &cmd_attach_verb, COMMAND_ONE(WORD_CTR_RUNNING) },
	{ "checkpoint", "[options] CONTAINER [CONTAINER...]", "Save the running state of containers" },
	{ "cleanup", "[options] CONTAINER [CONTAINER...]", "Release what ended containers still hold", .verb = &cmd_container_cleanup_verb, COMMAND_EACH(WORD_CTR) },
	{ "clone", "[options] CONTAINER NAME IMAGE", "Make a copy of a container", .verb = &cmd_container_clone_verb, COMMAND_MORE(WORD_CTR, WORD_IMAGE) },
	{ "commit", "[options] CONTAINER [IMAGE]", "Make an image from a container", .verb = &cmd_commit_verb, COMMAND_TWO(WORD_CTR, WORD_IMAGE) },
	{ "cp", "[options] [CONTAINER:]SRC_PATH [CONTAINER:]DEST_PATH", "Copy files between a container and the host", .verb = &cmd_copy_verb, COMMAND_TWO(WORD_CTR_PATH, WORD_CTR_PATH) },
	{ "create", "[options] IMAGE [COMMAND [ARG...]]", "Create a container without starting it", .verb = &cmd_create_verb, COMMAND_MORE(WORD_IMAGE, WORD_FILE) },
	{ "diff", "[options] CONTAINER [CONTAINER]", "Show what changed in a container's file system", .verb = &cmd_container_diff_verb, COMMAND_TWO(WORD_CTR, WORD_CTR) },
	{ "exec", "[options] CONTAINER COMMAND [ARG...]", "Run a program in a running container", .verb = &cmd_exec_verb, COMMAND_MORE(WORD_CTR_RUNNING, WORD_FILE) },
	{ "exists", "[options] CONTAINER", "Tell whether a container exists", .verb = &cmd_container_exists_verb, COMMAND_ONE(WORD_CTR) },
	{ "export", "[options] CONTAINER", "Write a container's file system as a tar archive", .verb = &cmd_export_verb, COMMAND_ONE(WORD_CTR) },
	{ "init", "[options] CONTAINER [CONTAINER...]", "Prepare containers without starting them", .verb = &cmd_init_verb, COMMAND_EACH(WORD_CTR_IDLE) },
	{ "inspect", "[options] CONTAINER [CONTAINER...]", "Show a container in detail", .verb = &cmd_container_inspect_verb, COMMAND_EACH(WORD_CTR) },
	{ "kill", "[options] CONTAINER [CONTAINER...]", "Send a signal to containers", .verb = &cmd_kill_verb, COMMAND_EACH(WORD_CTR_RUNNING) },
	{ "list", "[options]", "List containers", .aliases = "ls", .verb = &cmd_ps_verb },
	{ "logs", "[options] CONTAINER [CONTAINER...]", "Show the output of containers", .verb = &cmd_logs_verb, COMMAND_EACH(WORD_CTR) },
	{ "mount", "[options] [CONTAINER...]", "Mount the root file system of containers", .verb = &cmd_mount_verb, COMMAND_EACH(WORD_CTR) },
	{ "pause", "[options] CONTAINER [CONTAINER...]", "Pause the processes of containers", .verb = &cmd_pause_verb, COMMAND_EACH(WORD_CTR_RUNNING) },
	{ "port", "[options] CONTAINER [PORT]", "List published ports of a container", .verb = &cmd_port_verb, COMMAND_ONE(WORD_CTR) },
	{ "prune", "[options]", "Remove containers that have ended", .verb = &cmd_container_prune_verb },
	{ "ps", "[options]", "List containers", .verb = &cmd_ps_verb },
	{ "rename", "CONTAINER NAME", "Rename a container", .verb = &cmd_rename_verb, COMMAND_ONE(WORD_CTR) },
	{ "restart", "[options] CONTAINER [CONTAINER...]", "Restart containers", .verb = &cmd_restart_verb, COMMAND_EACH(WORD_CTR) },
	{ "restore", "[options] CONTAINER|IMAGE [CONTAINER|IMAGE...]", "Restore containers from checkpoints" },
	{ "rm", "[options] CONTAINER [CONTAINER...]", "Remove containers", .verb = &cmd_rm_verb, COMMAND_EACH(WORD_CTR) },
	{ "run", "[options] IMAGE [COMMAND [ARG...]]", "Run a command in a new container", .verb = &cmd_run_verb, COMMAND_MORE(WORD_IMAGE, WORD_FILE) },
	{ "runlabel", "[options] LABEL IMAGE [ARG...]", "Run the command in a label of an image", .verb = &cmd_runlabel_verb, .bits = COMMAND_NOT_BY_LABEL, COMMAND_MORE(WORD_NONE, WORD_IMAGE) },
	{ "start", "[options] CONTAINER [CONTAINER...]", "Start containers", .verb = &cmd_start_verb, COMMAND_EACH(WORD_CTR_IDLE) },
	{ "stats", "[options] [CONTAINER...]", "Show what containers use", .verb = &cmd_stats_verb, COMMAND_EACH(WORD_CTR_RUNNING) },
	{ "stop", "[options] CONTAINER [CONTAINER...]", "Stop containers", .verb = &cmd_stop_verb, COMMAND_EACH(WORD_CTR_RUNNING) },
	{ "top", "[options] CONTAINER [FORMAT-DESCRIPTORS|ARGS...]", "Show the processes of a container", .verb = &cmd_top_verb, COMMAND_MORE(WORD_CTR_RUNNING, WORD_DESCRIPTOR) },
	{ "unmount", "[options] CONTAINER [CONTAINER...]", "Unmount the root file system of containers", .aliases = "umount", .verb = &cmd_unmount_verb, COMMAND_EACH(WORD_CTR) },
	{ "unpause", "[options] CONTAINER [CONTAINER...]", "Unpause the processes of containers", .verb = &cmd_unpause_verb, COMMAND_EACH(WORD_CTR_PAUSED) },
	{ "update", "[options] CONTAINER", "Change the limits of a container", .verb = &cmd_update_verb, COMMAND_ONE(WORD_CTR) },
	{ "wait", "[options] CONTAINER [CONTAINER...]", "Wait until containers end", .verb = &cmd_wait_verb, COMMAND_EACH(WORD_CTR) },
	{ 0 },
};

static const struct command children_context[] = {
	{ "create", "[options] NAME DESTINATION", "Add a connection", .bits = COMMAND_HIDDEN },
	{ "inspect", "[options] [CONTEXT] [CONTEXT...]", "Show connections in detail", .bits = COMMAND_HIDDEN },
	{ "list", "list [options]", "List connections", .aliases = "ls", .bits = COMMAND_HIDDEN },
	{ "remove", "remove [options] NAME", "Remove connections", .aliases = "rm", .bits = COMMAND_HIDDEN },
	{ "use", "NAME", "Choose the default connection", .bits = COMMAND_HIDDEN },
	{ 0 },
};

static const struct command children_explain[] = {
	{ "pull", "[options] IMAGE", "Say what a pull would ask, and which file says so", .verb = &cmd_explain_pull_verb, COMMAND_ONE(WORD_IMAGE) },
	{ "run", "[options] IMAGE [COMMAND [ARG...]]", "Show what run would start, and who said each of its values", .verb = &cmd_explain_run_verb, COMMAND_MORE(WORD_IMAGE, WORD_FILE) },
	{ 0 },
};

static const struct command children_farm[] = {
	{ "build", "[options] [CONTEXT]", "Build an image on a farm" },
	{ "create", "NAME [CONNECTIONS...]", "Create a farm" },
	{ "list", "[options]", "List farms", .aliases = "ls" },
	{ "remove", "[options] [FARM...]", "Remove farms", .aliases = "rm" },
	{ "update", "[options] FARM", "Change a farm" },
	{ 0 },
};

static const struct command children_generate[] = {
	{ "kube", "[options] {CONTAINER...|POD...|VOLUME...}", "Write Kubernetes YAML" },
	{ "spec", "[options] {CONTAINER|POD}", "Write the JSON of a specification", .verb = &cmd_generate_spec_verb, COMMAND_ONE(WORD_CTR) },
	{ "systemd", "[options] {CONTAINER|POD}", "Write systemd units" },
	{ 0 },
};

static const struct command children_healthcheck[] = {
	{ "run", "CONTAINER", "Run a health check once", .verb = &cmd_healthcheck_run_verb, COMMAND_ONE(WORD_CTR_RUNNING) },
	{ 0 },
};

static const struct command children_image_trust[] = {
	{ "set", "[options] REGISTRY", "Set trust in a registry", .verb = &cmd_image_trust_set_verb },
	{ "show", "[options] [REGISTRY]", "Show trust in registries", .verb = &cmd_image_trust_show_verb },
	{ 0 },
};

static const struct command children_image[] = {
	{ "build", "[options] [CONTEXT]", "Build an image from a Containerfile", .instead = "build with another tool and load the archive" },
	{ "diff", "[options] IMAGE [IMAGE]", "Show what changed in an image's file system", .verb = &cmd_image_diff_verb, COMMAND_TWO(WORD_IMAGE, WORD_IMAGE) },
	{ "exists", "IMAGE", "Tell whether an image exists", .verb = &cmd_image_exists_verb, COMMAND_ONE(WORD_IMAGE) },
	{ "history", "[options] IMAGE", "Show how an image was made", .verb = &cmd_history_verb, COMMAND_ONE(WORD_IMAGE) },
	{ "import", "[options] PATH [REFERENCE]", "Make an image from a tar archive", .verb = &cmd_import_verb, COMMAND_ONE(WORD_FILE) },
	{ "inspect", "[options] IMAGE [IMAGE...]", "Show an image in detail", .verb = &cmd_image_inspect_verb, COMMAND_EACH(WORD_IMAGE) },
	{ "list", "[options] [IMAGE]", "List images", .aliases = "ls", .verb = &cmd_images_verb, COMMAND_ONE(WORD_IMAGE) },
	{ "load", "[options]", "Load images from an archive", .verb = &cmd_load_verb },
	{ "mount", "[options] [IMAGE...]", "Mount the root file system of images", .verb = &cmd_image_mount_verb, COMMAND_EACH(WORD_IMAGE) },
	{ "prune", "[options]", "Remove unused images", .verb = &cmd_image_prune_verb },
	{ "pull", "[options] IMAGE [IMAGE...]", "Pull images from a registry", .verb = &cmd_pull_verb, COMMAND_EACH(WORD_IMAGE) },
	{ "push", "[options] IMAGE [DESTINATION]", "Push an image to a registry", .verb = &cmd_push_verb, COMMAND_ONE(WORD_IMAGE) },
	{ "rm", "[options] IMAGE [IMAGE...]", "Remove images", .verb = &cmd_rmi_verb, COMMAND_EACH(WORD_IMAGE) },
	{ "save", "[options] IMAGE [IMAGE...]", "Write images to an archive", .verb = &cmd_save_verb, COMMAND_EACH(WORD_IMAGE) },
	{ "scp", "[options] IMAGE [HOST::]", "Copy images between hosts" },
	{ "search", "[options] TERM", "Search a registry", .verb = &cmd_search_verb },
	{ "sign", "[options] IMAGE [IMAGE...]", "Sign images", .verb = &cmd_image_sign_verb, COMMAND_EACH(WORD_IMAGE) },
	{ "tag", "IMAGE TARGET_NAME [TARGET_NAME...]", "Add names to an image", .verb = &cmd_tag_verb, COMMAND_MORE(WORD_IMAGE, WORD_IMAGE) },
	{ "tree", "[options] IMAGE", "Show the layers of an image", .verb = &cmd_image_tree_verb, COMMAND_ONE(WORD_IMAGE) },
	{ "trust", "[command]", "Manage trust in images", .children = children_image_trust },
	{ "unmount", "[options] IMAGE [IMAGE...]", "Unmount the root file system of images", .aliases = "umount", .verb = &cmd_image_unmount_verb, COMMAND_EACH(WORD_IMAGE) },
	{ "untag", "IMAGE [IMAGE...]", "Remove names from an image", .verb = &cmd_untag_verb, COMMAND_EACH(WORD_IMAGE) },
	{ 0 },
};

static const struct command children_kube[] = {
	{ "apply", "[options] [CONTAINER...|POD...|VOLUME...]", "Deploy to a Kubernetes cluster" },
	{ "down", "[options] [KUBEFILE [KUBEFILE...]]|-", "Remove what play made" },
	{ "generate", "[options] {CONTAINER...|POD...|VOLUME...}", "Write Kubernetes YAML" },
	{ "play", "[options] [KUBEFILE [KUBEFILE...]]|-", "Run Kubernetes YAML" },
	{ 0 },
};

static const struct command children_machine_os[] = {
	{ "apply", "[options] IMAGE [NAME]", "Use another system image" },
	{ 0 },
};

static const struct command children_machine[] = {
	{ "client9p", "PORT DIR", "Mount a directory over 9p", .bits = COMMAND_HIDDEN },
	{ "cp", "[options] SRC_PATH DEST_PATH", "Copy files to a machine" },
	{ "info", "[options]", "Show the host of machines" },
	{ "init", "[options] [NAME]", "Make a machine" },
	{ "inspect", "[options] [MACHINE...]", "Show a machine in detail" },
	{ "list", "[options]", "List machines", .aliases = "ls" },
	{ "os", "[command]", "Manage the system of a machine", .children = children_machine_os },
	{ "reset", "[options]", "Remove every machine" },
	{ "rm", "[options] [MACHINE]", "Remove a machine" },
	{ "set", "[options] [NAME]", "Change a machine" },
	{ "ssh", "[options] [NAME] [COMMAND [ARG ...]]", "Log in to a machine" },
	{ "start", "[options] [MACHINE]", "Start a machine" },
	{ "stop", "[MACHINE]", "Stop a machine" },
	{ 0 },
};

static const struct command children_manifest[] = {
	{ "add", "[options] LIST IMAGEORARTIFACT [IMAGEORARTIFACT...]", "Add images to a list", .verb = &cmd_manifest_add_verb, COMMAND_MORE(WORD_LIST, WORD_IMAGE) },
	{ "annotate", "[options] LIST IMAGEORARTIFACT", "Change an entry of a list", .verb = &cmd_manifest_annotate_verb, COMMAND_TWO(WORD_LIST, WORD_IMAGE) },
	{ "create", "[options] LIST [IMAGE...]", "Make a list", .verb = &cmd_manifest_create_verb, COMMAND_MORE(WORD_NONE, WORD_IMAGE) },
	{ "exists", "MANIFEST", "Tell whether a manifest list exists", .verb = &cmd_manifest_exists_verb, COMMAND_ONE(WORD_LIST) },
	{ "inspect", "[options] IMAGE", "Show a list in detail", .verb = &cmd_manifest_inspect_verb, COMMAND_ONE(WORD_LIST) },
	{ "push", "[options] LIST DESTINATION", "Push a list to a registry", .verb = &cmd_manifest_push_verb, COMMAND_ONE(WORD_LIST) },
	{ "remove", "LIST DIGEST", "Remove an entry of a list", .verb = &cmd_manifest_remove_verb, COMMAND_ONE(WORD_LIST) },
	{ "rm", "[options] LIST [LIST...]", "Remove lists", .verb = &cmd_manifest_rm_verb, COMMAND_EACH(WORD_LIST) },
	{ 0 },
};

static const struct command children_network[] = {
	{ "connect", "[options] NETWORK CONTAINER", "Add a container to a network", .instead = "use the default network, host or none" },
	{ "create", "[options] [NAME]", "Make a network", .instead = "use the default network, host or none" },
	{ "disconnect", "[options] NETWORK CONTAINER", "Take a container off a network", .instead = "use the default network, host or none" },
	{ "exists", "NETWORK", "Tell whether a network exists", .instead = "use the default network, host or none" },
	{ "inspect", "[options] NETWORK [NETWORK...]", "Show networks in detail", .instead = "use the default network, host or none" },
	{ "ls", "[options]", "List networks", .aliases = "list", .instead = "use the default network, host or none" },
	{ "prune", "[options]", "Remove unused networks", .instead = "use the default network, host or none" },
	{ "reload", "[options] [CONTAINER...]", "Write the firewall rules again", .instead = "use the default network, host or none" },
	{ "rm", "[options] NETWORK [NETWORK...]", "Remove networks", .aliases = "remove", .instead = "use the default network, host or none" },
	{ "update", "[options] NETWORK", "Change a network", .instead = "use the default network, host or none" },
	{ 0 },
};

static const struct command children_play[] = {
	{ "kube", "[options] [KUBEFILE [KUBEFILE...]]|-", "Run Kubernetes YAML", .bits = COMMAND_HIDDEN },
	{ 0 },
};

static const struct command children_pod[] = {
	{ "clone", "[options] POD NAME", "Make a copy of a pod", .instead = "join another container's namespaces with --network container:NAME" },
	{ "create", "[options] [NAME]", "Make a pod", .instead = "join another container's namespaces with --network container:NAME" },
	{ "exists", "POD", "Tell whether a pod exists", .instead = "join another container's namespaces with --network container:NAME" },
	{ "inspect", "[options] POD [POD...]", "Show pods in detail", .instead = "join another container's namespaces with --network container:NAME" },
	{ "kill", "[options] POD [POD...]", "Send a signal to pods", .instead = "join another container's namespaces with --network container:NAME" },
	{ "logs", "[options] POD", "Show the output of a pod", .instead = "join another container's namespaces with --network container:NAME" },
	{ "pause", "[options] POD [POD...]", "Pause pods", .instead = "join another container's namespaces with --network container:NAME" },
	{ "prune", "[options]", "Remove ended pods", .instead = "join another container's namespaces with --network container:NAME" },
	{ "ps", "[options]", "List pods", .aliases = "ls,list", .instead = "join another container's namespaces with --network container:NAME" },
	{ "restart", "[options] POD [POD...]", "Restart pods", .instead = "join another container's namespaces with --network container:NAME" },
	{ "rm", "[options] POD [POD...]", "Remove pods", .instead = "join another container's namespaces with --network container:NAME" },
	{ "start", "[options] POD [POD...]", "Start pods", .instead = "join another container's namespaces with --network container:NAME" },
	{ "stats", "[options] [POD...]", "Show what pods use", .instead = "join another container's namespaces with --network container:NAME" },
	{ "stop", "[options] POD [POD...]", "Stop pods", .instead = "join another container's namespaces with --network container:NAME" },
	{ "top", "[options] POD [FORMAT-DESCRIPTORS|ARGS...]", "Show the processes of a pod", .instead = "join another container's namespaces with --network container:NAME" },
	{ "unpause", "[options] POD [POD...]", "Unpause pods", .instead = "join another container's namespaces with --network container:NAME" },
	{ 0 },
};

static const struct command children_quadlet[] = {
	{ "install", "[options] QUADLET-PATH-OR-URL [FILES-PATH-OR-URL...]", "Install Quadlet files" },
	{ "list", "[options]", "List Quadlet files" },
	{ "print", "QUADLET", "Print a Quadlet file", .aliases = "cat" },
	{ "rm", "[options] QUADLET [QUADLET...]", "Remove Quadlet files" },
	{ 0 },
};

static const struct command children_secret[] = {
	{ "create", "[options] NAME FILE|-", "Make a secret", .verb = &cmd_secret_create_verb, .bits = COMMAND_NOT_BY_LABEL, COMMAND_TWO(WORD_NONE, WORD_FILE) },
	{ "exists", "SECRET", "Tell whether a secret exists", .verb = &cmd_secret_exists_verb, COMMAND_ONE(WORD_SECRET) },
	{ "inspect", "[options] SECRET [SECRET...]", "Show secrets in detail", .verb = &cmd_secret_inspect_verb, COMMAND_EACH(WORD_SECRET) },
	{ "ls", "[options]", "List secrets", .aliases = "list", .verb = &cmd_secret_ls_verb },
	{ "rm", "[options] SECRET [SECRET...]", "Remove secrets", .verb = &cmd_secret_rm_verb, COMMAND_EACH(WORD_SECRET) },
	{ 0 },
};

static const struct command children_system_connection[] = {
	{ "add", "[options] NAME DESTINATION", "Add a connection" },
	{ "default", "NAME", "Choose the default connection" },
	{ "list", "[options]", "List connections", .aliases = "ls" },
	{ "remove", "[options] NAME", "Remove connections", .aliases = "rm" },
	{ "rename", "OLD NEW", "Rename a connection", .aliases = "mv" },
	{ 0 },
};

static const struct command children_system[] = {
	{ "check", "[options]", "Check the store", .verb = &cmd_system_check_verb },
	{ "connection", "[command]", "Manage connections to remote services", .children = children_system_connection },
	{ "df", "[options]", "Show how the store uses the disk", .verb = &cmd_system_df_verb },
	{ "dial-stdio", "", "Connect stdio to the service", .bits = COMMAND_HIDDEN },
	{ "events", "[options]", "Show what happened", .verb = &cmd_events_verb },
	{ "info", "[options]", "Show this host and its store", .verb = &cmd_info_verb },
	{ "locks", "", "Show locks", .bits = COMMAND_HIDDEN },
	{ "migrate", "[options]", "Migrate containers", .verb = &cmd_system_migrate_verb },
	{ "prune", "[options]", "Remove what is not used", .verb = &cmd_system_prune_verb },
	{ "renumber", "", "Renumber locks", .verb = &cmd_system_renumber_verb },
	{ "reset", "[options]", "Remove everything", .verb = &cmd_system_reset_verb },
	{ "service", "[options] [URI]", "Serve the REST API" },
	{ "start-all", "", "Start the containers that are to run after a boot", .verb = &cmd_system_start_all_verb },
	{ 0 },
};

static const struct command children_volume[] = {
	{ "create", "[options] [NAME]", "Make a volume", .verb = &cmd_volume_create_verb },
	{ "exists", "VOLUME", "Tell whether a volume exists", .verb = &cmd_volume_exists_verb, COMMAND_ONE(WORD_VOLUME) },
	{ "export", "[options] VOLUME", "Write a volume as a tar archive", .verb = &cmd_volume_export_verb, COMMAND_ONE(WORD_VOLUME) },
	{ "import", "VOLUME [SOURCE]", "Fill a volume from a tar archive", .verb = &cmd_volume_import_verb, COMMAND_TWO(WORD_VOLUME, WORD_FILE) },
	{ "inspect", "[options] VOLUME [VOLUME...]", "Show volumes in detail", .verb = &cmd_volume_inspect_verb, COMMAND_EACH(WORD_VOLUME) },
	{ "ls", "[options]", "List volumes", .aliases = "list", .verb = &cmd_volume_ls_verb },
	{ "mount", "NAME", "Mount a volume", .verb = &cmd_volume_mount_verb, COMMAND_ONE(WORD_VOLUME) },
	{ "prune", "[options]", "Remove unused volumes", .verb = &cmd_volume_prune_verb },
	{ "reload", "", "Look for volumes of plugins", .verb = &cmd_volume_reload_verb },
	{ "rm", "[options] VOLUME [VOLUME...]", "Remove volumes", .aliases = "remove", .verb = &cmd_volume_rm_verb, COMMAND_EACH(WORD_VOLUME) },
	{ "unmount", "NAME", "Unmount a volume", .verb = &cmd_volume_unmount_verb, COMMAND_ONE(WORD_VOLUME) },
	{ 0 },
};

static const struct command children_of_root[] = {
	{ "__complete", "[WORD...]", "Say what the last word could become", .verb = &cmd_complete_verb, .bits = COMMAND_HIDDEN },
	{ "__completeNoDesc", "[WORD...]", "Say what the last word could become, without descriptions", .verb = &cmd_complete_plain_verb, .bits = COMMAND_HIDDEN },
	{ "__man", "[options] DIR", "Write the manual", .verb = &cmd_man_verb, .bits = COMMAND_HIDDEN, COMMAND_ONE(WORD_FILE) },
	{ "artifact", "[command]", "Manage OCI artifacts", .children = children_artifact },
	{ "attach", "[options] CONTAINER", "Attach to a running container", .verb = &cmd_attach_verb, COMMAND_ONE(WORD_CTR_RUNNING) },
	{ "auto-update", "[options]", "Update containers whose images have changed" },
	{ "build", "[options] [CONTEXT]", "Build an image from a Containerfile", .instead = "build with another tool and load the archive" },
	{ "buildx", "[command]", "Build images, in Docker's words", .aliases = "builder", .children = children_buildx, .bits = COMMAND_HIDDEN },
	{ "commit", "[options] CONTAINER [IMAGE]", "Make an image from a container", .verb = &cmd_commit_verb, COMMAND_TWO(WORD_CTR, WORD_IMAGE) },
	{ "completion", "[options] {bash|zsh|fish|powershell}", "Print a script that completes words in a shell", .verb = &cmd_completion_verb, .bits = COMMAND_HIDDEN, COMMAND_ONE(WORD_SHELL) },
	{ "compose", "[options]", "Run compose files through an external provider", .bits = COMMAND_NOT_BY_LABEL },
	{ "config", "[command]", "Show the configuration", .children = children_config },
	{ "container", "[command]", "Manage containers", .children = children_container },
	{ "context", "[command]", "Manage connections, in Docker's words", .children = children_context, .bits = COMMAND_HIDDEN },
	{ "cp", "[options] [CONTAINER:]SRC_PATH [CONTAINER:]DEST_PATH", "Copy files between a container and the host", .verb = &cmd_copy_verb, COMMAND_TWO(WORD_CTR_PATH, WORD_CTR_PATH) },
	{ "create", "[options] IMAGE [COMMAND [ARG...]]", "Create a container without starting it", .verb = &cmd_create_verb, COMMAND_MORE(WORD_IMAGE, WORD_FILE) },
	{ "diff", "[options] {CONTAINER|IMAGE} [{CONTAINER|IMAGE}]", "Show what changed in a file system", .verb = &cmd_diff_verb, COMMAND_TWO(WORD_CTR_IMAGE, WORD_CTR_IMAGE) },
	{ "doctor", "[options]", "Find what keeps containers from working well here", .verb = &cmd_doctor_verb },
	{ "events", "[options]", "Show what happened", .verb = &cmd_events_verb },
	{ "exec", "[options] CONTAINER COMMAND [ARG...]", "Run a program in a running container", .verb = &cmd_exec_verb, COMMAND_MORE(WORD_CTR_RUNNING, WORD_FILE) },
	{ "explain", "[options] CONTAINER", "Show what a container is, and who said each of its values", .verb = &cmd_explain_verb, .children = children_explain, COMMAND_ONE(WORD_CTR) },
	{ "export", "[options] CONTAINER", "Write a container's file system as a tar archive", .verb = &cmd_export_verb, COMMAND_ONE(WORD_CTR) },
	{ "farm", "[command]", "Build images on several machines", .children = children_farm },
	{ "generate", "[command]", "Write descriptions of containers and pods", .children = children_generate },
	{ "healthcheck", "[command]", "Manage health checks of containers", .children = children_healthcheck },
	{ "help", "[command]", "Help about any command", .verb = &cmd_help_verb, COMMAND_EACH(WORD_COMMAND) },
	{ "history", "[options] IMAGE", "Show how an image was made", .verb = &cmd_history_verb, COMMAND_ONE(WORD_IMAGE) },
	{ "image", "[command]", "Manage images", .children = children_image },
	{ "images", "[options] [IMAGE]", "List images", .verb = &cmd_images_verb, COMMAND_ONE(WORD_IMAGE) },
	{ "import", "[options] PATH [REFERENCE]", "Make an image from a tar archive", .verb = &cmd_import_verb, COMMAND_ONE(WORD_FILE) },
	{ "info", "[options]", "Show this host and its store", .verb = &cmd_info_verb },
	{ "init", "[options] CONTAINER [CONTAINER...]", "Prepare containers without starting them", .verb = &cmd_init_verb, COMMAND_EACH(WORD_CTR_IDLE) },
	{ "inspect", "[options] {ARTIFACT|CONTAINER|IMAGE|POD|NETWORK|VOLUME} [...]", "Show an object in detail", .verb = &cmd_inspect_verb, COMMAND_EACH(WORD_OBJECT) },
	{ "kill", "[options] CONTAINER [CONTAINER...]", "Send a signal to containers", .verb = &cmd_kill_verb, COMMAND_EACH(WORD_CTR_RUNNING) },
	{ "kube", "[command]", "Run and write Kubernetes YAML", .children = children_kube },
	{ "load", "[options]", "Load images from an archive", .verb = &cmd_load_verb },
	{ "login", "[options] [REGISTRY]", "Log in to a registry", .verb = &cmd_login_verb },
	{ "logout", "[options] [REGISTRY]", "Log out of a registry", .verb = &cmd_logout_verb },
	{ "logs", "[options] CONTAINER [CONTAINER...]", "Show the output of containers", .verb = &cmd_logs_verb, COMMAND_EACH(WORD_CTR) },
	{ "machine", "[command]", "Manage virtual machines", .children = children_machine },
	{ "manifest", "[command]", "Manage manifest lists", .children = children_manifest },
	{ "mount", "[options] [CONTAINER...]", "Mount the root file system of containers", .verb = &cmd_mount_verb, COMMAND_EACH(WORD_CTR) },
	{ "network", "[command]", "Manage networks", .children = children_network },
	{ "pause", "[options] CONTAINER [CONTAINER...]", "Pause the processes of containers", .verb = &cmd_pause_verb, COMMAND_EACH(WORD_CTR_RUNNING) },
	{ "play", "", "Run Kubernetes YAML", .children = children_play, .bits = COMMAND_HIDDEN },
	{ "pod", "[command]", "Manage pods", .children = children_pod },
	{ "port", "[options] CONTAINER [PORT]", "List published ports of a container", .verb = &cmd_port_verb, COMMAND_ONE(WORD_CTR) },
	{ "ps", "[options]", "List containers", .verb = &cmd_ps_verb },
	{ "pull", "[options] IMAGE [IMAGE...]", "Pull images from a registry", .verb = &cmd_pull_verb, COMMAND_EACH(WORD_IMAGE) },
	{ "push", "[options] IMAGE [DESTINATION]", "Push an image to a registry", .verb = &cmd_push_verb, COMMAND_ONE(WORD_IMAGE) },
	{ "quadlet", "[command]", "Manage Quadlet files", .children = children_quadlet },
	{ "rename", "CONTAINER NAME", "Rename a container", .verb = &cmd_rename_verb, COMMAND_ONE(WORD_CTR) },
	{ "restart", "[options] CONTAINER [CONTAINER...]", "Restart containers", .verb = &cmd_restart_verb, COMMAND_EACH(WORD_CTR) },
	{ "rm", "[options] CONTAINER [CONTAINER...]", "Remove containers", .verb = &cmd_rm_verb, COMMAND_EACH(WORD_CTR) },
	{ "rmi", "[options] IMAGE [IMAGE...]", "Remove images", .verb = &cmd_rmi_verb, COMMAND_EACH(WORD_IMAGE) },
	{ "run", "[options] IMAGE [COMMAND [ARG...]]", "Run a command in a new container", .verb = &cmd_run_verb, COMMAND_MORE(WORD_IMAGE, WORD_FILE) },
	{ "save", "[options] IMAGE [IMAGE...]", "Write images to an archive", .verb = &cmd_save_verb, COMMAND_EACH(WORD_IMAGE) },
	{ "search", "[options] TERM", "Search a registry", .verb = &cmd_search_verb },
	{ "secret", "[command]", "Manage secrets", .children = children_secret },
	{ "start", "[options] CONTAINER [CONTAINER...]", "Start containers", .verb = &cmd_start_verb, COMMAND_EACH(WORD_CTR_IDLE) },
	{ "stats", "[options] [CONTAINER...]", "Show what containers use", .verb = &cmd_stats_verb, COMMAND_EACH(WORD_CTR_RUNNING) },
	{ "stop", "[options] CONTAINER [CONTAINER...]", "Stop containers", .verb = &cmd_stop_verb, COMMAND_EACH(WORD_CTR_RUNNING) },
	{ "system", "[command]", "Manage the engine", .children = children_system },
	{ "tag", "IMAGE TARGET_NAME [TARGET_NAME...]", "Add names to an image", .verb = &cmd_tag_verb, COMMAND_MORE(WORD_IMAGE, WORD_IMAGE) },
	{ "top", "[options] CONTAINER [FORMAT-DESCRIPTORS|ARGS...]", "Show the processes of a container", .verb = &cmd_top_verb, COMMAND_MORE(WORD_CTR_RUNNING, WORD_DESCRIPTOR) },
	{ "unmount", "[options] CONTAINER [CONTAINER...]", "Unmount the root file system of containers", .aliases = "umount", .verb = &cmd_unmount_verb, COMMAND_EACH(WORD_CTR) },
	{ "unpause", "[options] CONTAINER [CONTAINER...]", "Unpause the processes of containers", .verb = &cmd_unpause_verb, COMMAND_EACH(WORD_CTR_PAUSED) },
	{ "unshare", "[options] [COMMAND [ARG...]]", "Run a command in the user namespace", .verb = &cmd_unshare_verb, .bits = COMMAND_NOT_BY_LABEL, COMMAND_EACH(WORD_FILE) },
	{ "untag", "IMAGE [IMAGE...]", "Remove names from an image", .verb = &cmd_untag_verb, COMMAND_EACH(WORD_IMAGE) },
	{ "update", "[options] CONTAINER", "Change the limits of a container", .verb = &cmd_update_verb, COMMAND_ONE(WORD_CTR) },
	{ "version", "[options]", "Print the version", .verb = &cmd_version_verb },
	{ "volume", "[command]", "Manage volumes", .children = children_volume },
	{ "wait", "[options] CONTAINER [CONTAINER...]", "Wait until containers end", .verb = &cmd_wait_verb, COMMAND_EACH(WORD_CTR) },
	{ 0 },
};

const struct command commands_root = { "", "[options] [command]", "Manage containers and images", .children = children_of_root };
