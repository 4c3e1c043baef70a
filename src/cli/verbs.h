/* verbs.h - what every done command runs: one verb each, in cmd_<noun>.c. The tree that names them is commands.c.
 */
#pragma once

#include "cli/command.h"

extern const struct verb cmd_attach_verb, cmd_commit_verb, cmd_copy_verb, cmd_create_verb, cmd_events_verb, cmd_exec_verb, cmd_export_verb, cmd_help_verb, cmd_history_verb,
	cmd_images_verb, cmd_import_verb, cmd_info_verb, cmd_init_verb, cmd_inspect_verb, cmd_kill_verb, cmd_load_verb, cmd_login_verb, cmd_logout_verb,
	cmd_logs_verb, cmd_pause_verb, cmd_ps_verb, cmd_pull_verb, cmd_push_verb, cmd_rm_verb, cmd_rmi_verb, cmd_run_verb, cmd_save_verb, cmd_search_verb,
	cmd_start_verb, cmd_stop_verb, cmd_tag_verb, cmd_unpause_verb, cmd_untag_verb, cmd_version_verb, cmd_wait_verb;
extern const struct verb cmd_container_cleanup_verb, cmd_container_exists_verb, cmd_container_inspect_verb,
	cmd_container_prune_verb;
extern const struct verb cmd_explain_pull_verb;
extern const struct verb cmd_image_exists_verb, cmd_image_inspect_verb, cmd_image_prune_verb, cmd_image_sign_verb, cmd_image_tree_verb, cmd_image_trust_set_verb, cmd_image_trust_show_verb, cmd_image_diff_verb,
	cmd_image_mount_verb, cmd_image_unmount_verb, cmd_mount_verb, cmd_unmount_verb,
	cmd_container_clone_verb, cmd_volume_mount_verb, cmd_volume_unmount_verb, cmd_volume_reload_verb;
extern const struct verb cmd_stats_verb, cmd_system_start_all_verb, cmd_config_show_verb, cmd_container_diff_verb, cmd_diff_verb, cmd_doctor_verb, cmd_explain_run_verb, cmd_explain_verb, cmd_port_verb, cmd_rename_verb, cmd_restart_verb, cmd_system_check_verb, cmd_system_migrate_verb, cmd_system_prune_verb, cmd_system_renumber_verb, cmd_system_reset_verb, cmd_top_verb, cmd_unshare_verb, cmd_update_verb;
extern const struct verb cmd_generate_spec_verb, cmd_healthcheck_run_verb, cmd_runlabel_verb;
extern const struct verb cmd_artifact_add_verb, cmd_artifact_extract_verb, cmd_artifact_inspect_verb, cmd_artifact_ls_verb, cmd_artifact_pull_verb,
	cmd_artifact_push_verb, cmd_artifact_rm_verb;
extern const struct verb cmd_system_df_verb;
extern const struct verb cmd_secret_create_verb, cmd_secret_exists_verb, cmd_secret_inspect_verb, cmd_secret_ls_verb, cmd_secret_rm_verb;
extern const struct verb cmd_volume_create_verb, cmd_volume_exists_verb, cmd_volume_export_verb, cmd_volume_import_verb, cmd_volume_inspect_verb, cmd_volume_ls_verb, cmd_volume_prune_verb,
	cmd_volume_rm_verb;
extern const struct verb cmd_manifest_add_verb, cmd_manifest_annotate_verb, cmd_manifest_create_verb, cmd_manifest_exists_verb,
	cmd_manifest_inspect_verb, cmd_manifest_push_verb, cmd_manifest_remove_verb, cmd_manifest_rm_verb;
extern const struct verb cmd_complete_plain_verb, cmd_complete_verb, cmd_completion_verb, cmd_man_verb;
