/* examples.c - the examples of every verb, in order of their names: see examples.h */
#include "cli/examples.h"

#include "cli/verbs.h"

const struct example examples_rows[] = {
	/* the program's own page */
	{ NULL, "% run --rm hello", "A first container, from the image that comes with the program" },
	{ NULL, "% run --rm -it docker.io/library/debian bash", "A shell in a container that is gone afterwards" },
	{ NULL, "% run -d --name web -p 8080:80 docker.io/library/nginx", "A service in the background" },
	{ NULL, "% ps", "What runs" },
	{ NULL, "% logs --follow web", "What it writes" },
	{ NULL, "% doctor", "What keeps containers from working well here" },

	{ &cmd_artifact_add_verb, "@ quay.io/team/model:1 model.gguf", "An artifact of one file" },
	{ &cmd_artifact_add_verb, "@ --append quay.io/team/model:1 README.md", "One more file" },

	{ &cmd_artifact_extract_verb, "@ quay.io/team/model:1 ./model", "Every file, into a directory that is there" },
	{ &cmd_artifact_extract_verb, "@ --title README.md quay.io/team/model:1 readme.txt", "One of them, under another name" },

	{ &cmd_artifact_inspect_verb, "@ quay.io/team/model:1", "Its manifest" },
	{ &cmd_artifact_inspect_verb, "@ --format '{{.Digest}}' quay.io/team/model:1", "Its digest" },

	{ &cmd_artifact_ls_verb, "@", "The artifacts that are here" },
	{ &cmd_artifact_ls_verb, "@ --format '{{.Repository}} {{.Size}}'", "In columns of your choice" },

	{ &cmd_artifact_pull_verb, "@ quay.io/team/model:1", "Bring it, or what of it is missing" },

	{ &cmd_artifact_push_verb, "@ quay.io/team/model:1", "To where its name says" },

	{ &cmd_artifact_rm_verb, "@ quay.io/team/model:1", "Remove one" },
	{ &cmd_artifact_rm_verb, "@ --all", "Every one" },

	{ &cmd_attach_verb, "@ web", "See what a container prints, and type to it; ctrl-p ctrl-q leaves it running" },
	{ &cmd_attach_verb, "@ --no-stdin web", "Only look" },

	{ &cmd_commit_verb, "@ web localhost/web:tried", "Keep what a container has changed as an image" },
	{ &cmd_commit_verb, "@ --change CMD=/usr/bin/app --change EXPOSE=8080 web app", "Say what the image runs" },
	{ &cmd_commit_verb, "@ --pause --author \"A. Person\" web app", "Hold the container's processes meanwhile" },

	{ &cmd_completion_verb, "@ bash > ~/.local/share/bash-completion/completions/%", "For bash, of one user" },
	{ &cmd_completion_verb, "@ zsh -f ~/.zfunc/_%", "For zsh: a directory of its fpath" },
	{ &cmd_completion_verb, "@ fish --no-desc > ~/.config/fish/completions/%.fish", "For fish, names alone" },

	{ &cmd_config_show_verb, "@", "Every key and its value" },
	{ &cmd_config_show_verb, "@ --origin --set", "What the files say, and which line of which file says it" },
	{ &cmd_config_show_verb, "@ containers.dns_servers", "One key" },
	{ &cmd_config_show_verb, "@ --format json engine", "A section, for programs" },

	{ &cmd_container_cleanup_verb, "@ web db", "Let go of what two ended containers still hold" },

	{ &cmd_container_clone_verb, "@ web", "Another container like web, called web-clone" },
	{ &cmd_container_clone_verb, "@ --run --memory 1g web second", "Under another name, with another limit, and running" },
	{ &cmd_container_clone_verb, "@ --destroy web second docker.io/library/nginx:latest", "From another image, in the place of web" },

	{ &cmd_container_diff_verb, "@ web", "What a container has changed in its files" },
	{ &cmd_container_diff_verb, "@ --latest --format json", "The container made last, for programs" },

	{ &cmd_container_exists_verb, "@ web && echo it is there", "Ask in a script: the exit status is the answer" },
	{ &cmd_container_exists_verb, "@ web || % run -d --name web nginx", "Make it when it is missing" },

	{ &cmd_container_inspect_verb, "@ web", "All there is to know" },
	{ &cmd_container_inspect_verb, "@ --latest --format '{{.Id}} {{.Config.Labels}}'", "A few members of the container made last" },

	{ &cmd_container_prune_verb, "@", "Remove containers that have ended, after a question" },
	{ &cmd_container_prune_verb, "@ --force --filter until=24h", "Those older than a day, without one" },
	{ &cmd_container_prune_verb, "@ --dry-run", "See which would go" },

	{ &cmd_copy_verb, "@ web:/etc/nginx/nginx.conf .", "Out of a container" },
	{ &cmd_copy_verb, "@ nginx.conf web:/etc/nginx/", "Into one" },
	{ &cmd_copy_verb, "@ web:/data/. db:/data", "A directory's content from one to another" },
	{ &cmd_copy_verb, "@ web:/data - > data.tar", "As an archive on standard output" },

	{ &cmd_create_verb, "@ --name web -p 8080:80 nginx", "Ready to be started" },
	{ &cmd_create_verb, "@ -it --name box alpine sh", "With a terminal: start -ai box opens it" },

	{ &cmd_diff_verb, "@ web", "What a container has changed" },
	{ &cmd_diff_verb, "@ --format json alpine", "What an image's top layer has changed, for programs" },

	{ &cmd_doctor_verb, "@", "What keeps containers from working well here, and the line that mends it" },
	{ &cmd_doctor_verb, "@ --format json", "For programs; the exit status is 1 when something is broken" },

	{ &cmd_events_verb, "@", "What happens from now on" },
	{ &cmd_events_verb, "@ --since 1h --stream=false", "What happened in the last hour" },
	{ &cmd_events_verb, "@ --filter container=web --filter event=died", "One kind of event of one container" },

	{ &cmd_exec_verb, "@ -it web sh", "A shell in a running container" },
	{ &cmd_exec_verb, "@ --user root --workdir /srv web ls -l", "As another user, in another directory" },
	{ &cmd_exec_verb, "@ --env DEBUG=1 --detach web /usr/bin/job", "A program that goes on by itself" },

	{ &cmd_explain_verb, "@ web", "What a container is, which flag, file or image said so, and what this host does not enforce" },
	{ &cmd_explain_verb, "@ --format json web", "For programs" },

	{ &cmd_explain_pull_verb, "@ alpine", "What alpine stands for, which registry is asked, and which file says so" },
	{ &cmd_explain_pull_verb, "@ --format json quay.io/team/app:1", "For programs" },

	{ &cmd_explain_run_verb, "@ --read-only --memory 1g docker.io/library/nginx", "What run would start with these words; nothing is started" },
	{ &cmd_explain_run_verb, "@ --userns keep-id -v .:/src docker.io/library/debian make", "Which ids of the host the container's are" },
	{ &cmd_explain_run_verb, "@ --format json docker.io/library/nginx", "For programs" },

	{ &cmd_export_verb, "@ web > web.tar", "A container's files as an archive" },
	{ &cmd_export_verb, "@ --output web.tar web", "The same, into a file by name" },

	{ &cmd_generate_spec_verb, "@ --compact web", "A container as JSON for Podman's API, on one line" },
	{ &cmd_generate_spec_verb, "@ --filename web.json web", "Into a file" },

	{ &cmd_healthcheck_run_verb, "@ web && echo healthy", "Ask now: the exit status is the answer" },

	{ &cmd_help_verb, "@ run", "The same as run --help" },
	{ &cmd_help_verb, "@ volume create", "Of a command below another" },

	{ &cmd_history_verb, "@ docker.io/library/debian", "How an image was made, the last step first" },

	{ &cmd_image_diff_verb, "@ app", "What the top layer has changed" },
	{ &cmd_image_diff_verb, "@ app:2 app:1", "What differs between two images" },

	{ &cmd_image_exists_verb, "@ alpine && echo it is there", "Ask in a script: the exit status is the answer" },
	{ &cmd_image_exists_verb, "@ alpine || % pull alpine", "Pull what is missing" },

	{ &cmd_image_inspect_verb, "@ alpine", "All there is to know" },
	{ &cmd_image_inspect_verb, "@ --format '{{.Id}} {{.Size}}' alpine", "A few members" },

	{ &cmd_image_mount_verb, "@ alpine", "Print where an image's files can be read" },
	{ &cmd_image_mount_verb, "@", "What is mounted" },

	{ &cmd_image_prune_verb, "@", "Remove images without a name that nothing uses, after a question" },
	{ &cmd_image_prune_verb, "@ --all --force", "Every image that no container uses, without one" },
	{ &cmd_image_prune_verb, "@ --all --dry-run", "See what would go, and what would come free" },

	{ &cmd_image_sign_verb, "@ --sign-by me@example.com docker://registry.example.com/app:1", "Sign what the registry has there" },

	{ &cmd_image_tree_verb, "@ alpine", "Its layers, and who shares them" },

	{ &cmd_image_trust_set_verb, "@ --type accept docker.io/library", "Images of one place may come" },
	{ &cmd_image_trust_set_verb, "@ --type reject default", "Those that nothing else is said about may not" },

	{ &cmd_image_trust_show_verb, "@", "What may come, as a table" },
	{ &cmd_image_trust_show_verb, "@ --raw", "policy.json itself" },

	{ &cmd_image_unmount_verb, "@ alpine", "Let go of one image" },
	{ &cmd_image_unmount_verb, "@ --all", "Of all" },

	{ &cmd_images_verb, "@", "The images that are here" },
	{ &cmd_images_verb, "@ --sort size --format \"table {{.Repository}} {{.Tag}} {{.Size}}\"", "In order of size, with columns of your choice" },
	{ &cmd_images_verb, "@ --filter dangling=true --quiet", "IDs of those without a name" },

	{ &cmd_import_verb, "@ rootfs.tar localhost/base", "An image of one layer" },
	{ &cmd_import_verb, "@ --change CMD=/bin/sh - base < rootfs.tar", "From standard input, saying what it runs" },

	{ &cmd_info_verb, "@", "This host and its store" },
	{ &cmd_info_verb, "@ --format '{{.Store.GraphRoot}}'", "One value" },

	{ &cmd_init_verb, "@ web", "Have its files and network ready, to be looked at before it starts" },

	{ &cmd_inspect_verb, "@ web", "All there is to know of a container, an image or a volume" },
	{ &cmd_inspect_verb, "@ --type image --format '{{.Config.Cmd}}' alpine", "One value of an image" },

	{ &cmd_kill_verb, "@ web", "End a container at once" },
	{ &cmd_kill_verb, "@ --signal HUP web", "Send another signal" },

	{ &cmd_load_verb, "@ -i images.tar", "What save has written" },
	{ &cmd_load_verb, "@ < images.tar", "The same, from standard input" },

	{ &cmd_login_verb, "@ quay.io", "Asks who you are, and keeps it for pull and push" },
	{ &cmd_login_verb, "@ --username me --password-stdin quay.io < token", "In a script" },

	{ &cmd_logout_verb, "@ quay.io", "Forget the login of one registry" },
	{ &cmd_logout_verb, "@ --all", "Of all" },

	{ &cmd_logs_verb, "@ web", "What a container has written so far" },
	{ &cmd_logs_verb, "@ --follow --tail 20 web", "Its last lines, and what comes" },
	{ &cmd_logs_verb, "@ --since 10m --timestamps --names web db", "The last ten minutes of two, with times and names" },

	{ &cmd_manifest_add_verb, "@ app:1 app:1-amd64", "Put an image into a list" },
	{ &cmd_manifest_add_verb, "@ --arch arm64 --variant v8 app:1 app:1-arm64", "Saying what it is for" },

	{ &cmd_manifest_annotate_verb, "@ --annotation owner=me app:1 app:1-amd64", "Say more about an entry" },

	{ &cmd_manifest_create_verb, "@ app:1", "An empty list" },
	{ &cmd_manifest_create_verb, "@ --amend app:1 app:1-amd64 app:1-arm64", "A list of two images, whether it is there or not" },

	{ &cmd_manifest_exists_verb, "@ app:1 || % manifest create app:1", "Make it when it is missing" },

	{ &cmd_manifest_inspect_verb, "@ app:1", "Its entries" },
	{ &cmd_manifest_inspect_verb, "@ docker.io/library/debian", "Those of a list in a registry" },

	{ &cmd_manifest_push_verb, "@ app:1 docker://registry.example.org/app:1", "The list and its images" },

	{ &cmd_manifest_remove_verb, "@ app:1 sha256:15352d97781ffdf357bf3459c037be3efac4133dc9070c2dce7eca7c05c3e736", "Take an entry out, by its digest" },

	{ &cmd_manifest_rm_verb, "@ app:1", "Remove a list; the images stay" },

	{ &cmd_mount_verb, "@ web", "Print where the files of a container can be read and written" },
	{ &cmd_mount_verb, "@", "What is mounted" },

	{ &cmd_pause_verb, "@ web", "Stop the clock for a container's processes" },
	{ &cmd_pause_verb, "@ --all", "Of every running one" },

	{ &cmd_port_verb, "@ web", "Where its ports are published" },
	{ &cmd_port_verb, "@ web 80/tcp", "One of them" },
	{ &cmd_port_verb, "@ --all", "Of every container" },

	{ &cmd_ps_verb, "@", "What runs" },
	{ &cmd_ps_verb, "@ -a --sort names", "Everything that is there, by name" },
	{ &cmd_ps_verb, "@ -a --filter status=exited --format \"{{.Names}} {{.Status}}\"", "What has ended, in your own columns" },

	{ &cmd_pull_verb, "@ docker.io/library/debian:12", "Bring an image, or what of it is missing" },
	{ &cmd_pull_verb, "@ --policy newer --quiet alpine", "Only when the registry has another one" },

	{ &cmd_push_verb, "@ app registry.example.com/team/app:1", "Under another name" },
	{ &cmd_push_verb, "@ --sign-by me@example.com app registry.example.com/team/app:1", "Signed, so that a policy with signedBy takes it" },
	{ &cmd_push_verb, "@ --compression-format zstd localhost:5000/team/app:1", "Under its own, compressed with zstd" },

	{ &cmd_rename_verb, "@ web web-old", "Another name, whether it runs or not" },

	{ &cmd_restart_verb, "@ web", "Stop and start" },
	{ &cmd_restart_verb, "@ --time 3 web db", "With three seconds to end" },
	{ &cmd_restart_verb, "@ --all --running", "Every one that runs" },

	{ &cmd_rm_verb, "@ web db", "Remove containers that have ended" },
	{ &cmd_rm_verb, "@ --force --time 0 web", "One that runs, at once" },
	{ &cmd_rm_verb, "@ --all --volumes", "All that have ended, and their anonymous volumes" },

	{ &cmd_rmi_verb, "@ alpine debian:12", "Remove images that nothing uses" },
	{ &cmd_rmi_verb, "@ --force app", "And the containers that use it" },

	{ &cmd_run_verb, "@ --rm -it alpine sh", "A shell in a fresh container that is gone afterwards" },
	{ &cmd_run_verb, "@ -d --name web -p 8080:80 --restart always nginx", "A service on port 8080 that starts again" },
	{ &cmd_run_verb, "@ --rm -v .:/src -w /src gcc make", "A tool on the files of this directory" },
	{ &cmd_run_verb, "@ --rm --memory 512m --cpus 1.5 --network none app job", "With limits, and without a network" },
	{ &cmd_run_verb, "@ --rm --mount type=artifact,src=quay.io/team/model:1,dst=/models llama /models", "With the files of an artifact, read-only" },
	{ &cmd_run_verb, "@ --rm --read-only --cap-drop all --user 1000 app", "With as few rights as it can work with" },

	{ &cmd_runlabel_verb, "@ --display install app", "What the label says, with everything replaced" },
	{ &cmd_runlabel_verb, "@ --name web run app", "Run it; NAME in the label is web" },

	{ &cmd_save_verb, "@ -o app.tar app", "An image as an archive, for load" },
	{ &cmd_save_verb, "@ --format oci-archive -o app.tar app", "In the OCI format" },
	{ &cmd_save_verb, "@ --multi-image-archive -o all.tar app alpine", "Several in one" },

	{ &cmd_search_verb, "@ --limit 3 alpine", "In the registries of registries.conf" },
	{ &cmd_search_verb, "@ --list-tags registry.fedoraproject.org/fedora", "The tags of one repository" },

	{ &cmd_secret_create_verb, "@ password ./password.txt", "From a file" },
	{ &cmd_secret_create_verb, "@ password - < password.txt", "From standard input" },
	{ &cmd_secret_create_verb, "@ --env password PASSWORD", "From a variable of the environment" },
	{ &cmd_secret_create_verb, "@ --replace password ./password.txt", "In the place of one that is there" },

	{ &cmd_secret_exists_verb, "@ password || % secret create password ./password.txt", "Make it when it is missing" },

	{ &cmd_secret_inspect_verb, "@ --pretty password", "What is known of it, for a person" },
	{ &cmd_secret_inspect_verb, "@ --format '{{.Spec.Name}} {{.Spec.Labels}}' password", "A few members" },
	{ &cmd_secret_inspect_verb, "@ --showsecret --format '{{.SecretData}}' password", "The secret itself" },

	{ &cmd_secret_ls_verb, "@", "The secrets that are here" },
	{ &cmd_secret_ls_verb, "@ --filter name=pass --quiet", "IDs of those with a name" },

	{ &cmd_secret_rm_verb, "@ password token", "Remove secrets" },
	{ &cmd_secret_rm_verb, "@ --all", "Every one" },

	{ &cmd_start_verb, "@ web db", "Start containers that are there" },
	{ &cmd_start_verb, "@ --attach --interactive box", "And be in it" },

	{ &cmd_stats_verb, "@", "All that run, again every five seconds" },
	{ &cmd_stats_verb, "@ --no-stream --format '{{.Name}} {{.CPUPerc}} {{.MemUsage}}'", "Once, in columns of your choice" },
	{ &cmd_stats_verb, "@ --plot --interval 1 web", "Bars and the course of the last minute" },

	{ &cmd_stop_verb, "@ web", "The stop signal first, SIGKILL ten seconds later" },
	{ &cmd_stop_verb, "@ --time 2 web db", "Two seconds later" },
	{ &cmd_stop_verb, "@ --all", "Everything that runs" },

	{ &cmd_system_check_verb, "@", "Compare every byte of the store with what it should be" },
	{ &cmd_system_check_verb, "@ --quick", "The records alone" },
	{ &cmd_system_check_verb, "@ --repair", "Mend what can be mended" },

	{ &cmd_system_df_verb, "@", "What the store uses of the disk" },
	{ &cmd_system_df_verb, "@ --verbose", "Each image, container and volume" },

	{ &cmd_system_migrate_verb, "@", "Nothing is to be done; scripts may call it" },

	{ &cmd_system_prune_verb, "@", "Remove what is not used, after a question" },
	{ &cmd_system_prune_verb, "@ --all --volumes --dry-run", "See what would go if everything unused went" },

	{ &cmd_system_renumber_verb, "@", "Nothing is to be done; scripts may call it" },

	{ &cmd_system_reset_verb, "@", "Remove everything, after a question" },
	{ &cmd_system_reset_verb, "@ --force", "Without one" },

	{ &cmd_system_start_all_verb, "@", "Once at boot, for each user who has containers" },

	{ &cmd_tag_verb, "@ app registry.example.com/team/app:1", "Another name, for a push" },
	{ &cmd_tag_verb, "@ 0e3bbc2 app:old", "A name for what has none" },

	{ &cmd_top_verb, "@ web", "The processes of a container" },
	{ &cmd_top_verb, "@ web pid user seccomp args", "In columns of your choice" },

	{ &cmd_unmount_verb, "@ web", "Let go of one container" },
	{ &cmd_unmount_verb, "@ --all --force", "Of all, however often they were mounted" },

	{ &cmd_unpause_verb, "@ web", "Let a paused container go on" },
	{ &cmd_unpause_verb, "@ --all", "Every paused one" },

	{ &cmd_unshare_verb, "@ cat /proc/self/uid_map", "The users of your containers" },
	{ &cmd_unshare_verb, "@ rm -r leftovers", "Remove files that a container's users own" },

	{ &cmd_untag_verb, "@ app:old", "Take one name away" },
	{ &cmd_untag_verb, "@ app app:old app:older", "Only some names of an image" },

	{ &cmd_update_verb, "@ --memory 1g --cpus 2 web", "Other limits, while it runs" },
	{ &cmd_update_verb, "@ --restart always web", "Start it again from now on" },

	{ &cmd_version_verb, "@", "Print the version" },
	{ &cmd_version_verb, "@ --format '{{.Client.Version}}'", "The number alone" },

	{ &cmd_volume_create_verb, "@ data", "A volume by name" },
	{ &cmd_volume_create_verb, "@ -o type=tmpfs -o o=size=64m scratch", "In memory, at most 64 MiB" },
	{ &cmd_volume_create_verb, "@ -o type=none -o o=bind -o device=/srv/data data", "A directory of the host" },
	{ &cmd_volume_create_verb, "@ --label owner=me --ignore data", "With a label; one of that name is fine, too" },

	{ &cmd_volume_exists_verb, "@ data || % volume create data", "Make it when it is missing" },

	{ &cmd_volume_export_verb, "@ data > data.tar", "Its files as an archive" },
	{ &cmd_volume_export_verb, "@ data --output data.tar", "The same, into a file by name" },

	{ &cmd_volume_import_verb, "@ data data.tar", "Fill a volume from an archive" },
	{ &cmd_volume_import_verb, "@ data - < data.tar", "From standard input" },

	{ &cmd_volume_inspect_verb, "@ data", "All there is to know" },
	{ &cmd_volume_inspect_verb, "@ --format '{{.Mountpoint}}' data", "Where its files lie" },

	{ &cmd_volume_ls_verb, "@", "The volumes that are here" },
	{ &cmd_volume_ls_verb, "@ --filter dangling=true --quiet", "Names of those that nothing uses" },
	{ &cmd_volume_ls_verb, "@ --format '{{.Name}} {{.Mountpoint}}'", "In columns of your choice" },

	{ &cmd_volume_mount_verb, "@ data", "Print where the files of a volume are" },

	{ &cmd_volume_prune_verb, "@", "Remove volumes that nothing uses, after a question" },
	{ &cmd_volume_prune_verb, "@ --force --filter label=temporary", "Those with a label, without one" },
	{ &cmd_volume_prune_verb, "@ --dry-run", "See which would go" },

	{ &cmd_volume_reload_verb, "@", "Nothing changes: there are no plugins" },

	{ &cmd_volume_rm_verb, "@ data scratch", "Remove volumes" },
	{ &cmd_volume_rm_verb, "@ --force data", "And the containers that use it" },

	{ &cmd_volume_unmount_verb, "@ data", "Let go of it" },

	{ &cmd_wait_verb, "@ job", "Until it ends; prints its exit code" },
	{ &cmd_wait_verb, "@ --condition healthy web", "Until it is healthy" },
};
const size_t examples_count = ARRAY_LEN(examples_rows);
